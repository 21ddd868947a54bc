using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

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

    internal override string Kind => "list";

    internal override int Depth => 1 + Item.Depth;

    internal override void Describe(JsonObject document)
    {
        document["item"] = Item.ToDocument();
        document["minCount"] = MinCount;
        document["maxCount"] = MaxCount;
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

        int index = 0;
        foreach (JsonElement item in value.EnumerateArray())
        {
            if (faults.IsFull)
            {
                return;
            }

            Item.Validate(item, string.Create(CultureInfo.InvariantCulture, $"{path}[{index++}]"), faults);
        }
    }
}
