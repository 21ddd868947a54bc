using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.Intrinsics;

namespace OpenLedger.Datanets.Deduplication.Near;

/// <summary>A short fingerprint of a text; two fingerprints agree in about as many bytes as the texts share shingles.</summary>
/// <remarks>
/// One byte per row, the b-bit minwise hashing of Li and König (2010) with b = 8: unequal rows agree by chance once in 256, which
/// <see cref="EstimateSimilarity"/> takes out again. Texts can be guessed from it: treat it as confidential as the text. Immutable.
/// </remarks>
public sealed class MinHashSignature : IEquatable<MinHashSignature>
{
    private const double ChanceAgreement = 1 / 256d;

    private readonly byte[] _rows;

    internal MinHashSignature(byte[] rows) => _rows = rows;

    /// <summary>A byte per row, or none for a text without a single word, which resembles nothing.</summary>
    public ReadOnlyMemory<byte> Rows => _rows;

    /// <summary>Whether the text had no word at all.</summary>
    public bool IsEmpty => _rows.Length == 0;

    /// <summary>Estimates the Jaccard similarity of the two sets of shingles.</summary>
    /// <param name="other">A signature made with the same options.</param>
    /// <returns>0 to 1; unbiased but for the clipping at 0, standard deviation √(s (1 - s) / rows), 0.04 at s = 0.7 and 112 rows.</returns>
    /// <exception cref="ArgumentException">The signatures differ in length.</exception>
    public double EstimateSimilarity(MinHashSignature other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (IsEmpty || other.IsEmpty)
        {
            return 0;
        }

        return _rows.Length == other._rows.Length
            ? SimilarityOf(CountEqual(_rows, other._rows), _rows.Length)
            : throw new ArgumentException(
                $"One signature has {_rows.Length} rows, the other {other._rows.Length}; make both with the same options.", nameof(other));
    }

    /// <inheritdoc/>
    public bool Equals([NotNullWhen(true)] MinHashSignature? other) => other is not null && _rows.AsSpan().SequenceEqual(other._rows);

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) => Equals(obj as MinHashSignature);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = default;
        hash.AddBytes(_rows);
        return hash.ToHashCode();
    }

    internal static double SimilarityOf(int equalRows, int rows) =>
        Math.Max(0, ((equalRows / (double)rows) - ChanceAgreement) / (1 - ChanceAgreement));

    internal static int CountEqual(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        int equal = 0;
        int i = 0;
        if (Vector128.IsHardwareAccelerated)
        {
            for (; i + Vector128<byte>.Count <= left.Length; i += Vector128<byte>.Count)
            {
                equal += BitOperations.PopCount(
                    Vector128.Equals(Vector128.Create(left[i..]), Vector128.Create(right[i..])).ExtractMostSignificantBits());
            }
        }

        for (; i < left.Length; i++)
        {
            equal += left[i] == right[i] ? 1 : 0;
        }

        return equal;
    }
}
