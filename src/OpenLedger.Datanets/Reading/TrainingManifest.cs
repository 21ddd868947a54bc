using System.Buffers.Binary;
using System.Text.Json.Nodes;
using OpenLedger.Datanets.Canonical;
using OpenLedger.Datanets.Contributions;
using OpenLedger.Datanets.Records;
using OpenLedger.Datanets.Transparency;
using OpenLedger.Datanets.Versions;

namespace OpenLedger.Datanets.Reading;

/// <summary>What a model was trained on: the versions of the datanets, and one root over every record and its contributor.</summary>
/// <remarks>
/// The document is canonical JSON of the format <c>openledger-training-manifest/1</c>; its SHA-256 is <see cref="Digest"/>, the value to bind
/// a model to. The root is that of an RFC 6962 tree with one leaf per record in the order of reading, so that anyone can be shown that a
/// record was used without seeing the others. The leaf is specified in <c>docs/spec/training-manifest.md</c>. Immutable; safe for concurrent use.
/// </remarks>
public sealed class TrainingManifest
{
    /// <summary>Length of the leaf of a record in bytes.</summary>
    public const int LeafLength = 86;

    private const string Format = "openledger-training-manifest/1";
    private const int MaxDocumentLength = 1 << 20;
    private readonly byte[] _document;

    private TrainingManifest(TrainingManifestSource[] sources, long count, Sha256Digest root)
    {
        Sources = Array.AsReadOnly(sources);
        Count = count;
        RecordsRoot = root;
        _document = CanonicalJson.Serialize(new JsonObject
        {
            ["format"] = Format,
            ["records"] = count,
            ["recordsRoot"] = root.ToString(),
            ["sources"] = new JsonArray([.. sources.Select(source => (JsonNode)new JsonObject
            {
                ["datanet"] = source.DatanetId,
                ["version"] = source.VersionNumber,
                ["versionId"] = source.VersionId.ToString(),
                ["records"] = source.Records,
            })]),
        });
        Digest = Sha256Digest.Of(_document);
    }

    /// <summary>The versions read from, in the order of their datanets' ids.</summary>
    public IReadOnlyList<TrainingManifestSource> Sources { get; }

    /// <summary>How many records were read; one that was read twice counts twice.</summary>
    public long Count { get; }

    /// <summary>The root over the records' leaves.</summary>
    public Sha256Digest RecordsRoot { get; }

    /// <summary>SHA-256 of <see cref="Document"/>.</summary>
    public Sha256Digest Digest { get; }

    /// <summary>The manifest as canonical JSON, UTF-8.</summary>
    public ReadOnlyMemory<byte> Document => _document;

    private static ReadOnlySpan<byte> Tag => "openledger-training-leaf:"u8;

    /// <summary>Makes the manifest of records that were read for training.</summary>
    /// <param name="versions">The versions they were read from, one per datanet.</param>
    /// <param name="records">The records in the order of reading; walked once.</param>
    /// <exception cref="ArgumentException">There is no record, two versions are of one datanet, or a record is of a datanet without a version.</exception>
    public static TrainingManifest Of(IEnumerable<DatanetVersion> versions, IEnumerable<TrainingRecord> records)
    {
        ArgumentNullException.ThrowIfNull(versions);
        ArgumentNullException.ThrowIfNull(records);
        SortedDictionary<string, DatanetVersion> byDatanet = new(StringComparer.Ordinal);
        foreach (DatanetVersion version in versions)
        {
            if (!byDatanet.TryAdd(version.DatanetId, version))
            {
                throw new ArgumentException($"Two versions of '{version.DatanetId}' are named; a run reads one version of a datanet.", nameof(versions));
            }
        }

        Dictionary<string, long> counts = new(StringComparer.Ordinal);
        TransparencyTree tree = new();
        foreach (TrainingRecord record in records)
        {
            if (!byDatanet.ContainsKey(record.DatanetId))
            {
                throw new ArgumentException($"A record is of the datanet '{record.DatanetId}', of which no version is named.", nameof(records));
            }

            counts[record.DatanetId] = counts.GetValueOrDefault(record.DatanetId) + 1;
            tree.AppendHash(LeafHash(record));
        }

        if (tree.Size == 0)
        {
            throw new ArgumentException("There is no record; a manifest stands for a training run on at least one.", nameof(records));
        }

        return new TrainingManifest(
            [.. byDatanet.Values.Select(version => new TrainingManifestSource(
                version.DatanetId, version.Number, version.Id, counts.GetValueOrDefault(version.DatanetId)))],
            tree.Size,
            tree.RootAt(tree.Size));
    }

