using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using OpenLedger.Datanets.Canonical;

namespace OpenLedger.Datanets.Schemas;

/// <summary>A list whose items all have one type.</summary>
public sealed class ListField : FieldType
{
    /// <summary>Creates the type.</summary>
    /// <param name="item">What each item may hold.</param>
    /// <param name="minCount">Fewest items; 0 or more.</param>
    /// <param name="maxCount">Most items; at least <paramref name="minCount"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A bound is negative, or they are the wrong way round.</exception>
    public ListField(FieldType item, int minCount, int maxCount)
    {
        ArgumentNullException.ThrowIfNull(item);
        ArgumentOutOfRangeException.ThrowIfNegative(minCount);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxCount, minCount);
        Item = item;
        MinCount = minCount;
        MaxCount = maxCount;
    }

    /// <summary>What each item may hold.</summary>
    public FieldType Item { get; }

    /// <summary>Fewest items.</summary>
    public int MinCount { get; }

    /// <summary>Most items.</summary>
    public int MaxCount { get; }

    /// <summary>Whether no two items may be equal; items are equal when their canonical JSON is.</summary>
    /// <value>The default is <see langword="false"/>.</value>
    public bool RequiresUniqueItems { get; init; }

    internal override string Kind => "list";

    internal override int Depth => 1 + Item.Depth;

    internal override bool HasPrivateFields => Item.HasPrivateFields;

    internal override void Describe(JsonObject document)
    {
        document["item"] = Item.ToDocument();
        document["minCount"] = MinCount;
        document["maxCount"] = MaxCount;
        if (RequiresUniqueItems)
        {
            document["unique"] = true; // written only when set: documents from before the flag keep their digest
        }
    }

    internal override void Validate(JsonElement value, string path, FaultList faults)
    {
        string range = $"a list of {MinCount} to {MaxCount} items";
        if (value.ValueKind != JsonValueKind.Array)
        {
            faults.Add(SchemaFaultCode.WrongType, path, value, range);
            return;
        }

        int count = value.GetArrayLength();
        if (count < MinCount)
        {
            faults.Add(SchemaFaultCode.ListTooShort, path, value, range);
        }
        else if (count > MaxCount)
        {
            faults.Add(SchemaFaultCode.ListTooLong, path, value, range);
        }

        HashSet<Sha256Digest>? seen = RequiresUniqueItems ? [] : null;
        int index = 0;
        foreach (JsonElement item in value.EnumerateArray())
        {
            if (faults.IsFull)
            {
                return;
            }

            string place = string.Create(CultureInfo.InvariantCulture, $"{path}[{index++}]");
            int before = faults.Count;
            Item.Validate(item, place, faults);

            // Only sound items are compared: others may have no canonical form.
            if (seen is not null && faults.Count == before && !seen.Add(Sha256Digest.Of(CanonicalJson.Serialize(item))))
            {
                faults.Add(SchemaFaultCode.RepeatedItem, place, item, "each item once");
            }
        }
    }
}
