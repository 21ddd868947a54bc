using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using OpenLedger.Datanets.Canonical;

namespace OpenLedger.Datanets.Schemas;

/// <summary>Changes the kind of a field's value without losing anything.</summary>
public sealed class ConvertField : MigrationStep
{
    private static readonly (FieldConversion Conversion, string Name)[] Names =
    [
        (FieldConversion.NumberToText, "numberToText"), (FieldConversion.BooleanToText, "booleanToText"), (FieldConversion.WrapInList, "wrapInList"),
    ];

    /// <summary>Creates the step.</summary>
    /// <param name="path">The field, or with <c>*</c> the items of a list; see <see cref="FieldPath"/>.</param>
    /// <param name="conversion">The change.</param>
    /// <exception cref="ArgumentException">The path is not legal, or the conversion is unknown.</exception>
    public ConvertField(string path, FieldConversion conversion)
        : base(path)
    {
        if (!Names.Any(known => known.Conversion == conversion))
        {
            throw new ArgumentOutOfRangeException(nameof(conversion), conversion, "Not one of the known conversions.");
        }

        Conversion = conversion;
    }

    /// <summary>The change.</summary>
    public FieldConversion Conversion { get; }

    internal override string Kind => "convert";

    internal static FieldConversion? Find(string name) => Names.Where(known => known.Name == name).Select(static known => (FieldConversion?)known.Conversion).FirstOrDefault();

    private protected override void Describe(JsonObject document) => document["as"] = Names.First(known => known.Conversion == Conversion).Name;

    private protected override string? Apply(JsonNode parent, string? name, int index)
    {
        if (name is not null && !parent.AsObject().ContainsKey(name))
        {
            return null;
        }

        JsonNode? value = Get(parent, name, index);
        JsonValueKind kind = value?.GetValueKind() ?? JsonValueKind.Null;
        switch (Conversion)
        {
            case FieldConversion.WrapInList:
                Set(parent, name, index, null); // a node has one parent
                Set(parent, name, index, new JsonArray(value));
                return null;
            case FieldConversion.NumberToText when kind == JsonValueKind.Number:
            case FieldConversion.BooleanToText when kind is JsonValueKind.True or JsonValueKind.False:
                Set(parent, name, index, Encoding.UTF8.GetString(CanonicalJson.Serialize(value)));
                return null;
            default:
                return $"holds no {(Conversion == FieldConversion.NumberToText ? "number" : "boolean")}";
        }
    }
}
