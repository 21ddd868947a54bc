using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using OpenLedger.Datanets.Canonical;

namespace OpenLedger.Datanets.Records;

/// <summary>One record of a datanet: an immutable JSON object in its canonical form, named by its digest.</summary>
/// <remarks>Two records are equal when their payloads are; the source position does not count. Safe for concurrent use.</remarks>
public sealed partial class DatanetRecord : IEquatable<DatanetRecord>
{
    /// <summary>Greatest length of a payload in bytes, before and after canonicalisation.</summary>
    public const int MaxLength = 1 << 20;

    private readonly byte[] _payload;
    private StrongBox<JsonElement>? _element;
    private StrongBox<Sha256Digest>? _normalizedDigest;

    private DatanetRecord(byte[] payload, string? sourcePosition)
    {
        _payload = payload;
        Digest = new RecordDigest(Sha256Digest.Of(payload));
        SourcePosition = sourcePosition;
    }

    /// <summary>The canonical payload, UTF-8.</summary>
    public ReadOnlyMemory<byte> Payload => _payload;

    /// <summary>The payload as a JSON object; parsed when it is first asked for, and kept.</summary>
    public JsonElement Element
    {
        get
        {
            // Two threads may both parse; either result serves, and a box is seen whole or not at all.
            StrongBox<JsonElement>? element = Volatile.Read(ref _element);
            if (element is null)
            {
                element = new StrongBox<JsonElement>(JsonElement.Parse(_payload, new JsonDocumentOptions { MaxDepth = CanonicalJson.MaxDepth }));
                Volatile.Write(ref _element, element);
            }

            return element.Value;
        }
    }

    /// <summary>See <see cref="Deduplication.NormalizedDigest"/>; kept, since both who reads and who stores the record ask for it.</summary>
    internal Sha256Digest NormalizedDigest
    {
        get
        {
            StrongBox<Sha256Digest>? digest = Volatile.Read(ref _normalizedDigest);
            if (digest is null)
            {
                digest = new StrongBox<Sha256Digest>(Deduplication.NormalizedDigest.Compute(_payload));
                Volatile.Write(ref _normalizedDigest, digest);
            }

            return digest.Value;
        }
    }

    /// <summary>SHA-256 of <see cref="Payload"/>.</summary>
    public RecordDigest Digest { get; }

    /// <summary>Where the record was read, for messages only, for example <c>facts.jsonl:12</c>; not part of the record.</summary>
    public string? SourcePosition { get; }

    /// <summary>Reads a record from JSON text.</summary>
    /// <param name="json">A JSON object, UTF-8, at most <see cref="MaxLength"/> bytes, in any spelling.</param>
    /// <param name="sourcePosition">Where the text stood, for messages, or <see langword="null"/>.</param>
    /// <exception cref="DatanetException">
    /// <see cref="DatanetError.InvalidJson"/>, <see cref="DatanetError.InvalidUtf8"/> or <see cref="DatanetError.LimitExceeded"/>. An
    /// integer beyond ±(2^53 - 1) is refused, since its canonical form would be another number.
    /// </exception>
    public static DatanetRecord Parse(ReadOnlySpan<byte> json, string? sourcePosition = null)
    {
        if (TryParse(json, sourcePosition, out DatanetRecord? record))
        {
            return record;
        }

        JsonElement element;
        try
        {
            element = json.Length <= MaxLength ? CanonicalJson.Parse(json) : throw TooLong(json.Length);
        }
        catch (DatanetException exception) when (sourcePosition is not null)
        {
            throw At(sourcePosition, exception);
        }

        return FromElement(element, sourcePosition);
    }

    /// <summary>Reads a record from JSON text; see <see cref="Parse(ReadOnlySpan{byte}, string?)"/>.</summary>
    /// <param name="json">A JSON object.</param>
    /// <param name="sourcePosition">Where the text stood, for messages, or <see langword="null"/>.</param>
    /// <exception cref="DatanetException">As for the UTF-8 overload.</exception>
    public static DatanetRecord Parse(string json, string? sourcePosition = null)
    {
        ArgumentNullException.ThrowIfNull(json);
        byte[] utf8;
        try
        {
            utf8 = StrictUtf8.GetBytes(json);
        }
        catch (EncoderFallbackException exception)
        {
            throw new DatanetException(DatanetError.InvalidJson, "The JSON text holds half a surrogate pair.", exception);
        }

        return Parse(utf8, sourcePosition);
    }

