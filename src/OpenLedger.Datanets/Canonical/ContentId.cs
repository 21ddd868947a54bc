using System.Diagnostics.CodeAnalysis;

namespace OpenLedger.Datanets.Canonical;

/// <summary>A content identifier, CIDv1: names bytes by their SHA-256, so that IPFS and other content-addressed systems find them.</summary>
/// <remarks>
/// <para>
/// The text form is <c>b</c> (multibase base32, RFC 4648 alphabet in lower case, no padding) and 58 digits over 36 bytes: version
/// 01, codec (<c>55</c> raw or <c>8004</c>, the varint of 0200, JSON), multihash 12 20 and the digest. A JSON identifier has 37 bytes
/// and 60 digits. One text per identifier: base58, CIDv0, upper case, other codecs and other hashes are refused by name.
/// </para>
/// <para>Source: the CID, multicodec, multihash and multibase specifications of multiformats. The default value is no identifier.</para>
/// </remarks>
public readonly struct ContentId : IEquatable<ContentId>, ISpanParsable<ContentId>
{
    private const int MaxBinaryLength = 37;
    private const int MaxTextLength = 61;
    private const byte Version = 1;
    private const byte Sha256Code = 0x12;

    /// <summary>Names content whose digest is known.</summary>
    /// <param name="codec">How the bytes are to be read.</param>
    /// <param name="digest">SHA-256 of the bytes.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="codec"/> is not a member of the enumeration.</exception>
    public ContentId(ContentCodec codec, Sha256Digest digest)
    {
        if (codec is not (ContentCodec.Raw or ContentCodec.Json))
        {
            throw new ArgumentOutOfRangeException(nameof(codec), codec, $"Must be {ContentCodec.Raw} or {ContentCodec.Json}.");
        }

        Codec = codec;
        Digest = digest;
    }

    /// <summary>How the bytes are to be read.</summary>
    public ContentCodec Codec { get; }

    /// <summary>SHA-256 of the bytes.</summary>
    public Sha256Digest Digest { get; }

    /// <summary>Hashes content and names it.</summary>
    /// <param name="codec">How the bytes are to be read.</param>
    /// <param name="content">The bytes; for <see cref="ContentCodec.Json"/> the caller gives canonical JSON, which is not checked here.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="codec"/> is not a member of the enumeration.</exception>
    public static ContentId Of(ContentCodec codec, ReadOnlySpan<byte> content) => new(codec, Sha256Digest.Of(content));

    /// <summary>Returns the binary form, 36 bytes for raw content and 37 for JSON, in a new array.</summary>
    /// <exception cref="InvalidOperationException">This is the default value.</exception>
    public byte[] ToBytes()
    {
        Span<byte> bytes = stackalloc byte[MaxBinaryLength];
        return bytes[..Write(bytes)].ToArray();
    }

    /// <summary>The text form; empty for the default value.</summary>
    public override string ToString()
    {
        if (Codec == 0)
        {
            return "";
        }

        Span<byte> bytes = stackalloc byte[MaxBinaryLength];
        Span<char> text = stackalloc char[MaxTextLength];
        text[0] = 'b';
        return text[..(1 + Base32.Write(bytes[..Write(bytes)], text[1..]))].ToString();
    }

    /// <summary>Reads the text form that <see cref="ToString"/> writes.</summary>
    /// <param name="s">The text.</param>
    /// <param name="provider">Ignored: the form does not depend on a culture.</param>
    /// <exception cref="FormatException">The text is not of that form; the message says what it is instead.</exception>
    public static ContentId Parse(ReadOnlySpan<char> s, IFormatProvider? provider = null) =>
        Read(s, out ContentId id) is string problem ? throw new FormatException($"'{Excerpt(s)}' {problem}") : id;

    /// <inheritdoc cref="Parse(ReadOnlySpan{char}, IFormatProvider?)"/>
    public static ContentId Parse(string s, IFormatProvider? provider = null)
    {
        ArgumentNullException.ThrowIfNull(s);
        return Parse(s.AsSpan(), provider);
    }

    /// <inheritdoc/>
    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out ContentId result) => Read(s, out result) is null;

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out ContentId result) =>
        TryParse(s.AsSpan(), provider, out result);

    /// <inheritdoc/>
    public bool Equals(ContentId other) => Codec == other.Codec && Digest == other.Digest;

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) => obj is ContentId other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Codec, Digest);

    /// <summary>Whether two identifiers are the same.</summary>
    public static bool operator ==(ContentId left, ContentId right) => left.Equals(right);

    /// <summary>Whether two identifiers differ.</summary>
    public static bool operator !=(ContentId left, ContentId right) => !left.Equals(right);

    private int Write(Span<byte> bytes)
    {
        int length = 0;
        bytes[length++] = Version;
        switch (Codec)
        {
            case ContentCodec.Raw:
                bytes[length++] = 0x55;
                break;
            case ContentCodec.Json: // the varint of 0x0200: low seven bits first
                bytes[length++] = 0x80;
                bytes[length++] = 0x04;
                break;
            default:
                throw new InvalidOperationException("The default ContentId names nothing.");
        }

        bytes[length++] = Sha256Code;
        bytes[length++] = Sha256Digest.Length;
        Digest.CopyTo(bytes[length..]);
        return length + Sha256Digest.Length;
    }

    /// <summary>Reads the text; what is wrong with it, or <see langword="null"/>.</summary>
    private static string? Read(ReadOnlySpan<char> text, out ContentId id)
    {
        id = default;
        switch (text.IsEmpty ? '\0' : text[0])
        {
            case 'b':
                break;
            case 'Q' when text.StartsWith("Qm"):
                return "is a CIDv0; only CIDv1 in base32 is accepted.";
            case 'z' or 'B' or 'f' or 'F' or 'k' or 'm' or 'u' or 'Z':
                return "is in another multibase; only 'b' (base32, lower case) is accepted.";
            default:
                return "is not a content identifier; it begins with 'b'.";
        }

        Span<byte> buffer = stackalloc byte[MaxBinaryLength];
        if (text.Length > MaxTextLength || !Base32.TryRead(text[1..], buffer, out int length))
        {
            return "is not base32 in lower case without padding, or too long.";
        }

        ReadOnlySpan<byte> bytes = buffer[..length];
        if (bytes.IsEmpty || bytes[0] != Version)
        {
            return "is not of version 1.";
        }

        bytes = bytes[1..];
        ContentCodec codec;
        if (bytes is [0x55, ..])
        {
            codec = ContentCodec.Raw;
            bytes = bytes[1..];
        }
        else if (bytes is [0x80, 0x04, ..])
        {
            codec = ContentCodec.Json;
            bytes = bytes[2..];
        }
        else
        {
            return "has another codec; only raw (55) and JSON (0200) are accepted.";
        }

        if (bytes is not [Sha256Code, ..])
        {
            return "has another hash function; only SHA-256 (12) is accepted.";
        }

        if (bytes.Length != 2 + Sha256Digest.Length || bytes[1] != Sha256Digest.Length)
        {
            return $"does not hold a digest of {Sha256Digest.Length} bytes.";
        }

        id = new ContentId(codec, new Sha256Digest(bytes[2..]));
        return null;
    }

    private static string Excerpt(ReadOnlySpan<char> text) => text.Length <= 80 ? text.ToString() : string.Concat(text[..80], "…");
}
