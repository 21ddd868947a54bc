using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using OpenLedger.Datanets.Canonical;
using OpenLedger.Datanets.Records;

namespace OpenLedger.Datanets.Schemas;

/// <summary>Reads JSON Schemas, which come from outside: what has no equivalent is refused by name and place, nothing is dropped in silence.</summary>
internal sealed class JsonSchemaReader
{
    /// <summary>Most schemas after references are followed: a few definitions that refer to each other can unfold without end.</summary>
    private const int MaxSchemas = 20_000;

    private static readonly string[] Annotations =
    [
        "title", "description", "$comment", "default", "examples", "deprecated", "readOnly", "writeOnly", "format",
        JsonSchema.PrivateKeyword, // RefusePrivate says where it may stand
    ];

    private readonly JsonElement _root;
    private readonly JsonSchemaOptions _options;
    private readonly List<string> _open = [];
    private int _schemas;
    private int _saltedVariants;

    private JsonSchemaReader(JsonElement root, JsonSchemaOptions options)
    {
        _root = root;
        _options = options;
    }

    public static DatanetSchema Read(ReadOnlySpan<byte> document, JsonSchemaOptions options)
    {
        if (document.Length > JsonSchema.MaxLength)
        {
            throw new DatanetException(
                DatanetError.LimitExceeded, $"The JSON Schema has {document.Length} bytes; at most {JsonSchema.MaxLength} are allowed.");
        }

        // The canonical form is made to refuse repeated names and half surrogate pairs; it is not read, since it loses the order of fields.
        JsonElement root = CanonicalJson.Parse(document);
        _ = CanonicalJson.Serialize(root);
        try
        {
            JsonSchemaReader reader = new(root, options);
            DatanetSchema schema = reader.Root();
            return reader._saltedVariants == (schema.HasPrivateFields ? schema.Variants.Count : 0)
                ? schema
                : throw Fault("#", $"a schema with private fields declares '{RecordSalt.MemberName}' in every variant, others in none");
        }
        catch (ArgumentException exception)
        {
            throw new DatanetException(DatanetError.InvalidJsonSchema, $"The JSON Schema gives no legal datanet schema: {exception.Message}", exception);
        }
    }

    private DatanetSchema Root()
    {
        const string path = "#";
        RequireObject(_root, path);
        if (_root.TryGetProperty("$schema", out JsonElement dialect)
            && (dialect.ValueKind != JsonValueKind.String || dialect.GetString()!.TrimEnd('#') != JsonSchema.Dialect))
        {
            throw Fault(path + "/$schema", $"this dialect is not read; expected '{JsonSchema.Dialect}'");
        }

        string name = Title(_root) ?? _options.DefaultName;
        if (!_root.TryGetProperty("oneOf", out JsonElement variants))
        {
            return new DatanetSchema(name, Variant(_root, path, "record"));
        }

        AllowOnly(_root, path, "$schema", "$id", "$defs", "oneOf");
        if (variants.ValueKind != JsonValueKind.Array)
        {
            throw Fault(path + "/oneOf", "is not a list");
        }

        return new DatanetSchema(
            name,
            variants.EnumerateArray().Select((variant, index) =>
            {
                string place = string.Create(CultureInfo.InvariantCulture, $"{path}/oneOf/{index}");
                return Variant(variant, place, string.Create(CultureInfo.InvariantCulture, $"variant {index + 1}"));
            }));
    }

    private RecordVariant Variant(JsonElement schema, string path, string defaultName)
    {
        string? name = null;
        (JsonElement target, string place, int opened) = Follow(schema, path);
        RefusePrivate(target, place);
        if (path != "#")
        {
            name = schema.ValueKind == JsonValueKind.Object ? Title(schema) ?? Title(target) : null;
        }

        SchemaField[] fields = [.. Fields(target, place, isRecord: true)];
        Close(opened);
        return new RecordVariant(name ?? defaultName, fields);
    }

    private FieldType Type(JsonElement schema, string path, bool isProperty)
    {
        (JsonElement target, string place, int opened) = Follow(schema, path);
        if (!isProperty || opened > 0)
        {
            RefusePrivate(target, place);
        }

        FieldType type = TypeAt(target, place);
        Close(opened);
        return type;
    }

