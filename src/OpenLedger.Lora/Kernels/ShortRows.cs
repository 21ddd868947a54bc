// Shape legend: t = tokens, m = out features, n = in features.
namespace OpenLedger.Lora.Kernels;

/// <summary>Products with weights of two-byte numbers.</summary>
internal static unsafe class ShortRows
{
    /// <summary>All tokens by the rows from <paramref name="begin"/> to <paramref name="end"/>: one token widens in registers, more share widened rows.</summary>
    /// <param name="x">Parted activations.</param>
    /// <param name="w">Weight, <c>[m, n]</c>.</param>
    /// <param name="y">Receives <c>[t, m]</c>.</param>
    /// <param name="m">Out features.</param>
    /// <param name="begin">First row.</param>
    /// <param name="end">One beyond the last row.</param>
    public static void Multiply<TFormat>(in Activations x, ushort* w, float* y, int m, int begin, int end)
        where TFormat : struct, IShortFormat
    {
        int n = x.InFeatures;
        int stride = x.PartedStride;
        if (x.Tokens == 1 && stride == n)
        {
            DotTiles.MultiplyOne<TFormat>(x.Lanes, x.Parted, w + ((nint)begin * n), y + begin, end - begin, n);
            return;
        }

        int stripRows = Math.Min(Strips.Rows(x.Tokens, stride), end - begin);
        using AlignedBuffer strip = new((long)stripRows * stride * sizeof(float));
        float* rows = (float*)strip.Pointer;
        for (int i = begin; i < end; i += stripRows)
        {
            int count = Math.Min(stripRows, end - i);
            for (int r = 0; r < count; r++)
            {
                PartedRows.Widen<TFormat>(x.Lanes, w + ((nint)(i + r) * n), n, rows + ((nint)r * stride));
            }

            DotTiles.Multiply(x.Lanes, x.Parted, stride, rows, stride, y + i, m, x.Tokens, count, stride);
        }
    }
}
