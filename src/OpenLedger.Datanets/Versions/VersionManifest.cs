using System.Text.Json;
using System.Text.Json.Nodes;
using OpenLedger.Datanets.Canonical;

namespace OpenLedger.Datanets.Versions;

/// <summary>What a version holds in numbers: how many records, from how many people, under which terms. Its digest is part of the version's header.</summary>
/// <remarks>Canonical JSON of the format <c>openledger-datanet-manifest/1</c>. Immutable; safe for concurrent use.</remarks>
public sealed class VersionManifest
{
    private const string Format = "openledger-datanet-manifest/1";

    private readonly byte[] _document;

    internal VersionManifest(
        long recordCount,
        long contributorCount,
        IEnumerable<KeyValuePair<string, long>> licences,
        IEnumerable<KeyValuePair<string, long>> consent,
        long erasedCount,
        long journalCount,
        Sha256Digest journalHead)
    {
        RecordCount = recordCount;
        ContributorCount = contributorCount;
        Licences = new SortedDictionary<string, long>(new Dictionary<string, long>(licences), StringComparer.Ordinal);
        Consent = new SortedDictionary<string, long>(new Dictionary<string, long>(consent), StringComparer.Ordinal);
        ErasedCount = erasedCount;
        JournalCount = journalCount;
        JournalHead = journalHead;
        _document = CanonicalJson.Serialize(new JsonObject
        {
            ["format"] = Format,
            ["recordCount"] = recordCount,
            ["contributorCount"] = contributorCount,
            ["licences"] = Counts(Licences),
            ["consent"] = Counts(Consent),
            ["erasedCount"] = erasedCount,
            ["journalCount"] = journalCount,
            ["journalHead"] = journalHead.ToString(),
        });
        Digest = Sha256Digest.Of(_document);
    }

    /// <summary>How many records the version holds.</summary>
    public long RecordCount { get; }

    /// <summary>How many contributors gave them.</summary>
    public long ContributorCount { get; }

    /// <summary>How many records each licence covers.</summary>
    public IReadOnlyDictionary<string, long> Licences { get; }

    /// <summary>For how many records each use is allowed; uses that none allows are missing.</summary>
    public IReadOnlyDictionary<string, long> Consent { get; }

    /// <summary>How many records of the datanet had been erased, on any branch.</summary>
    public long ErasedCount { get; }

    /// <summary>How many events the journal had.</summary>
    public long JournalCount { get; }

    /// <summary>The digest of the journal's last event; 32 zero bytes while there was none.</summary>
    public Sha256Digest JournalHead { get; }

    /// <summary>The manifest as canonical JSON, UTF-8.</summary>
    public ReadOnlyMemory<byte> Document => _document;

    /// <summary>SHA-256 of <see cref="Document"/>.</summary>
    public Sha256Digest Digest { get; }

    /// <summary>Reads a manifest.</summary>
    /// <param name="document">Exactly the canonical bytes.</param>
    /// <exception cref="DatanetException">
    /// <see cref="DatanetError.InvalidJson"/>, <see cref="DatanetError.InvalidUtf8"/>, or <see cref="DatanetError.InvalidVersion"/>, also when the
    /// bytes are not canonical.
    /// </exception>
    public static VersionManifest Parse(ReadOnlySpan<byte> document)
    {
        JsonElement element = CanonicalJson.Parse(document);
        DocumentObject root = new(element, "$", DatanetError.InvalidVersion);
        root.AllowOnly("consent", "contributorCount", "erasedCount", "format", "journalCount", "journalHead", "licences", "recordCount");
        if (root.Text("format") != Format)
        {
            throw root.Fault("format", $"is '{root.Text("format")}'; this version of the package reads '{Format}'");
        }

        VersionManifest manifest = new(
            root.Int64("recordCount"),
            root.Int64("contributorCount"),
            ReadCounts(root, element, "licences"),
            ReadCounts(root, element, "consent"),
            root.Int64("erasedCount"),
            root.Int64("journalCount"),
            root.Digest("journalHead"));
        return document.SequenceEqual(manifest._document)
            ? manifest
            : throw new DatanetException(DatanetError.InvalidVersion, "The manifest is not in its canonical form, so its digest would be another one.");
    }

    private static JsonObject Counts(IReadOnlyDictionary<string, long> counts) =>
        new(counts.Select(count => KeyValuePair.Create(count.Key, (JsonNode?)JsonValue.Create(count.Value))));

    private static List<KeyValuePair<string, long>> ReadCounts(DocumentObject root, JsonElement element, string name)
    {
        DocumentObject counts = root.Object(name);
        return [.. element.GetProperty(name).EnumerateObject().Select(member => KeyValuePair.Create(member.Name, counts.Int64(member.Name)))];
    }
}
