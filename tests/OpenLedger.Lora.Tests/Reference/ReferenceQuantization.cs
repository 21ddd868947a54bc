namespace OpenLedger.Lora.Tests.Reference;

/// <summary>Rounding to bytes and nibbles, one scalar at a time.</summary>
internal static class ReferenceQuantization
{
    /// <summary>Activations after rounding to bytes with one scale per <paramref name="block"/> values of a row.</summary>
    public static double[] RoundToBytes(float[] x, int n, int block)
    {
        double[] y = new double[x.Length];
        for (int row = 0; row < x.Length; row += n)
        {
            for (int begin = row; begin < row + n; begin += block)
            {
                float[] values = x[begin..Math.Min(begin + block, row + n)];
                float scale = values.Max(MathF.Abs) / 127;
                for (int k = 0; k < values.Length; k++)
                {
                    y[begin + k] = scale == 0 ? 0 : MathF.Round(values[k] * (1 / scale), MidpointRounding.ToEven) * (double)scale;
                }
            }
        }

        return y;
    }

    /// <summary>One block of ggml's <c>Q8_0</c>.</summary>
    public static byte[] Q8Block(float[] x)
    {
        float scale = x.Max(MathF.Abs) / 127;
        float inverse = scale == 0 ? 0 : 1 / scale;
        ushort half = BitConverter.HalfToUInt16Bits((Half)scale);
        return [(byte)half, (byte)(half >> 8), .. x.Select(v => (byte)(sbyte)MathF.Round(v * inverse, MidpointRounding.AwayFromZero))];
    }

    /// <summary>One block of ggml's <c>Q4_0</c>.</summary>
    public static byte[] Q4Block(float[] x)
    {
        float largest = x.MaxBy(MathF.Abs);
        float scale = largest / -8;
        float inverse = scale == 0 ? 0 : 1 / scale;
        ushort half = BitConverter.HalfToUInt16Bits((Half)scale);
        int[] codes = [.. x.Select(v => Math.Clamp((int)MathF.Floor((v * inverse) + 8.5f), 0, 15))];
        return [(byte)half, (byte)(half >> 8), .. Enumerable.Range(0, 16).Select(k => (byte)(codes[k] + (16 * codes[k + 16])))];
    }
}