    private FieldType TypeAt(JsonElement schema, string path)
    {
        if (schema.TryGetProperty(JsonSchema.KindKeyword, out JsonElement kind))
        {
            return AnnotatedKind(schema, kind, path);
        }

        if (schema.TryGetProperty("enum", out _) || schema.TryGetProperty("const", out _))
        {
            return Enumeration(schema, path);
        }

        if (!schema.TryGetProperty("type", out JsonElement type))
        {
            RefuseUnknown(schema, path);
            throw Fault(path, "has no 'type'; a datanet field has one");
        }

        if (type.ValueKind != JsonValueKind.String)
        {
            throw Fault(path + "/type", "is not one name; a datanet field has one type and is left out instead of null");
        }

        switch (type.GetString())
        {
            case "string":
                AllowOnly(schema, path, "type", "minLength", "maxLength", "pattern");
                (int minLength, int maxLength) = (Count(schema, path, "minLength", 0), Count(schema, path, "maxLength", DatanetRecord.MaxLength));
                return schema.TryGetProperty("pattern", out JsonElement pattern)
                    ? new TextField(minLength, maxLength, Pattern(pattern, path + "/pattern"))
                    : new TextField(minLength, maxLength);
            case "number" or "integer":
                AllowOnly(schema, path, "type", "minimum", "maximum");
                return new NumberField(Number(schema, path, "minimum", double.MinValue), Number(schema, path, "maximum", double.MaxValue), type.GetString() == "integer");
            case "boolean":
                AllowOnly(schema, path, "type");
                return new BooleanField();
            case "array":
                AllowOnly(schema, path, "type", "items", "minItems", "maxItems", "uniqueItems");
                JsonElement item = schema.TryGetProperty("items", out JsonElement items) ? items : throw Fault(path, "has no 'items'; a datanet list says what it holds");
                return new ListField(Type(item, path + "/items", isProperty: false), Count(schema, path, "minItems", 0), Count(schema, path, "maxItems", DatanetRecord.MaxLength))
                {
                    RequiresUniqueItems = Flag(schema, path, "uniqueItems"),
                };
            case "object":
                return new ObjectField(Fields(schema, path, isRecord: false));
            case string other:
                throw Fault(path + "/type", $"'{Excerpt(other)}' has no equivalent in a datanet schema");
            case null:
                throw Fault(path + "/type", "is null");
        }
    }

    private List<SchemaField> Fields(JsonElement schema, string path, bool isRecord)
    {
        AllowOnly(schema, path, path == "#"
            ? ["type", "properties", "required", "additionalProperties", "$schema", "$id", "$defs"]
            : ["type", "properties", "required", "additionalProperties"]);
        if (!schema.TryGetProperty("type", out JsonElement type) || type.ValueKind != JsonValueKind.String || type.GetString() != "object")
        {
            throw Fault(path + "/type", "is not 'object'; a record is an object");
        }

        if (!_options.ClosesObjects
            && (!schema.TryGetProperty("additionalProperties", out JsonElement additional) || additional.ValueKind != JsonValueKind.False))
        {
            throw Fault(path + "/additionalProperties", "is not false; datanet objects are closed (the option ClosesObjects closes them)");
        }

        HashSet<string> required = new(Texts(schema, path, "required"), StringComparer.Ordinal);
        if (!schema.TryGetProperty("properties", out JsonElement properties) || properties.ValueKind != JsonValueKind.Object)
        {
            throw Fault(path + "/properties", "is missing or not an object; a datanet object has fields");
        }

        List<SchemaField> fields = [];
        foreach (JsonProperty member in properties.EnumerateObject())
        {
            string place = $"{path}/properties/{Escape(member.Name)}";
            bool isRequired = required.Remove(member.Name);
            if (isRecord && member.Name == RecordSalt.MemberName)
            {
                if (!isRequired || !JsonNode.DeepEquals(JsonObject.Create(member.Value.ValueKind == JsonValueKind.Object ? member.Value : throw Fault(place, "is not a schema")), JsonSchema.Salt()))
                {
                    throw Fault(place, "is not the required salt of a schema with private fields");
                }

                _saltedVariants++;
                continue;
            }

            FieldType fieldType = Type(member.Value, place, isProperty: true);
            fields.Add(new SchemaField(member.Name, fieldType, isRequired) { IsPrivate = Flag(member.Value, place, JsonSchema.PrivateKeyword) });
        }

        return required.Count == 0 ? fields : throw Fault(path + "/required", $"names '{Excerpt(required.First())}', which is no property");
    }

    private static FieldType AnnotatedKind(JsonElement schema, JsonElement kind, string path)
    {
        FieldType type;
        try
        {
            type = SchemaDocument.ReadType(new DocumentObject(kind, path + "/" + JsonSchema.KindKeyword, DatanetError.InvalidJsonSchema));
        }
        catch (ArgumentException exception)
        {
            throw new DatanetException(DatanetError.InvalidJsonSchema, $"{path}/{JsonSchema.KindKeyword} is not legal: {exception.Message}", exception);
        }

        // The annotation must say what the keywords beside it say, or two readers would see two schemas.
        JsonObject written = JsonObject.Create(schema)!;
        foreach (string annotation in Annotations)
        {
            written.Remove(annotation);
        }

        return CanonicalJson.Serialize(written).AsSpan().SequenceEqual(CanonicalJson.Serialize(JsonSchema.Type(type)))
            ? type
            : throw Fault(path + "/" + JsonSchema.KindKeyword, "contradicts the keywords beside it");
    }

