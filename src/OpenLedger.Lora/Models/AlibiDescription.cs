namespace OpenLedger.Lora.Models;

/// <summary>
/// Attention with linear biases (Press et al., arXiv 2108.12409): <c>slope(head) · position(key)</c> is added to the scores. With H heads and
/// p the largest power of two up to H, slopes are <c>2^(-8k/p)</c> for k = 1 … p; further heads take the odd powers of <c>2^(-4/p)</c>.
/// </summary>
public sealed record AlibiDescription
{
    /// <summary>Whether the bias is added before the scores are scaled by <c>1/√headSize</c>, so that it is scaled too (Falcon).</summary>
    /// <value><see langword="false"/>: the bias is added to scaled scores (BLOOM).</value>
    public bool BeforeScaling { get; init; }

    /// <summary>Whether slopes are rounded to bfloat16, as Falcon's authors do.</summary>
    public bool SlopesInBFloat16 { get; init; }

    /// <summary>The slope of one head.</summary>
    /// <param name="head">Zero-based head.</param>
    /// <param name="headCount">H; at least 1.</param>
    /// <returns>A number in (0, 1), rounded to bfloat16 where <see cref="SlopesInBFloat16"/> says so.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such head.</exception>
    public float SlopeOf(int head, int headCount)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(head);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(head, headCount);
        int powerOfTwo = 1 << System.Numerics.BitOperations.Log2((uint)headCount);
        double slope = head < powerOfTwo
            ? Math.Pow(2, -8.0 * (head + 1) / powerOfTwo)
            : Math.Pow(2, -4.0 * ((2 * (head - powerOfTwo)) + 1) / powerOfTwo);
        return SlopesInBFloat16 ? ToBFloat16((float)slope) : (float)slope;
    }

    /// <summary>Round to nearest, ties to even, of a finite positive number.</summary>
    private static float ToBFloat16(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        return BitConverter.UInt32BitsToSingle((bits + 0x7FFF + ((bits >> 16) & 1)) & 0xFFFF0000);
    }
}
