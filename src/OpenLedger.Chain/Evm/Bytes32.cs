using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace OpenLedger.Chain.Evm;

/// <summary>A 32-byte word: a hash, a digest, or a Solidity <c>bytes32</c> / big-endian <c>uint256</c>.</summary>
/// <remarks>
/// The text form is <c>0x</c> followed by 64 lower-case hexadecimal digits. Values order as big-endian unsigned integers. The default value
/// is zero.
/// </remarks>
public readonly struct Bytes32 : IEquatable<Bytes32>, IComparable<Bytes32>, ISpanParsable<Bytes32>
{
    /// <summary>Length in bytes.</summary>
    public const int Length = 32;

    private readonly UInt128 _high;
    private readonly UInt128 _low;

    /// <summary>Creates a word from its bytes.</summary>
    /// <param name="bytes">Exactly 32 bytes.</param>
    /// <exception cref="ArgumentException"><paramref name="bytes"/> is not 32 bytes long.</exception>
    public Bytes32(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Length)
        {
            throw new ArgumentException($"A word has {Length} bytes, not {bytes.Length}.", nameof(bytes));
        }

        _high = BinaryPrimitives.ReadUInt128BigEndian(bytes);
        _low = BinaryPrimitives.ReadUInt128BigEndian(bytes[16..]);
    }

    private Bytes32(UInt128 high, UInt128 low)
    {
        _high = high;
        _low = low;
    }

    /// <summary>Whether all bytes are zero.</summary>
    public bool IsZero => _high == UInt128.Zero && _low == UInt128.Zero;

    /// <summary>The word whose big-endian value is <paramref name="value"/>.</summary>
    /// <param name="value">The number.</param>
    public static Bytes32 FromUInt128(UInt128 value) => new(UInt128.Zero, value);

    /// <summary>The Keccak-256 hash of the UTF-8 bytes of <paramref name="text"/>.</summary>
    /// <param name="text">The text; lone surrogates are replaced as UTF-8 encoding does.</param>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    public static Bytes32 HashOf(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Keccak256.Hash(System.Text.Encoding.UTF8.GetBytes(text));
    }

    /// <summary>Copies the 32 bytes into <paramref name="destination"/>.</summary>
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
        byte[] bytes = new byte[Length];
        CopyTo(bytes);
        return bytes;
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Length];
        CopyTo(bytes);
        return "0x" + Convert.ToHexStringLower(bytes);
    }

    /// <summary>Reads the text form that <see cref="ToString"/> writes.</summary>
    /// <param name="s">The text.</param>
    /// <param name="provider">Ignored: the form does not depend on a culture.</param>
    /// <exception cref="FormatException">The text is not of that form.</exception>
    public static Bytes32 Parse(ReadOnlySpan<char> s, IFormatProvider? provider = null) =>
        TryParse(s, provider, out Bytes32 value)
            ? value
            : throw new FormatException($"'{s}' is not a 32-byte word; expected '0x' and 64 lower-case hexadecimal digits.");

    /// <inheritdoc cref="Parse(ReadOnlySpan{char}, IFormatProvider?)"/>
    public static Bytes32 Parse(string s, IFormatProvider? provider = null)
    {
        ArgumentNullException.ThrowIfNull(s);
        return Parse(s.AsSpan(), provider);
    }

    /// <inheritdoc/>
    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out Bytes32 result)
    {
        result = default;
        if (s.Length != 2 + (2 * Length) || !s.StartsWith("0x", StringComparison.Ordinal) || s.IndexOfAnyInRange('A', 'F') >= 0)
        {
            return false; // one text per value: words are compared and hashed as text in exported files
        }

        Span<byte> bytes = stackalloc byte[Length];
        if (Convert.FromHexString(s[2..], bytes, out _, out _) != OperationStatus.Done)
        {
            return false;
        }

        result = new Bytes32(bytes);
        return true;
    }

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out Bytes32 result) =>
        TryParse(s.AsSpan(), provider, out result);

    /// <inheritdoc/>
    public bool Equals(Bytes32 other) => _high == other._high && _low == other._low;

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) => obj is Bytes32 other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_high, _low);

    /// <inheritdoc/>
    public int CompareTo(Bytes32 other)
    {
        int order = _high.CompareTo(other._high);
        return order != 0 ? order : _low.CompareTo(other._low);
    }

    /// <summary>Whether two words are the same.</summary>
    public static bool operator ==(Bytes32 left, Bytes32 right) => left.Equals(right);

    /// <summary>Whether two words differ.</summary>
    public static bool operator !=(Bytes32 left, Bytes32 right) => !left.Equals(right);

    /// <summary>Orders as big-endian unsigned integers.</summary>
    public static bool operator <(Bytes32 left, Bytes32 right) => left.CompareTo(right) < 0;

    /// <summary>Orders as big-endian unsigned integers.</summary>
    public static bool operator <=(Bytes32 left, Bytes32 right) => left.CompareTo(right) <= 0;

    /// <summary>Orders as big-endian unsigned integers.</summary>
    public static bool operator >(Bytes32 left, Bytes32 right) => left.CompareTo(right) > 0;

    /// <summary>Orders as big-endian unsigned integers.</summary>
    public static bool operator >=(Bytes32 left, Bytes32 right) => left.CompareTo(right) >= 0;
}
