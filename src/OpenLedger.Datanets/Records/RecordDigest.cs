using System.Diagnostics.CodeAnalysis;
using OpenLedger.Datanets.Canonical;

namespace OpenLedger.Datanets.Records;

/// <summary>Names a record: the SHA-256 of its canonical payload.</summary>
/// <remarks>
/// A type of its own, so that a record is never mistaken for a version, a schema or a tree node. The text form is 64 lower-case
/// hexadecimal digits; digests order as their bytes do.
/// </remarks>
public readonly struct RecordDigest : IEquatable<RecordDigest>, IComparable<RecordDigest>, ISpanParsable<RecordDigest>
{
    /// <summary>Names a record by a digest that was computed elsewhere.</summary>
    /// <param name="value">SHA-256 of the canonical payload.</param>
    public RecordDigest(Sha256Digest value) => Value = value;

    /// <summary>The SHA-256 of the canonical payload.</summary>
    public Sha256Digest Value { get; }

    /// <summary>Copies the digest into <paramref name="destination"/>.</summary>
    /// <param name="destination">At least 32 bytes; the first 32 are written.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="destination"/> is shorter than 32 bytes.</exception>
    public void CopyTo(Span<byte> destination) => Value.CopyTo(destination);

    /// <summary>Returns the 32 bytes in a new array.</summary>
    public byte[] ToArray() => Value.ToArray();

    /// <inheritdoc/>
    public override string ToString() => Value.ToString();

    /// <summary>Reads the text form that <see cref="ToString"/> writes.</summary>
    /// <param name="s">64 lower-case hexadecimal digits.</param>
    /// <param name="provider">Ignored: the form does not depend on a culture.</param>
    /// <exception cref="FormatException">The text is not of that form.</exception>
    public static RecordDigest Parse(ReadOnlySpan<char> s, IFormatProvider? provider = null) => new(Sha256Digest.Parse(s, provider));

    /// <inheritdoc cref="Parse(ReadOnlySpan{char}, IFormatProvider?)"/>
    public static RecordDigest Parse(string s, IFormatProvider? provider = null) => new(Sha256Digest.Parse(s, provider));

    /// <inheritdoc/>
    public static bool TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out RecordDigest result)
    {
        bool parsed = Sha256Digest.TryParse(s, provider, out Sha256Digest value);
        result = new RecordDigest(value);
        return parsed;
    }

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out RecordDigest result) =>
        TryParse(s.AsSpan(), provider, out result);

    /// <inheritdoc/>
    public bool Equals(RecordDigest other) => Value == other.Value;

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) => obj is RecordDigest other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Value.GetHashCode();

    /// <inheritdoc/>
    public int CompareTo(RecordDigest other) => Value.CompareTo(other.Value);

    /// <summary>Whether two digests are the same.</summary>
    public static bool operator ==(RecordDigest left, RecordDigest right) => left.Equals(right);

    /// <summary>Whether two digests differ.</summary>
    public static bool operator !=(RecordDigest left, RecordDigest right) => !left.Equals(right);

    /// <summary>Orders by bytes.</summary>
    public static bool operator <(RecordDigest left, RecordDigest right) => left.CompareTo(right) < 0;

    /// <summary>Orders by bytes.</summary>
    public static bool operator <=(RecordDigest left, RecordDigest right) => left.CompareTo(right) <= 0;

    /// <summary>Orders by bytes.</summary>
    public static bool operator >(RecordDigest left, RecordDigest right) => left.CompareTo(right) > 0;

    /// <summary>Orders by bytes.</summary>
    public static bool operator >=(RecordDigest left, RecordDigest right) => left.CompareTo(right) >= 0;
}
