namespace OpenLedger.Lora.Quantization;

/// <summary>The values of a four-bit type by code, and where one code gives way to the next.</summary>
internal sealed class FourBitCode
{
    private FourBitCode(float[] values, bool isSignAndMagnitude)
    {
        Values = values;
        byte[] codes = [.. Enumerable.Range(0, 16).Select(code => (byte)code).OrderBy(code => values[code]).ThenByDescending(code => code)];
        CodeOfRank = codes;
        Midpoints = new float[15];
        for (int i = 0; i < Midpoints.Length; i++)
        {
            float middle = (float)(((double)values[codes[i]] + values[codes[i + 1]]) / 2);

            // A sign and a magnitude are rounded apart: a tie goes to the smaller magnitude on both sides, and zero has the sign plus.
            Midpoints[i] = isSignAndMagnitude && i <= 7 ? MathF.BitDecrement(middle) : middle;
        }
    }

    // Dettmers et al., arXiv 2305.14314, appendix E.
    public static FourBitCode Nf4 { get; } = new(
    [
        -1f, -0.6961928009986877f, -0.5250730514526367f, -0.39491748809814453f, -0.28444138169288635f, -0.18477343022823334f,
        -0.09105003625154495f, 0f, 0.07958029955625534f, 0.16093020141124725f, 0.24611230194568634f, 0.33791524171829224f,
        0.44070982933044434f, 0.5626170039176941f, 0.7229568362236023f, 1f,
    ], isSignAndMagnitude: false);

    // Twelfths in the order of the bits: sign, two of exponent, one of mantissa.
    public static FourBitCode Fp4 { get; } = new(
    [
        0f, 0.0625f / 12, 8f / 12, 12f / 12, 4f / 12, 6f / 12, 2f / 12, 3f / 12,
        -0f, -0.0625f / 12, -8f / 12, -12f / 12, -4f / 12, -6f / 12, -2f / 12, -3f / 12,
    ], isSignAndMagnitude: true);

    /// <summary>The value of each code.</summary>
    public float[] Values { get; }

    /// <summary>The codes in ascending order of their values; FP4 has zero twice, minus zero first.</summary>
    public byte[] CodeOfRank { get; }

    /// <summary>Fifteen bounds: a value has as many ranks below it as there are midpoints less than it.</summary>
    public float[] Midpoints { get; }

    public static FourBitCode Of(FourBitType type) => type == FourBitType.Nf4 ? Nf4 : Fp4;
}
