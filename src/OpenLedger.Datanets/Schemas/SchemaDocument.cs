using System.Text.Json;
using OpenLedger.Datanets.Canonical;

namespace OpenLedger.Datanets.Schemas;

/// <summary>Reads schema documents, which come from outside: every member is checked, unknown members are refused.</summary>
internal static class SchemaDocument
{
    public const string Format = "openledger-schema/1";
    private const int MaxLength = 1 << 20;

    public static DatanetSchema Parse(ReadOnlySpan<byte> document)
    {
        if (document.Length > MaxLength)
        {
            throw new DatanetException(
                DatanetError.LimitExceeded, $"The schema document has {document.Length} bytes; at most {MaxLength} are allowed.");
        }

        // Through the canonical form, so that repeated names and half surrogate pairs are gone before members are read.
        DocumentObject root = new(CanonicalJson.Parse(CanonicalJson.Canonicalize(document)), "$", DatanetError.InvalidSchema);
        root.AllowOnly("format", "name", "variants");
        string format = root.Text("format");
        if (format != Format)
        {
            throw root.Fault("format", $"is '{format}'; this version reads '{Format}'");
        }

        try
        {
            return new DatanetSchema(root.Text("name"), root.Objects("variants").Select(ReadVariant));
        }
        catch (ArgumentException exception)
        {
            throw new DatanetException(DatanetError.InvalidSchema, $"The schema document is not legal: {exception.Message}", exception);
        }
    }

    private static RecordVariant ReadVariant(DocumentObject variant)
    {
        variant.AllowOnly("fields", "name");
        return new RecordVariant(variant.Text("name"), ReadFields(variant));
    }

    private static IEnumerable<SchemaField> ReadFields(DocumentObject parent) => parent.Objects("fields").Select(static field =>
    {
        field.AllowOnly("name", "private", "required", "type");
        return new SchemaField(field.Text("name"), ReadType(field.Object("type")), field.Boolean("required"))
        {
            IsPrivate = ReadFlag(field, "private"),
        };
    });

    /// <summary>A flag that is written only when it is set, so that each schema has one document.</summary>
    private static bool ReadFlag(DocumentObject parent, string name) =>
        parent.Has(name) && (parent.Boolean(name) ? true : throw parent.Fault(name, "is false; leave it out"));

    /// <summary>Reads the type of a field.</summary>
    internal static FieldType ReadType(DocumentObject type)
    {
        string kind = type.Text("kind");
        switch (kind)
        {
            case "text":
                type.AllowOnly("kind", "maxLength", "minLength", "pattern");
                return type.Has("pattern")
                    ? new TextField(type.Int32("minLength"), type.Int32("maxLength"), type.Text("pattern"))
                    : new TextField(type.Int32("minLength"), type.Int32("maxLength"));
            case "number":
                type.AllowOnly("integer", "kind", "maximum", "minimum");
                return new NumberField(type.Double("minimum"), type.Double("maximum"), type.Boolean("integer"));
            case "boolean":
                type.AllowOnly("kind");
                return new BooleanField();
            case "enum":
                type.AllowOnly("kind", "values");
                return new EnumField(type.Texts("values"));
            case "list":
                type.AllowOnly("item", "kind", "maxCount", "minCount", "unique");
                return new ListField(ReadType(type.Object("item")), type.Int32("minCount"), type.Int32("maxCount"))
                {
                    RequiresUniqueItems = ReadFlag(type, "unique"),
                };
            case "object":
                type.AllowOnly("fields", "kind");
                return new ObjectField(ReadFields(type));
            case "chat":
                type.AllowOnly("alternation", "kind", "maxContentLength", "maxMessages", "minMessages", "roles", "toolCalls");
                return new ChatField(type.Texts("roles"), type.Int32("minMessages"), type.Int32("maxMessages"), type.Int32("maxContentLength"))
                {
                    RequiresAlternation = type.Boolean("alternation"),
                    AllowsToolCalls = type.Boolean("toolCalls"),
                };
            case "binary":
                type.AllowOnly("kind", "maxLength", "mediaTypes");
                return new BinaryField(type.Texts("mediaTypes"), type.Int64("maxLength"));
            default:
                throw type.Fault("kind", $"is '{kind}'; expected text, number, boolean, enum, list, object, chat or binary");
        }
    }
}
