using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using OpenLedger.Datanets.Records;

namespace OpenLedger.Datanets.Schemas;

/// <summary>Writes datanet schemas as JSON Schema 2020-12 and reads the part of JSON Schema that has an equivalent here.</summary>
/// <remarks>
/// What JSON Schema cannot say is written as an annotation with the prefix <c>x-openledger</c>, so that reading gives the same schema
/// again: private fields, and conversations and binary references, whose shape is written out besides. Three rules are then checked by
/// this package only: alternating roles, answers to tool calls that exist, and a CID that contradicts a SHA-256. All members are safe for
/// concurrent use.
/// </remarks>
public static class JsonSchema
{
    /// <summary>The dialect that is written and read.</summary>
    public const string Dialect = "https://json-schema.org/draft/2020-12/schema";

    /// <summary>Greatest length of a document that is read, in bytes.</summary>
    public const int MaxLength = 1 << 20;

    internal const string KindKeyword = "x-openledger-kind";
    internal const string PrivateKeyword = "x-openledger-private";
    internal const string SaltPattern = "^(?:[A-Za-z0-9_\\-]{21}[AQgw])$";

    // Names and texts in any script stay readable; the output is JSON for files, not for HTML.
    private static readonly JsonWriterOptions WriterOptions = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, NewLine = "\n" };

    /// <summary>Writes a schema.</summary>
    /// <param name="schema">The schema.</param>
    /// <returns>Indented UTF-8: a <c>oneOf</c> with one object per variant. The order of members is that of the fields and counts.</returns>
    public static byte[] Write(DatanetSchema schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        JsonObject document = new()
        {
            ["$schema"] = Dialect,
            ["title"] = schema.Name,
            ["oneOf"] = new JsonArray([.. schema.Variants.Select(variant => Variant(variant, schema.HasPrivateFields))]),
        };
        ArrayBufferWriter<byte> output = new();
        using (Utf8JsonWriter writer = new(output, WriterOptions))
        {
            document.WriteTo(writer);
        }

        return output.WrittenSpan.ToArray();
    }

    /// <summary>Reads a JSON Schema.</summary>
    /// <param name="document">UTF-8, at most <see cref="MaxLength"/> bytes.</param>
    /// <exception cref="DatanetException">
    /// <see cref="DatanetError.InvalidJson"/>, <see cref="DatanetError.InvalidUtf8"/>, <see cref="DatanetError.LimitExceeded"/>, or
    /// <see cref="DatanetError.InvalidJsonSchema"/>: the message names the keyword and its place.
    /// </exception>
    public static DatanetSchema Read(ReadOnlySpan<byte> document) => Read(document, new JsonSchemaOptions());

    /// <summary>Reads a JSON Schema.</summary>
    /// <param name="document">UTF-8, at most <see cref="MaxLength"/> bytes.</param>
    /// <param name="options">How to read what datanet schemas do not have.</param>
    /// <exception cref="ArgumentException">The default name is not legal.</exception>
    /// <exception cref="DatanetException">As for <see cref="Read(ReadOnlySpan{byte})"/>.</exception>
    /// <remarks>
    /// The root is an object schema, which becomes the one variant <c>record</c>, or a <c>oneOf</c> of object schemas with a <c>title</c>
    /// each. Read are <c>type</c> (one name), <c>properties</c>, <c>required</c>, <c>additionalProperties</c>, <c>items</c>,
    /// <c>minItems</c>, <c>maxItems</c>, <c>uniqueItems</c>, <c>minLength</c>, <c>maxLength</c>, <c>pattern</c> (anchored, I-Regexp,
    /// <c>\d</c> and <c>\w</c>), <c>minimum</c>, <c>maximum</c>, <c>enum</c> and <c>const</c> of texts, and <c>$ref</c> to
    /// <c>#/$defs/…</c> without cycles. Annotations (<c>title</c>, <c>description</c>, <c>$comment</c>, <c>default</c>, <c>examples</c>,
    /// <c>deprecated</c>, <c>readOnly</c>, <c>writeOnly</c>, <c>format</c>) are dropped; every other keyword is refused by name.
    /// </remarks>
    public static DatanetSchema Read(ReadOnlySpan<byte> document, JsonSchemaOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        SchemaName.ThrowIfInvalid(options.DefaultName, nameof(options));
        return JsonSchemaReader.Read(document, options);
    }

    /// <summary>The JSON Schema of one type; also what the reader compares an annotated kind with.</summary>
    internal static JsonObject Type(FieldType type)
    {
        switch (type)
        {
            case TextField text:
                JsonObject schema = new() { ["type"] = "string", ["minLength"] = text.MinLength, ["maxLength"] = text.MaxLength };
                if (text.EcmaScriptPattern is string pattern)
                {
                    schema["pattern"] = pattern;
                }

                return schema;
            case NumberField number:
                return new() { ["type"] = number.IsInteger ? "integer" : "number", ["minimum"] = number.Minimum, ["maximum"] = number.Maximum };
            case BooleanField:
                return new() { ["type"] = "boolean" };
            case EnumField values:
                return new() { ["type"] = "string", ["enum"] = Texts(values.Values) };
            case ListField list:
                JsonObject array = List(Type(list.Item), list.MinCount, list.MaxCount);
                if (list.RequiresUniqueItems)
                {
                    array["uniqueItems"] = true;
                }

                return array;
            case ObjectField members:
                return Object(members.Fields);
            case ChatField chat:
                return Chat(chat);
            case BinaryField binary:
                return Binary(binary);
            default:
                throw new ArgumentException($"The kind '{type.Kind}' has no JSON Schema.", nameof(type));
        }
    }

    private static JsonObject Variant(RecordVariant variant, bool isSalted)
    {
        JsonObject schema = Object(variant.Fields);
        if (isSalted)
        {
            schema["properties"]![RecordSalt.MemberName] = Salt();
            schema["required"]!.AsArray().Add((JsonNode)RecordSalt.MemberName);
        }

        schema.Insert(0, "title", variant.Name);
        return schema;
    }

    internal static JsonObject Salt() => new() { ["type"] = "string", ["pattern"] = SaltPattern };

    private static JsonObject Object(IReadOnlyList<SchemaField> fields)
    {
        JsonObject properties = [];
        foreach (SchemaField declared in fields)
        {
            JsonObject type = Type(declared.Type);
            if (declared.IsPrivate)
            {
                type[PrivateKeyword] = true;
            }

            properties[declared.Name] = type;
        }

        return new JsonObject
        {
            ["type"] = "object",
            ["properties"] = properties,
            ["required"] = Texts(fields.Where(static declared => declared.IsRequired).Select(static declared => declared.Name)),
            ["additionalProperties"] = false,
        };
    }

    private static JsonObject List(JsonObject item, int minCount, int maxCount) =>
        new() { ["type"] = "array", ["items"] = item, ["minItems"] = minCount, ["maxItems"] = maxCount };

    private static JsonObject Chat(ChatField chat)
    {
        JsonObject properties = new() { ["role"] = Type(chat.Parts.Role), ["content"] = Type(chat.Parts.Content) };
        JsonObject message = new() { ["type"] = "object", ["properties"] = properties, ["required"] = Texts(["role"]), ["additionalProperties"] = false };
        if (chat.AllowsToolCalls)
        {
            properties["tool_calls"] = Type(chat.Parts.ToolCalls);
            properties["tool_call_id"] = Type(chat.Parts.CallId);
            message["anyOf"] = new JsonArray(new JsonObject { ["required"] = Texts(["content"]) }, new JsonObject { ["required"] = Texts(["tool_calls"]) });
        }
        else
        {
            message["required"]!.AsArray().Add((JsonNode)"content");
        }

        JsonObject schema = List(message, chat.MinMessages, chat.MaxMessages);
        schema[KindKeyword] = chat.ToDocument();
        return schema;
    }

    private static JsonObject Binary(BinaryField binary)
    {
        JsonObject mediaType = binary.MediaTypes.Count > 0
            ? new JsonObject { ["type"] = "string", ["enum"] = Texts(binary.MediaTypes) }
            : new JsonObject { ["type"] = "string", ["pattern"] = TextPattern.Parse(BinaryField.MediaTypePattern).EcmaScript };
        return new JsonObject
        {
            ["type"] = "object",
            ["properties"] = new JsonObject
            {
                ["sha256"] = new JsonObject { ["type"] = "string", ["pattern"] = TextPattern.Parse(BinaryField.Sha256Pattern).EcmaScript },
                ["cid"] = new JsonObject { ["type"] = "string", ["pattern"] = TextPattern.Parse(BinaryField.CidPattern).EcmaScript },
                ["mediaType"] = mediaType,
                ["length"] = new JsonObject { ["type"] = "integer", ["minimum"] = 0, ["maximum"] = binary.MaxLength },
            },
            ["required"] = Texts(["mediaType", "length"]),
            ["additionalProperties"] = false,
            ["anyOf"] = new JsonArray(new JsonObject { ["required"] = Texts(["sha256"]) }, new JsonObject { ["required"] = Texts(["cid"]) }),
            [KindKeyword] = binary.ToDocument(),
        };
    }

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode)JsonValue.Create(text)!)]);
}
