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
}
