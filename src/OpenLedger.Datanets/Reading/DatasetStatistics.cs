using System.Text.Json;
using System.Text.Json.Nodes;
using OpenLedger.Datanets.Canonical;
using OpenLedger.Datanets.Contributions;

namespace OpenLedger.Datanets.Reading;

/// <summary>Counts and lengths over records: what a builder wants to know before training.</summary>
/// <remarks>Immutable; safe for concurrent use. Keeps four bytes per record and per text field while it is computed.</remarks>
public sealed class DatasetStatistics
{
    private const int MaxFields = 1000;

    private DatasetStatistics(
        LengthSummary payloadBytes,
        IReadOnlyDictionary<ContributorId, long> contributors,
        IReadOnlyDictionary<string, long> licences,
        IReadOnlyDictionary<string, long> splits,
        IReadOnlyList<FieldStatistics> fields)
    {
        PayloadBytes = payloadBytes;
        Contributors = contributors;
        Licences = licences;
        Splits = splits;
        Fields = fields;
    }

    /// <summary>How many records were counted.</summary>
    public long Count => PayloadBytes.Count;

    /// <summary>Lengths of the canonical payloads in bytes.</summary>
    public LengthSummary PayloadBytes { get; }

    /// <summary>Records per contributor.</summary>
    public IReadOnlyDictionary<ContributorId, long> Contributors { get; }

    /// <summary>Records per licence.</summary>
    public IReadOnlyDictionary<string, long> Licences { get; }

    /// <summary>Records per split.</summary>
    public IReadOnlyDictionary<string, long> Splits { get; }

    /// <summary>The members met, in the order of their names; beyond 1,000 different ones the rest are counted under <c>*</c>.</summary>
    public IReadOnlyList<FieldStatistics> Fields { get; }

    /// <summary>Counts records.</summary>
    /// <param name="records">Walked once.</param>
    public static DatasetStatistics Of(IEnumerable<TrainingRecord> records)
    {
        ArgumentNullException.ThrowIfNull(records);
        List<int> payloads = [];
        SortedDictionary<ContributorId, long> contributors = [];
        SortedDictionary<string, long> licences = new(StringComparer.Ordinal);
        SortedDictionary<string, long> splits = new(StringComparer.Ordinal);
        SortedDictionary<string, FieldCount> fields = new(StringComparer.Ordinal);
        foreach (TrainingRecord record in records)
        {
            payloads.Add(record.Record.Payload.Length);
            contributors[record.Contributor] = contributors.GetValueOrDefault(record.Contributor) + 1;
            licences[record.Licence] = licences.GetValueOrDefault(record.Licence) + 1;
            splits[record.Split] = splits.GetValueOrDefault(record.Split) + 1;
            foreach (JsonProperty member in record.Record.Element.EnumerateObject())
            {
                string name = fields.ContainsKey(member.Name) || fields.Count < MaxFields ? member.Name : "*";
                if (!fields.TryGetValue(name, out FieldCount? field))
                {
                    fields.Add(name, field = new FieldCount());
                }

                field.Add(member.Value);
            }
        }

        return new DatasetStatistics(
            LengthSummary.Of(payloads), contributors, licences, splits, Array.AsReadOnly(fields.Select(field => field.Value.Result(field.Key)).ToArray()));
    }

    /// <summary>The statistics as canonical JSON, UTF-8, of the format <c>openledger-statistics/1</c>.</summary>
    public byte[] ToJson() => CanonicalJson.Serialize(new JsonObject
    {
        ["format"] = "openledger-statistics/1",
        ["records"] = Count,
        ["payloadBytes"] = Json(PayloadBytes),
        ["contributors"] = new JsonObject(Contributors.Select(pair => KeyValuePair.Create(pair.Key.ToString(), (JsonNode?)pair.Value))),
        ["licences"] = Json(Licences),
        ["splits"] = Json(Splits),
        ["fields"] = new JsonArray([.. Fields.Select(field => (JsonNode)new JsonObject
        {
            ["name"] = field.Name,
            ["count"] = field.Count,
            ["nulls"] = field.NullCount,
            ["kinds"] = Json(field.Kinds),
            ["textLength"] = Json(field.TextLength),
        })]),
    });

    private static JsonObject Json(IReadOnlyDictionary<string, long> counts) =>
        new(counts.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value)));

    private static JsonObject Json(LengthSummary summary) => new()
    {
        ["count"] = summary.Count,
        ["total"] = summary.Total,
        ["minimum"] = summary.Minimum,
        ["median"] = summary.Median,
        ["percentile95"] = summary.Percentile95,
        ["maximum"] = summary.Maximum,
    };

    private sealed class FieldCount
    {
        private readonly SortedDictionary<string, long> _kinds = new(StringComparer.Ordinal);
        private readonly List<int> _lengths = [];
        private long _count;
        private long _nulls;

        public void Add(JsonElement value)
        {
            if (value.ValueKind == JsonValueKind.Null)
            {
                _nulls++;
                return;
            }

            _count++;
            string kind = value.ValueKind switch
            {
                JsonValueKind.String => "string",
                JsonValueKind.Number => "number",
                JsonValueKind.Array => "array",
                JsonValueKind.Object => "object",
                _ => "boolean",
            };
            _kinds[kind] = _kinds.GetValueOrDefault(kind) + 1;
            if (value.ValueKind == JsonValueKind.String)
            {
                _lengths.Add(value.GetString()!.Length);
            }
        }

        public FieldStatistics Result(string name) => new(name, _count, _nulls, _kinds, LengthSummary.Of(_lengths));
    }
}
