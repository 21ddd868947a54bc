using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using OpenLedger.Datanets.Canonical;
using OpenLedger.Datanets.Contributions;

namespace OpenLedger.Datanets.Journal;

/// <summary>One thing that happened in a datanet: who did what, when. It names its predecessor, so that none can be taken out or changed unseen.</summary>
/// <remarks>
/// The document is canonical JSON of the format <c>openledger-journal/1</c>; its SHA-256 is <see cref="Digest"/>. Immutable; safe for
/// concurrent use. Events are kept for ever: they carry ids, digests, decisions and reasons, never the payload of a record.
/// </remarks>
public sealed class JournalEvent
{
    /// <summary>Longest document in bytes.</summary>
    public const int MaxDocumentLength = 1 << 20;

    private const string Format = "openledger-journal/1";
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
    private const int MaxKindLength = 64;

    private readonly byte[] _document;

    internal JournalEvent(string datanetId, long sequence, Sha256Digest previous, DateTimeOffset time, ContributorId actor, string kind, JsonObject body)
        : this(
            CanonicalJson.Serialize(new JsonObject
            {
                ["format"] = Format,
                ["datanet"] = datanetId,
                ["sequence"] = sequence,
                ["previous"] = previous.ToString(),
                ["time"] = time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture),
                ["actor"] = actor.ToString(),
                ["kind"] = kind,
                ["body"] = body.DeepClone(),
            }))
    {
    }

    private JournalEvent(byte[] document)
    {
        _document = document;
        if (document.Length > MaxDocumentLength)
        {
            throw new DatanetException(
                DatanetError.LimitExceeded, $"The journal event has {document.Length} bytes; at most {MaxDocumentLength} are allowed.");
        }

        JsonElement element = CanonicalJson.Parse(document);
        DocumentObject root = new(element, "$", DatanetError.StoreCorrupt);
        root.AllowOnly("actor", "body", "datanet", "format", "kind", "previous", "sequence", "time");
        if (root.Text("format") != Format)
        {
            throw root.Fault("format", $"is '{root.Text("format")}'; this version of the package reads '{Format}'");
        }

        DatanetId = root.Text("datanet");
        Sequence = root.Int64("sequence");
        Previous = root.Digest("previous");
        Kind = IsKind(root.Text("kind")) ? root.Text("kind") : throw root.Fault("kind", "is not a kind of event");
        Actor = ContributorId.TryParse(root.Text("actor"), null, out ContributorId actor) ? actor : throw root.Fault("actor", "is not a contributor id");
        Time = DateTimeOffset.TryParseExact(
            root.Text("time"), TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time)
            ? time
            : throw root.Fault("time", "is not of the form 2030-01-31T23:59:59.000Z");
        _ = root.Object("body");
        Body = element.GetProperty("body");
        Digest = Sha256Digest.Of(document);
    }

    /// <summary>The datanet it happened in.</summary>
    public string DatanetId { get; }

    /// <summary>0-based place in the datanet's journal.</summary>
    public long Sequence { get; }

    /// <summary>The digest of the event before; 32 zero bytes for the first.</summary>
    public Sha256Digest Previous { get; }

    /// <summary>When, to the millisecond.</summary>
    public DateTimeOffset Time { get; }

    /// <summary>Who did it.</summary>
    public ContributorId Actor { get; }

    /// <summary>What was done: area, dot, verb in the past, for example <c>review.claimed</c>.</summary>
    public string Kind { get; }

    /// <summary>The particulars, a JSON object whose members depend on <see cref="Kind"/>.</summary>
    public JsonElement Body { get; }

    /// <summary>SHA-256 of <see cref="Document"/>.</summary>
    public Sha256Digest Digest { get; }

    /// <summary>The event as canonical JSON, UTF-8.</summary>
    public ReadOnlyMemory<byte> Document => _document;

    /// <summary>Reads an event.</summary>
    /// <param name="document">Exactly the canonical bytes.</param>
    /// <exception cref="DatanetException">
    /// <see cref="DatanetError.StoreCorrupt"/>, <see cref="DatanetError.InvalidJson"/>, <see cref="DatanetError.InvalidUtf8"/> or
    /// <see cref="DatanetError.LimitExceeded"/>: the bytes are not a canonical event.
    /// </exception>
    public static JournalEvent Parse(ReadOnlySpan<byte> document)
    {
        if (document.Length <= MaxDocumentLength && !CanonicalJson.IsCanonical(document))
        {
            throw new DatanetException(DatanetError.StoreCorrupt, "The journal event is not in its canonical form.");
        }

        return new JournalEvent(document.ToArray());
    }

    /// <summary>Whether a text can be a kind: 1 to 64 lower-case letters, digits and hyphens in parts joined by dots.</summary>
    internal static bool IsKind(string kind) =>
        kind.Length is > 0 and <= MaxKindLength
        && kind.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '.')
        && !kind.Contains("..", StringComparison.Ordinal)
        && kind[0] != '.'
        && kind[^1] != '.';
}