    private static EnumField Enumeration(JsonElement schema, string path)
    {
        AllowOnly(schema, path, "type", "enum", "const");
        if (schema.TryGetProperty("type", out JsonElement type) && (type.ValueKind != JsonValueKind.String || type.GetString() != "string"))
        {
            throw Fault(path + "/type", "is not 'string'; datanet enumerations are of texts");
        }

        if (!schema.TryGetProperty("const", out JsonElement only))
        {
            return new EnumField(Texts(schema, path, "enum"));
        }

        return only.ValueKind == JsonValueKind.String && !schema.TryGetProperty("enum", out _)
            ? new EnumField(only.GetString()!)
            : throw Fault(path + "/const", "is not a text on its own; datanet enumerations are of texts");
    }

    /// <summary>Follows references to definitions; the result counts how many were opened, to be closed after reading.</summary>
    private (JsonElement Schema, string Path, int Opened) Follow(JsonElement schema, string path)
    {
        int opened = 0;
        while (true)
        {
            RequireObject(schema, path);
            if (++_schemas > MaxSchemas)
            {
                throw Fault(path, $"unfolds to more than {MaxSchemas} schemas");
            }

            if (_open.Count > DatanetSchema.MaxFieldDepth + CanonicalJson.MaxDepth)
            {
                throw Fault(path, "is reached through too many references");
            }

            if (!schema.TryGetProperty("$ref", out JsonElement reference))
            {
                return (schema, path, opened);
            }

            AllowOnly(schema, path, path == "#" ? ["$ref", "$schema", "$id", "$defs"] : ["$ref"]);
            string target = reference.ValueKind == JsonValueKind.String ? reference.GetString()! : throw Fault(path + "/$ref", "is not a text");
            const string prefix = "#/$defs/";
            if (!target.StartsWith(prefix, StringComparison.Ordinal) || target.AsSpan(prefix.Length).Contains('/'))
            {
                throw Fault(path + "/$ref", $"'{Excerpt(target)}' is not a local reference #/$defs/name");
            }

            if (_open.Contains(target))
            {
                throw Fault(path + "/$ref", $"'{Excerpt(target)}' refers to itself; datanet fields have a fixed depth");
            }

            string name = Uri.UnescapeDataString(target[prefix.Length..]).Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            if (!_root.TryGetProperty("$defs", out JsonElement definitions) || definitions.ValueKind != JsonValueKind.Object
                || !definitions.TryGetProperty(name, out schema))
            {
                throw Fault(path + "/$ref", $"'{Excerpt(target)}' is not defined");
            }

            _open.Add(target);
            opened++;
            path = target;
        }
    }

    private void Close(int opened) => _open.RemoveRange(_open.Count - opened, opened);

    private static string Pattern(JsonElement value, string path)
    {
        string text = value.ValueKind == JsonValueKind.String ? value.GetString()! : throw Fault(path, "is not a text");
        if (text.Length < 2 || text[0] != '^' || text[^1] != '$')
        {
            throw Fault(path, "is not anchored; write ^(?:…)$, since datanet patterns cover the whole text");
        }

        string inner = text[1..^1];
        bool isGroup = inner.StartsWith("(?:", StringComparison.Ordinal) && inner.EndsWith(')');
        if (isGroup)
        {
            inner = inner[3..^1];
        }

        inner = Classes(inner);
        try
        {
            // ^a|b$ is not ^(?:a|b)$: the anchors belong to the outer alternatives only.
            TextPattern pattern = TextPattern.Parse(inner);
            return isGroup || !HasOpenAlternative(inner)
                ? pattern.Text
                : throw Fault(path, "joins alternatives without a group; write ^(?:…)$");
        }
        catch (ArgumentException exception)
        {
            throw new DatanetException(DatanetError.InvalidJsonSchema, $"{path}: {exception.Message}", exception);
        }
    }

    private static bool HasOpenAlternative(string pattern)
    {
        int depth = 0;
        bool inClass = false;
        for (int i = 0; i < pattern.Length; i++)
        {
            switch (pattern[i])
            {
                case '\\':
                    i++;
                    break;
                case '[':
                    inClass = true;
                    break;
                case ']':
                    inClass = false;
                    break;
                case '(' when !inClass:
                    depth++;
                    break;
                case ')' when !inClass:
                    depth--;
                    break;
                case '|' when !inClass && depth == 0:
                    return true;
                default:
                    break;
            }
        }

        return false;
    }

