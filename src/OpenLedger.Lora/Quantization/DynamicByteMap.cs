namespace OpenLedger.Lora.Quantization;

/// <summary>The signed dynamic eight-bit type that scales are quantised with: seven decades, finer near one (Dettmers, arXiv 1511.04561 and 2110.02861).</summary>
internal static class DynamicByteMap
{
    /// <summary>256 values from about -0.993 to 1, ascending.</summary>
    public static float[] Values { get; } = Create();

    /// <summary>The code whose value is nearest; of two equally near the lower.</summary>
    public static byte Nearest(float value)
    {
        int at = Array.BinarySearch(Values, value);
        if (at >= 0)
        {
            return (byte)at;
        }

        int above = ~at;
        if (above is 0 or 256)
        {
            return (byte)(above == 0 ? 0 : 255);
        }

        return (byte)(value > ((double)Values[above - 1] + Values[above]) / 2 ? above : above - 1);
    }

    private static float[] Create()
    {
        List<double> values = [0, 1];
        for (int decade = 0; decade < 7; decade++)
        {
            int count = 1 << decade;
            double scale = Math.Pow(10, decade - 6);
            for (int i = 0; i < count; i++)
            {
                double from = 0.1 + (0.9 * i / count);
                double to = 0.1 + (0.9 * (i + 1) / count);
                double middle = (from + to) / 2 * scale;
                values.Add(middle);
                values.Add(-middle);
            }
        }

        return [.. values.Select(value => (float)value).Order()];
    }
}
