using System.Text.Json;
using System.Text.Json.Nodes;
using OpenLedger.Datanets.Contributions;
using OpenLedger.Datanets.Journal;
using OpenLedger.Datanets.Records;

namespace OpenLedger.Datanets.Access;

/// <summary>Which records, and which parts of them, a grant covers. Every list that is empty covers everything.</summary>
/// <remarks>
/// A record is covered when it satisfies every list that is not empty. Fields are JSON Pointers (RFC 6901) to members; lists on the way are
/// walked through, so <c>/messages/content</c> is the content of every message. Immutable once validated; safe for concurrent use.
/// </remarks>
public sealed record AccessScope
{
    /// <summary>Most entries of one list.</summary>
    public const int MaxEntries = 1000;

    private const int MaxEntryLength = 200;

    /// <summary>Everything.</summary>
    public static AccessScope Everything { get; } = new();

    /// <summary>Splits by name, such as <c>train</c>.</summary>
    /// <value>All.</value>
    public IReadOnlyList<string> Splits { get; init; } = [];

    /// <summary>Contributors.</summary>
    /// <value>All.</value>
    public IReadOnlyList<ContributorId> Contributors { get; init; } = [];

    /// <summary>Licences by SPDX identifier, compared as text.</summary>
    /// <value>All.</value>
    public IReadOnlyList<string> Licences { get; init; } = [];

    /// <summary>Tags; one of them is enough.</summary>
    /// <value>All.</value>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Parts of a record that may be seen.</summary>
    /// <value>All.</value>
    public IReadOnlyList<string> Fields { get; init; } = [];

    /// <summary>Whether a record is covered.</summary>
    /// <param name="facts">What is known about it.</param>
    public bool Covers(AccessRecordFacts facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        return (Splits.Count == 0 || (facts.Split is not null && Splits.Contains(facts.Split)))
            && (Contributors.Count == 0 || Contributors.Contains(facts.Contributor))
            && (Licences.Count == 0 || (facts.Licence is not null && Licences.Contains(facts.Licence)))
            && (Tags.Count == 0 || facts.Tags.Any(Tags.Contains));
    }

    /// <summary>Leaves out of a record what may not be seen.</summary>
    /// <param name="record">The whole record.</param>
    /// <returns>What is left, an empty object when no field is there.</returns>
    public ScopedRecord Project(DatanetRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        if (Fields.Count == 0)
        {
            return new ScopedRecord(record.Digest, record, true);
        }

        string[][] paths = [.. Fields.Select(Split)];
        DatanetRecord visible = DatanetRecord.FromObject((JsonObject)Keep(record.Element, paths, 0)!, record.SourcePosition);
        return visible.Equals(record)
            ? new ScopedRecord(record.Digest, record, true)
            : new ScopedRecord(record.Digest, visible, false);
    }

    /// <summary>Throws when a list is not legal, naming every fault.</summary>
    /// <exception cref="ArgumentException">A list is too long, or an entry is not legal.</exception>
    public void Validate()
    {
        List<string> faults = [];
        AddFaults(faults);
        if (faults.Count > 0)
        {
            throw new ArgumentException(string.Join(" ", faults));
        }
    }

    internal void AddFaults(List<string> faults)
    {
        AddFaults(faults, nameof(Splits), Splits);
        AddFaults(faults, nameof(Licences), Licences);
        AddFaults(faults, nameof(Tags), Tags);
        AddFaults(faults, nameof(Fields), Fields);
        if (Contributors is null || Contributors.Count > MaxEntries || Contributors.Contains(default) || Contributors.Distinct().Count() != Contributors.Count)
        {
            faults.Add($"{nameof(Contributors)} is null, has more than {MaxEntries} entries, names nobody, or somebody twice.");
        }

        foreach (string field in (Fields ?? []).Where(field => field is not null && !IsPointer(field)))
        {
            faults.Add($"'{field}' is not a field; write a JSON Pointer like /messages/content.");
        }
    }

    internal JsonObject ToJson()
    {
        JsonObject json = [];
        Add(json, "contributors", Contributors.Select(id => id.ToString()));
        Add(json, "fields", Fields);
        Add(json, "licences", Licences);
        Add(json, "splits", Splits);
        Add(json, "tags", Tags);
        return json;
    }

    internal static AccessScope Read(EventBody body)
    {
        body.AllowOnly("contributors", "fields", "licences", "splits", "tags");
        return new AccessScope
        {
            Contributors = [.. Texts("contributors").Select(text =>
                ContributorId.TryParse(text, null, out ContributorId id) ? id : throw body.Fault("contributors", "holds what is not a contributor id"))],
            Fields = [.. Texts("fields")],
            Licences = [.. Texts("licences")],
            Splits = [.. Texts("splits")],
            Tags = [.. Texts("tags")],
        };

        IEnumerable<string> Texts(string name) => body.Has(name) ? body.Texts(name) : [];
    }

    private static void Add(JsonObject json, string name, IEnumerable<string> texts)
    {
        JsonArray array = [.. texts.Select(text => (JsonNode)JsonValue.Create(text)!)];
        if (array.Count > 0)
        {
            json[name] = array;
        }
    }

    private static void AddFaults(List<string> faults, string name, IReadOnlyList<string> entries)
    {
        if (entries is null || entries.Count > MaxEntries || entries.Any(entry => entry is not { Length: > 0 and <= MaxEntryLength })
            || entries.Distinct(StringComparer.Ordinal).Count() != entries.Count)
        {
            faults.Add($"{name} is null, has more than {MaxEntries} entries, one twice, or one that has not 1 to {MaxEntryLength} characters.");
        }
    }

    /// <summary>RFC 6901: parts that begin with a slash; a tilde is followed by 0 or 1.</summary>
    private static bool IsPointer(string field)
    {
        bool isPointer = field.Length > 0 && field[0] == '/';
        for (int i = field.IndexOf('~', StringComparison.Ordinal); isPointer && i >= 0; i = field.IndexOf('~', i + 1))
        {
            isPointer = i + 1 < field.Length && field[i + 1] is '0' or '1';
        }

        return isPointer;
    }

    private static string[] Split(string pointer) =>
    [
        .. pointer[1..].Split('/').Select(part => part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal)),
    ];

    /// <summary>Keeps what the paths name from their part <paramref name="depth"/> on; <see langword="null"/> when nothing is named here.</summary>
    private static JsonNode? Keep(JsonElement element, string[][] paths, int depth)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                JsonObject kept = [];
                foreach (JsonProperty member in element.EnumerateObject())
                {
                    string[][] inside = [.. paths.Where(path => path[depth] == member.Name)];
                    if (Array.Exists(inside, path => path.Length == depth + 1))
                    {
                        kept[member.Name] = ToNode(member.Value);
                    }
                    else if (inside.Length > 0 && Keep(member.Value, inside, depth + 1) is JsonNode node)
                    {
                        kept[member.Name] = node;
                    }
                }

                return kept.Count > 0 || depth == 0 ? kept : null;
            case JsonValueKind.Array:
                JsonNode?[] items = [.. element.EnumerateArray().Select(item => Keep(item, paths, depth))];
                return items.Any(item => item is not null) ? new JsonArray([.. items.Where(item => item is not null)]) : null;
            default:
                return null; // a path goes on below a value that has nothing below
        }
    }

    private static JsonNode? ToNode(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => JsonObject.Create(element),
        JsonValueKind.Array => JsonArray.Create(element),
        _ => JsonValue.Create(element),
    };
}