    /// <summary>Makes a record of an element that was parsed elsewhere.</summary>
    /// <param name="element">A JSON object.</param>
    /// <param name="sourcePosition">Where the element stood, for messages, or <see langword="null"/>.</param>
    /// <exception cref="DatanetException">As for <see cref="Parse(ReadOnlySpan{byte}, string?)"/>.</exception>
    public static DatanetRecord FromElement(JsonElement element, string? sourcePosition = null)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw new DatanetException(
                DatanetError.InvalidJson,
                $"{(sourcePosition is null ? "" : sourcePosition + ": ")}A record is a JSON object, not {Describe(element.ValueKind)}.");
        }

        try
        {
            return FromCanonical(CanonicalJson.Serialize(element, refuseInexactIntegers: true), sourcePosition);
        }
        catch (DatanetException exception) when (sourcePosition is not null)
        {
            throw At(sourcePosition, exception);
        }
    }

    /// <summary>Makes a record of a node that a program built.</summary>
    /// <param name="payload">The object; later changes to it do not reach the record.</param>
    /// <param name="sourcePosition">Where the object came from, for messages, or <see langword="null"/>.</param>
    /// <exception cref="DatanetException">As for <see cref="Parse(ReadOnlySpan{byte}, string?)"/>.</exception>
    public static DatanetRecord FromObject(JsonObject payload, string? sourcePosition = null)
    {
        ArgumentNullException.ThrowIfNull(payload);
        try
        {
            return FromCanonical(CanonicalJson.Serialize(payload, refuseInexactIntegers: true), sourcePosition);
        }
        catch (DatanetException exception) when (sourcePosition is not null)
        {
            throw At(sourcePosition, exception);
        }
    }

    /// <summary>Reads a text member of the payload.</summary>
    /// <param name="name">The member, at the top of the object.</param>
    /// <param name="text">The text, or <see langword="null"/>.</param>
    /// <returns><see langword="false"/> when there is no such member or it is not text.</returns>
    public bool TryGetText(string name, [NotNullWhen(true)] out string? text)
    {
        ArgumentNullException.ThrowIfNull(name);
        text = Element.TryGetProperty(name, out JsonElement member) && member.ValueKind == JsonValueKind.String ? member.GetString() : null;
        return text is not null;
    }

    /// <inheritdoc/>
    public bool Equals([NotNullWhen(true)] DatanetRecord? other) => other is not null && Digest == other.Digest;

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) => Equals(obj as DatanetRecord);

    /// <inheritdoc/>
    public override int GetHashCode() => Digest.GetHashCode();

    /// <summary>The digest and, where known, the source position; never the content, which does not belong in logs.</summary>
    public override string ToString() => SourcePosition is null ? Digest.ToString() : $"{Digest} ({SourcePosition})";

    /// <summary>Reads a record on the fast path; what it declines, the path over elements accepts or explains.</summary>
    internal static bool TryParse(ReadOnlySpan<byte> json, string? sourcePosition, [NotNullWhen(true)] out DatanetRecord? record)
    {
        record = json.Length <= MaxLength
            && Utf8Canonicalizer.TryCanonicalize(json, refuseInexactIntegers: true, out byte[] payload)
            && payload.Length <= MaxLength
            && payload[0] == '{'
                ? new DatanetRecord(payload, sourcePosition)
                : null;
        return record is not null;
    }

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static DatanetRecord FromCanonical(byte[] payload, string? sourcePosition) =>
        payload.Length <= MaxLength ? new DatanetRecord(payload, sourcePosition) : throw TooLong(payload.Length);

    private static DatanetException TooLong(int length) =>
        new(DatanetError.LimitExceeded, $"The record has {length} bytes; at most {MaxLength} are allowed.");

    private static DatanetException At(string sourcePosition, DatanetException fault) =>
        new(fault.Error, $"{sourcePosition}: {fault.Message}", fault);

    private static string Describe(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null => "null",
        JsonValueKind.Undefined => "nothing",
        _ => "a boolean",
    };
}
