using System.Text.Json.Nodes;
using CsCheck;
using OpenLedger.Datanets.Schemas;
using OpenLedger.Datanets.Tests.Reference;

namespace OpenLedger.Datanets.Tests.Schemas;

/// <summary>Random schemas with small bounds, and random records that often fit them and often just do not.</summary>
internal static class SchemaGen
{
    private const string Sha256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    private const string Cid = "bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku";
    private static readonly string[] Names = ["a", "b", "c d", "e/~f", "ü"];

    public static Gen<DatanetSchema> Schema { get; } = Gen.Select(Variant.Array[1, 3], Gen.Int[0, 1], (variants, _) =>
        new DatanetSchema("schéma", variants.Select((fields, i) => new RecordVariant($"v{i}", fields))));

    private static Gen<SchemaField[]> Variant => Fields(2);

    /// <summary>A random value that leans towards the schema's own shapes.</summary>
    public static JsonObject Record(DatanetSchema schema, Random random)
    {
        RecordVariant variant = schema.Variants[random.Next(schema.Variants.Count)];
        JsonObject record = Object(variant.Fields, random);
        if (schema.HasPrivateFields ? random.Next(6) > 0 : random.Next(20) == 0)
        {
            record["$salt"] = random.Next(6) > 0 ? "AAAAAAAAAAAAAAAAAAAAAA" : "AAAAAAAAAAAAAAAAAAAAAB";
        }

        return record;
    }

    public static Gen<FieldType> Type(int depth)
    {
        Gen<FieldType> text = Gen.Select(Gen.Int[0, 2], Gen.Int[0, 3], Gen.Int[0, 4], (least, more, pattern) => (FieldType)(pattern switch
        {
            0 => new TextField(least, least + more, "[a-b]*"),
            1 => new TextField(least, least + more, "(a|b.)*"),
            _ => new TextField(least, least + more),
        }));
        Gen<FieldType> number = Gen.Select(Gen.Int[-2, 2], Gen.Int[0, 3], Gen.Bool, (least, more, isInteger) => (FieldType)new NumberField(least, least + more + (isInteger ? 0 : .5), isInteger));
        Gen<FieldType> leaf = Gen.OneOf(
            text,
            number,
            Gen.Const<FieldType>(new BooleanField()),
            Pick.Of("a", "b", "ab").Array[1, 3].Select(values => (FieldType)new EnumField(values.Distinct())),
            Pick.Of<FieldType>(new ChatField(["user", "assistant"], 0, 2, 3), new ChatField(["user", "tool"], 1, 2, 3) { AllowsToolCalls = true }),
            Pick.Of<FieldType>(new BinaryField(["a/b"], 5), new BinaryField([], 5)));
        return depth == 0
            ? leaf
            : Gen.OneOf(
                leaf,
                Gen.Select(Type(depth - 1), Gen.Int[0, 1], Gen.Int[0, 2], Gen.Bool, (item, least, more, isUnique) =>
                    (FieldType)new ListField(item, least, least + more) { RequiresUniqueItems = isUnique }),
                Fields(depth - 1).Select(fields => (FieldType)new ObjectField(fields)));
    }

    private static Gen<SchemaField[]> Fields(int depth) =>
        Gen.Select(Gen.Select(Pick.Of(Names), Type(depth), Gen.Bool, Gen.Int[0, 5], (name, type, isRequired, privacy) => new SchemaField(name, type, isRequired) { IsPrivate = privacy == 0 }).Array[1, 3], Gen.Int[0, 1], (fields, _) =>
            fields.DistinctBy(declared => declared.Name).ToArray());

    private static JsonObject Object(IReadOnlyList<SchemaField> fields, Random random)
    {
        JsonObject value = [];
        foreach (SchemaField declared in fields.Where(declared => random.Next(declared.IsRequired ? 20 : 2) > 0))
        {
            value[declared.Name] = Value(declared.Type, random);
        }

        if (random.Next(25) == 0)
        {
            value[Names[random.Next(Names.Length)]] = 1;
        }

        return value;
    }

    private static JsonNode? Value(FieldType type, Random random)
    {
        if (random.Next(25) == 0)
        {
            return random.Next(5) switch { 0 => null, 1 => "ab", 2 => 1, 3 => new JsonArray(), _ => new JsonObject() };
        }

        switch (type)
        {
            case TextField text:
                return string.Concat(Enumerable.Range(0, Math.Max(0, text.MinLength + random.Next(-1, text.MaxLength - text.MinLength + 2))).Select(_ => text.Pattern is null && random.Next(5) == 0 ? "😀" : random.Next(12) == 0 ? "\n" : random.Next(2) == 0 ? "a" : "b"));
            case NumberField number:
                return random.Next(2) == 0 ? number.Minimum + random.Next(-1, 4) : number.Minimum + (random.Next(-1, 8) / 2.0);
            case BooleanField:
                return random.Next(2) == 0;
            case EnumField values:
                return random.Next(8) == 0 ? "zzz" : values.Values[random.Next(values.Values.Count)];
            case ListField list:
                return new JsonArray([.. Enumerable.Range(0, Math.Max(0, list.MinCount + random.Next(-1, list.MaxCount - list.MinCount + 2))).Select(_ => Value(list.Item, random))]);
            case ObjectField inner:
                return Object(inner.Fields, random);
            case ChatField chat:
                return new JsonArray([.. Enumerable.Range(0, random.Next(4)).Select(_ => Message(chat, random))]);
            default:
                BinaryField binary = (BinaryField)type;
                JsonObject reference = new() { ["mediaType"] = random.Next(8) == 0 ? "A/b" : binary.MediaTypes.FirstOrDefault("x/y"), ["length"] = random.Next(-1, 7) };
                if (random.Next(3) > 0)
                {
                    reference["sha256"] = random.Next(10) == 0 ? Sha256[..63] : Sha256;
                }

                if (random.Next(3) == 0)
                {
                    reference["cid"] = random.Next(5) == 0 ? Cid[..58] + "v" : Cid;
                }

                return reference;
        }
    }

    private static JsonObject Message(ChatField chat, Random random)
    {
        JsonObject message = new() { ["role"] = random.Next(12) == 0 ? "x" : chat.Roles[random.Next(chat.Roles.Count)] };
        if (random.Next(6) > 0)
        {
            message["content"] = "abcd"[..random.Next(1, 5)];
        }

        if (random.Next(5) == 0)
        {
            message["tool_calls"] = new JsonArray(new JsonObject
            {
                ["id"] = "c",
                ["type"] = random.Next(8) == 0 ? "x" : "function",
                ["function"] = new JsonObject { ["name"] = "f", ["arguments"] = "{}" },
            });
            message["tool_call_id"] = "c"; // to itself, so that no rule beyond JSON Schema speaks
        }

        return message;
    }
}