    /// <summary>The hash of a record's leaf in the tree of <see cref="RecordsRoot"/>.</summary>
    /// <param name="record">A record that was read.</param>
    public static Sha256Digest LeafHash(TrainingRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        return LeafHash(record.Digest, record.Contributor, record.LeafIndex);
    }

    /// <summary>The hash of a record's leaf in the tree of <see cref="RecordsRoot"/>.</summary>
    /// <param name="record">The record's digest.</param>
    /// <param name="contributor">Who gave it.</param>
    /// <param name="leafIndex">Its place in the datanet.</param>
    public static Sha256Digest LeafHash(RecordDigest record, ContributorId contributor, long leafIndex)
    {
        Span<byte> leaf = stackalloc byte[LeafLength];
        Tag.CopyTo(leaf);
        leaf[25] = (byte)contributor.Scheme;
        contributor.CopyAccountTo(leaf[26..]);
        record.CopyTo(leaf[46..]);
        BinaryPrimitives.WriteInt64BigEndian(leaf[78..], leafIndex);
        return TransparencyTree.HashLeaf(leaf);
    }

    /// <summary>Reads a manifest.</summary>
    /// <param name="document">Exactly the canonical bytes.</param>
    /// <exception cref="DatanetException">
    /// <see cref="DatanetError.InvalidManifest"/>, <see cref="DatanetError.InvalidJson"/>, <see cref="DatanetError.InvalidUtf8"/> or
    /// <see cref="DatanetError.LimitExceeded"/>, also when the bytes are not canonical.
    /// </exception>
    public static TrainingManifest Parse(ReadOnlySpan<byte> document)
    {
        if (document.Length > MaxDocumentLength)
        {
            throw new DatanetException(
                DatanetError.LimitExceeded, $"The training manifest has {document.Length} bytes; at most {MaxDocumentLength} are allowed.");
        }

        DocumentObject root = new(CanonicalJson.Parse(CanonicalJson.Canonicalize(document)), "$", DatanetError.InvalidManifest);
        root.AllowOnly("format", "records", "recordsRoot", "sources");
        if (root.Text("format") != Format)
        {
            throw root.Fault("format", $"is '{root.Text("format")}'; this version of the package reads '{Format}'");
        }

        TrainingManifestSource[] sources = [.. root.Objects("sources").Select(static source =>
        {
            source.AllowOnly("datanet", "records", "version", "versionId");
            return new TrainingManifestSource(source.Text("datanet"), source.Int32("version"), source.Digest("versionId"), source.Int64("records"));
        })];
        TrainingManifest manifest = new(sources, root.Int64("records"), root.Digest("recordsRoot"));
        bool isSorted = sources.Zip(sources.Skip(1)).All(pair => string.CompareOrdinal(pair.First.DatanetId, pair.Second.DatanetId) < 0);
        if (manifest.Count < 1
            || !isSorted
            || sources.Any(source => !Datanet.IsValidId(source.DatanetId) || source.VersionNumber < 1 || source.Records < 0)
            || sources.Aggregate(Int128.Zero, (sum, source) => sum + source.Records) != manifest.Count)
        {
            throw new DatanetException(DatanetError.InvalidManifest, "The training manifest contradicts itself: counts, order or names of its sources.");
        }

        return document.SequenceEqual(manifest._document)
            ? manifest
            : throw new DatanetException(DatanetError.InvalidManifest, "The training manifest is not in its canonical form, so its digest would be another one.");
    }
}
