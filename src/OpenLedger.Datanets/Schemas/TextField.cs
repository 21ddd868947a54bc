using System.Text.Json;
using System.Text.Json.Nodes;
using OpenLedger.Datanets.Canonical;

namespace OpenLedger.Datanets.Schemas;

/// <summary>Text whose length is counted in Unicode code points.</summary>
public sealed class TextField : FieldType
{
    /// <summary>Creates the type.</summary>
    /// <param name="minLength">Fewest code points; 0 or more.</param>
    /// <param name="maxLength">Most code points; at least <paramref name="minLength"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A bound is negative, or they are the wrong way round.</exception>
    public TextField(int minLength, int maxLength)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(minLength);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxLength, minLength);
        MinLength = minLength;
        MaxLength = maxLength;
    }

    /// <summary>Fewest code points.</summary>
    public int MinLength { get; }

    /// <summary>Most code points.</summary>
    public int MaxLength { get; }

    internal override string Kind => "text";

    internal override void Describe(JsonObject document)
    {
        document["minLength"] = MinLength;
        document["maxLength"] = MaxLength;
    }

    internal override void Validate(JsonElement value, string path, FaultList faults)
    {
        string range = $"text of {MinLength} to {MaxLength} characters";
        if (value.ValueKind != JsonValueKind.String)
        {
            faults.Add(SchemaFaultCode.WrongType, path, value, range);
            return;
        }

        int length = 0;
        foreach (char character in CanonicalJson.Text(value))
        {
            length += char.IsLowSurrogate(character) ? 0 : 1;
        }

        if (length < MinLength)
        {
            faults.Add(SchemaFaultCode.TextTooShort, path, $"{length} characters", range);
        }
        else if (length > MaxLength)
        {
            faults.Add(SchemaFaultCode.TextTooLong, path, $"{length} characters", range);
        }
    }
}
