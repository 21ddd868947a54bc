// Shape legend: n = values of a row.
using System.Buffers.Binary;
using System.Numerics.Tensors;

namespace OpenLedger.Lora.Quantization;

/// <summary>Rounds rows of a weight to bytes or nibbles. The block formats are those of ggml, whose reference quantisers give the same bits.</summary>
internal static class BlockQuantizer
{
    /// <summary>Values of a block.</summary>
    public const int Block = 32;

    // Below this the reciprocal is not finite any more.
    private const float LeastScale = 1e-30f;

    /// <summary>Throws unless rows consist of whole blocks.</summary>
    /// <exception cref="ArgumentException">They do not.</exception>
    public static void RequireWholeBlocks(int columns)
    {
        if (columns < Block || columns % Block != 0)
        {
            throw new ArgumentException(
                $"Rows of {columns} values do not consist of blocks of {Block}; keep this weight in a format without blocks, such as BF16 or I8.", nameof(columns));
        }
    }

    /// <summary>One scale for the row: <c>scale = max |x| / 127</c>, <c>q = round(x / scale)</c>, halves away from zero.</summary>
    /// <param name="x_n">Finite values, <c>[n]</c>.</param>
    /// <param name="q_n">Receives <c>[n]</c>, each -127 to 127.</param>
    /// <returns>The scale; 0 when all values are.</returns>
    /// <exception cref="ArgumentException">A value is not finite.</exception>
    public static float QuantizeRow(ReadOnlySpan<float> x_n, Span<sbyte> q_n)
    {
        float scale = MathF.Abs(TensorPrimitives.MaxMagnitude(x_n)) / 127;
        RequireFinite(scale);
        if (scale < LeastScale)
        {
            q_n.Clear();
            return 0;
        }

        float inverse = 1 / scale;
        for (int k = 0; k < x_n.Length; k++)
        {
            q_n[k] = (sbyte)MathF.Round(x_n[k] * inverse, MidpointRounding.AwayFromZero);
        }

        return scale;
    }

    /// <summary>Blocks <c>Q8_0</c>: a half <c>d = max |x| / 127</c>, then 32 bytes <c>round(x / d)</c>, halves away from zero.</summary>
    /// <param name="x_n">Finite values, <c>[n]</c>, n a multiple of 32.</param>
    /// <param name="blocks">Receives <c>[n / 32, 34]</c>.</param>
    /// <exception cref="ArgumentException">A value is not finite, or too large.</exception>
    public static void QuantizeQ8(ReadOnlySpan<float> x_n, Span<byte> blocks)
    {
        for (int b = 0; b < x_n.Length / Block; b++)
        {
            ReadOnlySpan<float> x = x_n.Slice(b * Block, Block);
            Span<byte> to = blocks.Slice(b * 34, 34);
            float scale = MathF.Abs(TensorPrimitives.MaxMagnitude(x)) / 127;
            WriteScale(scale, to);
            float inverse = scale < LeastScale ? 0 : 1 / scale;
            for (int k = 0; k < Block; k++)
            {
                to[2 + k] = (byte)(sbyte)MathF.Round(x[k] * inverse, MidpointRounding.AwayFromZero);
            }
        }
    }

    /// <summary>Blocks <c>Q4_0</c>: a half <c>d = x* / -8</c> with x* the value of largest magnitude, then <c>min(15, ⌊x / d + 8.5⌋)</c> in 16 bytes.</summary>
    /// <param name="x_n">Finite values, <c>[n]</c>, n a multiple of 32.</param>
    /// <param name="blocks">Receives <c>[n / 32, 18]</c>: value k in the low half of byte k, value k + 16 in the high half.</param>
    /// <exception cref="ArgumentException">A value is not finite, or too large.</exception>
    public static void QuantizeQ4(ReadOnlySpan<float> x_n, Span<byte> blocks)
    {
        for (int b = 0; b < x_n.Length / Block; b++)
        {
            ReadOnlySpan<float> x = x_n.Slice(b * Block, Block);
            Span<byte> to = blocks.Slice(b * 18, 18);
            float largest = 0;
            float magnitude = 0;
            foreach (float value in x)
            {
                if (!(MathF.Abs(value) <= magnitude)) // of two equal magnitudes the first; NaN too
                {
                    (largest, magnitude) = (value, MathF.Abs(value));
                    if (float.IsNaN(value))
                    {
                        break;
                    }
                }
            }

            float scale = largest / -8;
            WriteScale(scale, to);
            float inverse = MathF.Abs(scale) < LeastScale ? 0 : 1 / scale;
            for (int k = 0; k < 16; k++)
            {
                int low = Math.Min(15, (int)((x[k] * inverse) + 8.5f));
                int high = Math.Min(15, (int)((x[16 + k] * inverse) + 8.5f));
                to[2 + k] = (byte)(low | (high << 4));
            }
        }
    }

    private static void WriteScale(float scale, Span<byte> block)
    {
        RequireFinite(scale);
        Half half = (Half)scale;
        if (!Half.IsFinite(half))
        {
            throw new ArgumentException($"A block needs the scale {scale}, which is beyond a half; keep this weight in another format.");
        }

        BinaryPrimitives.WriteHalfLittleEndian(block, half);
    }

    private static void RequireFinite(float scale)
    {
        if (!float.IsFinite(scale))
        {
            throw new ArgumentException("A value is not finite; a row or block with NaN or an infinity has no scale.");
        }
    }
}
