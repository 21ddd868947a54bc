using System.Globalization;
using System.Text.Json.Nodes;
using OpenLedger.Datanets.Canonical;
using OpenLedger.Datanets.Contributions;

namespace OpenLedger.Datanets.Versions;

/// <summary>An immutable state of a datanet. Its id commits to all records, to the schema and to every earlier version.</summary>
/// <remarks>
/// The id is SHA-256 of <see cref="Header"/>, canonical JSON of the format <c>openledger-datanet-version/1</c>. Immutable; safe for
/// concurrent use.
/// </remarks>
public sealed class DatanetVersion
{
    /// <summary>Longest message in UTF-16 code units.</summary>
    public const int MaxMessageLength = 10_000;

    private const string Format = "openledger-datanet-version/1";
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
    private const int MaxHeaderLength = 1 << 20;

    private readonly byte[] _header;

    internal DatanetVersion(
        string datanetId,
        int number,
        Sha256Digest? parent,
        Sha256Digest root,
        long treeSize,
        Sha256Digest schema,
        ContributorId author,
        DateTimeOffset time,
        string message)
    {
        DatanetId = datanetId;
        Number = number;
        Parent = parent;
        Root = root;
        TreeSize = treeSize;
        Schema = schema;
        Author = author;
        Time = time;
        Message = message;
        _header = CanonicalJson.Serialize(new JsonObject
        {
            ["format"] = Format,
            ["datanet"] = datanetId,
            ["number"] = number,
            ["parent"] = parent?.ToString(),
            ["root"] = root.ToString(),
            ["treeSize"] = treeSize,
            ["schema"] = schema.ToString(),
            ["author"] = author.ToString(),
            ["time"] = time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture),
            ["message"] = message,
        });
        Id = Sha256Digest.Of(_header);
    }

    /// <summary>The datanet.</summary>
    public string DatanetId { get; }

    /// <summary>1 for the first version, then one more each time.</summary>
    public int Number { get; }

    /// <summary>SHA-256 of <see cref="Header"/>.</summary>
    public Sha256Digest Id { get; }

    /// <summary>The id of the version before; <see langword="null"/> for the first.</summary>
    public Sha256Digest? Parent { get; }

    /// <summary>The root of the transparency tree over the first <see cref="TreeSize"/> leaves.</summary>
    public Sha256Digest Root { get; }

    /// <summary>How many records the version holds.</summary>
    public long TreeSize { get; }

    /// <summary>The digest of the schema.</summary>
    public Sha256Digest Schema { get; }

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
        root.AllowOnly("author", "datanet", "format", "message", "number", "parent", "root", "schema", "time", "treeSize");
        if (root.Text("format") != Format)
        {
            throw root.Fault("format", $"is '{root.Text("format")}'; this version of the package reads '{Format}'");
        }

        DatanetVersion version = new(
            DatanetSlug.IsValid(root.Text("datanet")) ? root.Text("datanet") : throw root.Fault("datanet", "is not a datanet id"),
            root.Int32("number"),
            root.IsNull("parent") ? null : root.Digest("parent"),
            root.Digest("root"),
            root.Int64("treeSize"),
            root.Digest("schema"),
            ContributorId.TryParse(root.Text("author"), null, out ContributorId author) ? author : throw root.Fault("author", "is not a contributor id"),
            ReadTime(root),
            root.Text("message"));
        if (version.Number < 1 || version.TreeSize < 1 || (version.Number == 1) != (version.Parent is null) || version.Message.Length > MaxMessageLength)
        {
            throw new DatanetException(DatanetError.InvalidVersion, "The version header contradicts itself: number, parent, tree size or message length.");
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
