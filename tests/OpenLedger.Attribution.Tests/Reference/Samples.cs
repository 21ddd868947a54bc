using OpenLedger.Attribution.Gradients;

namespace OpenLedger.Attribution.Tests.Reference;

/// <summary>Seeded inputs and the statistics tests judge by.</summary>
internal static class Samples
{
    public static GradientMatrix Gradients(int seed, int samples, params int[] lengths)
    {
        GradientLayout layout = new(lengths.Select((length, i) => ($"block{i}", length)));
        GradientMatrix matrix = new(layout, samples);
        Random random = new(seed);
        for (int i = 0; i < samples; i++)
        {
            foreach (ref float value in matrix.Row(i))
            {
                value = (float)Normal(random);
            }
        }

        return matrix;
    }

    public static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    public static double Correlation(IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        double meanX = x.Average(), meanY = y.Average(), xy = 0, xx = 0, yy = 0;
        for (int i = 0; i < x.Count; i++)
        {
            xy += (x[i] - meanX) * (y[i] - meanY);
            xx += (x[i] - meanX) * (x[i] - meanX);
            yy += (y[i] - meanY) * (y[i] - meanY);
        }

        return xy / Math.Sqrt(xx * yy);
    }

    /// <summary>Largest difference over the largest magnitude of the expected values.</summary>
    public static double RelativeError(IReadOnlyList<double> expected, IReadOnlyList<double> actual)
    {
        Assert.Equal(expected.Count, actual.Count);
        double scale = expected.Max(Math.Abs);
        return Enumerable.Range(0, expected.Count).Max(i => Math.Abs(expected[i] - actual[i])) / scale;
    }
}
