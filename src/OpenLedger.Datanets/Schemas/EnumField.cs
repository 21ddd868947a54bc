using System.Text.Json;
using System.Text.Json.Nodes;
using OpenLedger.Datanets.Canonical;

namespace OpenLedger.Datanets.Schemas;

/// <summary>One text of a fixed set, compared code unit by code unit.</summary>
public sealed class EnumField : FieldType
{
    /// <summary>Most values of one enumeration.</summary>
    public const int MaxValues = 1000;

    private readonly HashSet<string> _values;

    /// <summary>Creates the type.</summary>
    /// <param name="values">1 to <see cref="MaxValues"/> distinct texts; copied.</param>
    /// <exception cref="ArgumentException">The set is empty, too large or holds a value twice.</exception>
    public EnumField(params IEnumerable<string> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        string[] copy = [.. values];
        _values = new HashSet<string>(copy, StringComparer.Ordinal);
        if (copy.Length is 0 or > MaxValues)
        {
            throw new ArgumentException($"An enumeration has 1 to {MaxValues} values, not {copy.Length}.", nameof(values));
        }

        if (_values.Count != copy.Length)
        {
            throw new ArgumentException("An enumeration names a value twice; name each once.", nameof(values));
        }

        Values = Array.AsReadOnly(copy);
    }

    /// <summary>The allowed texts, in the order given.</summary>
    public IReadOnlyList<string> Values { get; }

    internal override string Kind => "enum";

    internal override void Describe(JsonObject document) =>
        document["values"] = new JsonArray([.. Values.Select(value => (JsonNode)JsonValue.Create(value)!)]);

    internal override void Validate(JsonElement value, string path, FaultList faults)
    {
        if (value.ValueKind != JsonValueKind.String)
        {
            faults.Add(SchemaFaultCode.WrongType, path, value, Expected());
        }
        else if (!_values.Contains(CanonicalJson.Text(value)))
        {
            faults.Add(SchemaFaultCode.NotInEnumeration, path, value, Expected());
        }
    }

    private string Expected() =>
        "one of " + string.Join(", ", Values.Take(20).Select(value => $"'{value}'")) + (Values.Count > 20 ? ", …" : "");
}