    /// <summary>Spells out the two escapes of ECMA-262 that mean ASCII there and that I-Regexp lacks, and the group that does not capture.</summary>
    private static string Classes(string pattern)
    {
        StringBuilder output = new();
        bool inClass = false;
        for (int i = 0; i < pattern.Length; i++)
        {
            char character = pattern[i];
            if (character == '\\' && i + 1 < pattern.Length)
            {
                char escaped = pattern[++i];
                string set = escaped switch { 'd' => "0-9", 'w' => "A-Za-z0-9_", '/' => "/", _ => "\\" + escaped };
                output.Append(escaped is 'd' or 'w' && !inClass ? $"[{set}]" : set);
                continue;
            }

            inClass = inClass ? character != ']' : character == '[';
            output.Append(character);
            if (!inClass && character == '(' && string.CompareOrdinal(pattern, i + 1, "?:", 0, 2) == 0)
            {
                i += 2;
            }
        }

        return output.ToString();
    }

    private static void AllowOnly(JsonElement schema, string path, params ReadOnlySpan<string> keywords)
    {
        foreach (JsonProperty member in schema.EnumerateObject())
        {
            if (!keywords.Contains(member.Name) && !Annotations.Contains(member.Name))
            {
                throw Unsupported(path, member.Name);
            }
        }
    }

    private static void RefuseUnknown(JsonElement schema, string path)
    {
        foreach (JsonProperty member in schema.EnumerateObject().Where(static member => !Annotations.Contains(member.Name)))
        {
            throw Unsupported(path, member.Name);
        }
    }

    /// <summary>Privacy belongs to a field; elsewhere the mark would be lost.</summary>
    private static void RefusePrivate(JsonElement schema, string path)
    {
        if (schema.TryGetProperty(JsonSchema.PrivateKeyword, out _))
        {
            throw Fault($"{path}/{JsonSchema.PrivateKeyword}", "stands beside no property; privacy is declared where a field is");
        }
    }

    private static void RequireObject(JsonElement schema, string path)
    {
        if (schema.ValueKind != JsonValueKind.Object)
        {
            throw Fault(path, "is not an object; the schemas true and false have no equivalent");
        }
    }

    private static string? Title(JsonElement schema) =>
        schema.TryGetProperty("title", out JsonElement title) && title.ValueKind == JsonValueKind.String ? title.GetString() : null;

    private static bool Flag(JsonElement schema, string path, string keyword)
    {
        if (!schema.TryGetProperty(keyword, out JsonElement value))
        {
            return false;
        }

        return value.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? value.ValueKind == JsonValueKind.True
            : throw Fault($"{path}/{keyword}", "is not true or false");
    }

    private static int Count(JsonElement schema, string path, string keyword, int absent)
    {
        if (!schema.TryGetProperty(keyword, out JsonElement value))
        {
            return absent;
        }

        // 3.0 is the integer 3 in JSON Schema.
        double number = value.ValueKind == JsonValueKind.Number ? value.GetDouble() : double.NaN;
        return number == Math.Truncate(number) && number is >= 0 and <= int.MaxValue
            ? (int)number
            : throw Fault($"{path}/{keyword}", $"is not an integer from 0 to {int.MaxValue}");
    }

    private static double Number(JsonElement schema, string path, string keyword, double absent)
    {
        if (!schema.TryGetProperty(keyword, out JsonElement value))
        {
            return absent;
        }

        return value.ValueKind == JsonValueKind.Number && double.IsFinite(value.GetDouble())
            ? value.GetDouble()
            : throw Fault($"{path}/{keyword}", "is not a number");
    }

    private static IEnumerable<string> Texts(JsonElement schema, string path, string keyword)
    {
        if (!schema.TryGetProperty(keyword, out JsonElement list))
        {
            return [];
        }

        return list.ValueKind == JsonValueKind.Array && list.EnumerateArray().All(static item => item.ValueKind == JsonValueKind.String)
            ? [.. list.EnumerateArray().Select(static item => item.GetString()!)]
            : throw Fault($"{path}/{keyword}", "is not a list of texts");
    }

    private static string Escape(string name) => Excerpt(name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal));

    private static string Excerpt(string text) => text.Length <= 80 ? text : text[..80] + "…";

    private static DatanetException Unsupported(string path, string keyword) =>
        Fault($"{path}/{Escape(keyword)}", $"the keyword '{Excerpt(keyword)}' has no equivalent in a datanet schema here");

    private static DatanetException Fault(string path, string problem) => new(DatanetError.InvalidJsonSchema, $"{path}: {problem}.");
}
