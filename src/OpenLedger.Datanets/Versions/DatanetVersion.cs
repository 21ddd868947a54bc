using System.Globalization;
using System.Text.Json.Nodes;
using OpenLedger.Datanets.Canonical;
using OpenLedger.Datanets.Contributions;

namespace OpenLedger.Datanets.Versions;

/// <summary>An immutable state of one branch of a datanet. Its id commits to every step of the log so far, to the schema and to the versions before.</summary>
/// <remarks>
/// The id is SHA-256 of <see cref="Header"/>, canonical JSON of the format <c>openledger-datanet-version/2</c>, which
/// <c>docs/spec/datanet-version.md</c> specifies. Immutable; safe for concurrent use.
/// </remarks>
public sealed class DatanetVersion
{
    /// <summary>Longest message in UTF-16 code units.</summary>
    public const int MaxMessageLength = 10_000;

    internal const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
    private const string Format = "openledger-datanet-version/2";
    private const int MaxHeaderLength = 1 << 20;

    private readonly byte[] _header;

    internal DatanetVersion(
        string datanetId,
        int number,
        string branch,
        IEnumerable<Sha256Digest> parents,
        Sha256Digest root,
        long treeSize,
        long recordCount,
        Sha256Digest schema,
        Sha256Digest manifest,
        ContributorId author,
        DateTimeOffset time,
        string message)
    {
        DatanetId = datanetId;
        Number = number;
        Branch = branch;
        Parents = Array.AsReadOnly(parents.ToArray());
        Root = root;
        TreeSize = treeSize;
        RecordCount = recordCount;
        Schema = schema;
        Manifest = manifest;
        Author = author;
        Time = time;
        Message = message;
        _header = CanonicalJson.Serialize(new JsonObject
        {
            ["format"] = Format,
            ["datanet"] = datanetId,
            ["number"] = number,
            ["branch"] = branch,
            ["parents"] = new JsonArray([.. Parents.Select(parent => (JsonNode)JsonValue.Create(parent.ToString())!)]),
            ["root"] = root.ToString(),
            ["treeSize"] = treeSize,
            ["recordCount"] = recordCount,
            ["schema"] = schema.ToString(),
            ["manifest"] = manifest.ToString(),
            ["author"] = author.ToString(),
            ["time"] = time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture),
            ["message"] = message,
        });
        Id = Sha256Digest.Of(_header);
    }

    /// <summary>The datanet.</summary>
    public string DatanetId { get; }

    /// <summary>1 for the first version of the datanet, then one more each time, on whatever branch.</summary>
    public int Number { get; }

    /// <summary>The branch it was committed on.</summary>
    public string Branch { get; }

    /// <summary>SHA-256 of <see cref="Header"/>.</summary>
    public Sha256Digest Id { get; }

    /// <summary>The ids of the versions before: none for the first, two for a merge, the merged branch's last.</summary>
    public IReadOnlyList<Sha256Digest> Parents { get; }

    /// <summary>The id of the version before on this branch, or of the one it was forked from; <see langword="null"/> when there is none.</summary>
    public Sha256Digest? Parent => Parents.Count == 0 ? null : Parents[0];

    /// <summary>The root of the transparency tree over the first <see cref="TreeSize"/> steps of the log.</summary>
    public Sha256Digest Root { get; }

    /// <summary>How many steps the log had, on all branches together; for a datanet that was only ever added to, also the number of its records.</summary>
    public long TreeSize { get; }

    /// <summary>How many records the version held when it was made; records that were erased later are still counted.</summary>
    public long RecordCount { get; }

    /// <summary>The digest of the schema.</summary>
    public Sha256Digest Schema { get; }

    /// <summary>The digest of the version's <see cref="VersionManifest"/>.</summary>
    public Sha256Digest Manifest { get; }

    /// <summary>Who committed.</summary>
    public ContributorId Author { get; }

    /// <summary>When, to the millisecond.</summary>
    public DateTimeOffset Time { get; }

    /// <summary>Why, in the author's words.</summary>
    public string Message { get; }

    /// <summary>The version as canonical JSON, UTF-8.</summary>
    public ReadOnlyMemory<byte> Header => _header;

    /// <summary>Reads a header, for example one that was exported. Its id follows from its bytes; whether it is the right one is the caller's to compare.</summary>
    /// <param name="header">Exactly the canonical bytes.</param>
    /// <exception cref="DatanetException">
    /// <see cref="DatanetError.InvalidJson"/>, <see cref="DatanetError.InvalidUtf8"/>, <see cref="DatanetError.LimitExceeded"/>, or
    /// <see cref="DatanetError.InvalidVersion"/>, also when the bytes are not canonical.
    /// </exception>
    public static DatanetVersion Parse(ReadOnlySpan<byte> header)
    {
        if (header.Length > MaxHeaderLength)
        {
            throw new DatanetException(
                DatanetError.LimitExceeded, $"The version header has {header.Length} bytes; at most {MaxHeaderLength} are allowed.");
        }

        DocumentObject root = new(CanonicalJson.Parse(CanonicalJson.Canonicalize(header)), "$", DatanetError.InvalidVersion);
        root.AllowOnly(
            "author", "branch", "datanet", "format", "manifest", "message", "number", "parents", "recordCount", "root", "schema", "time", "treeSize");
        if (root.Text("format") != Format)
        {
            throw root.Fault("format", $"is '{root.Text("format")}'; this version of the package reads '{Format}'");
        }

        DatanetVersion version = new(
            DatanetSlug.IsValid(root.Text("datanet")) ? root.Text("datanet") : throw root.Fault("datanet", "is not a datanet id"),
            root.Int32("number"),
            BranchName.IsValid(root.Text("branch")) ? root.Text("branch") : throw root.Fault("branch", "is not a name of a branch"),
            root.Texts("parents").Select(text => Sha256Digest.TryParse(text, null, out Sha256Digest parent) ? parent : throw root.Fault("parents", "holds no id")),
            root.Digest("root"),
            root.Int64("treeSize"),
            root.Int64("recordCount"),
            root.Digest("schema"),
            root.Digest("manifest"),
            ContributorId.TryParse(root.Text("author"), null, out ContributorId author) ? author : throw root.Fault("author", "is not a contributor id"),
            ReadTime(root),
            root.Text("message"));
        if (version.Number < 1
            || version.TreeSize < 1
            || version.RecordCount < 0
            || version.RecordCount > version.TreeSize
            || version.Parents.Count > 2
            || (version.Number == 1 && version.Parents.Count > 0)
            || (version.Parents.Count == 2 && version.Parents[0] == version.Parents[1])
            || version.Message.Length > MaxMessageLength)
        {
            throw new DatanetException(
                DatanetError.InvalidVersion, "The version header contradicts itself: number, parents, tree size, record count or message length.");
        }

        return header.SequenceEqual(version._header)
            ? version
            : throw new DatanetException(DatanetError.InvalidVersion, "The version header is not in its canonical form, so its id would be another one.");
    }

    private static DateTimeOffset ReadTime(DocumentObject root) =>
        DateTimeOffset.TryParseExact(
            root.Text("time"), TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time)
            ? time
            : throw root.Fault("time", "is not of the form 2030-01-31T23:59:59.000Z");
}
