using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace OpenLedger.Datanets.Canonical;

/// <summary>A SHA-256 value of 32 bytes, kept without an allocation.</summary>
/// <remarks>The text form is 64 lower-case hexadecimal digits. Digests order as their bytes do. The default value is 32 zero bytes.</remarks>
public readonly struct Sha256Digest : IEquatable<Sha256Digest>, IComparable<Sha256Digest>, ISpanParsable<Sha256Digest>
{
    /// <summary>Length of a digest in bytes.</summary>
    public const int Length = 32;

    private readonly UInt128 _high;
    private readonly UInt128 _low;

    /// <summary>Wraps a digest that was computed elsewhere.</summary>
    /// <param name="digest">Exactly 32 bytes.</param>
    /// <exception cref="ArgumentException"><paramref name="digest"/> is not 32 bytes long.</exception>
    public Sha256Digest(ReadOnlySpan<byte> digest)
    {
        if (digest.Length != Length)
        {
            throw new ArgumentException($"A SHA-256 digest has {Length} bytes, not {digest.Length}.", nameof(digest));
        }

        _high = BinaryPrimitives.ReadUInt128BigEndian(digest);
        _low = BinaryPrimitives.ReadUInt128BigEndian(digest[16..]);
    }

    /// <summary>Hashes <paramref name="content"/>.</summary>
    public static Sha256Digest Of(ReadOnlySpan<byte> content)
    {
        Span<byte> digest = stackalloc byte[Length];
        SHA256.HashData(content, digest);
        return new Sha256Digest(digest);
    }

    /// <summary>Copies the digest into <paramref name="destination"/>.</summary>
    /// <param name="destination">At least 32 bytes; the first 32 are written.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="destination"/> is shorter than 32 bytes.</exception>
    public void CopyTo(Span<byte> destination)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(destination.Length, Length, nameof(destination));
        BinaryPrimitives.WriteUInt128BigEndian(destination, _high);
        BinaryPrimitives.WriteUInt128BigEndian(destination[16..], _low);
    }

    /// <summary>Returns the 32 bytes in a new array.</summary>
    public byte[] ToArray()
    {
        byte[] digest = new byte[Length];
        CopyTo(digest);
        return digest;
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        Span<byte> digest = stackalloc byte[Length];
        CopyTo(digest);
        return Convert.ToHexStringLower(digest);
    }

    /// <summary>Reads the text form that <see cref="ToString"/> writes.</summary>
    /// <param name="s">64 lower-case hexadecimal digits.</param>
    /// <param name="provider">Ignored: the form does not depend on a culture.</param>
    /// <exception cref="FormatException">The text is not of that form.</exception>
    public static Sha256Digest Parse(ReadOnlySpan<char> s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out Sha256Digest digest)
            ? digest
            : throw new FormatException($"'{s}' is not a SHA-256 digest; expected {2 * Length} lower-case hexadecimal digits.");

    /// <inheritdoc cref="Parse(ReadOnlySpan{char}, IFormatProvider?)"/>
    public static Sha256Digest Parse(string s, IFormatProvider? provider = null)
    {
        ArgumentNullException.ThrowIfNull(s);
        return Parse(s.AsSpan(), provider);
    }

    /// <inheritdoc/>
    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out Sha256Digest result)
    {
        result = default;
        Span<byte> digest = stackalloc byte[Length];
        if (s.Length != 2 * Length
            || s.IndexOfAnyInRange('A', 'F') >= 0 // one text per digest: digests are hashed and signed as text
            || Convert.FromHexString(s, digest, out _, out _) != System.Buffers.OperationStatus.Done)
        {
            return false;
        }

        result = new Sha256Digest(digest);
        return true;
    }

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out Sha256Digest result) =>
        TryParse(s.AsSpan(), provider, out result);

    /// <inheritdoc/>
    public bool Equals(Sha256Digest other) => _high == other._high && _low == other._low;

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) => obj is Sha256Digest other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_high, _low);

    /// <inheritdoc/>
    public int CompareTo(Sha256Digest other)
    {
        int order = _high.CompareTo(other._high);
        return order != 0 ? order : _low.CompareTo(other._low);
    }

    /// <summary>Whether two digests are the same.</summary>
    public static bool operator ==(Sha256Digest left, Sha256Digest right) => left.Equals(right);

    /// <summary>Whether two digests differ.</summary>
    public static bool operator !=(Sha256Digest left, Sha256Digest right) => !left.Equals(right);

    /// <summary>Orders by bytes.</summary>
    public static bool operator <(Sha256Digest left, Sha256Digest right) => left.CompareTo(right) < 0;

    /// <summary>Orders by bytes.</summary>
    public static bool operator <=(Sha256Digest left, Sha256Digest right) => left.CompareTo(right) <= 0;

    /// <summary>Orders by bytes.</summary>
    public static bool operator >(Sha256Digest left, Sha256Digest right) => left.CompareTo(right) > 0;

    /// <summary>Orders by bytes.</summary>
    public static bool operator >=(Sha256Digest left, Sha256Digest right) => left.CompareTo(right) >= 0;
}
