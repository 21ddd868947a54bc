namespace OpenLedger.Datanets.Tests.Reference;

/// <summary>Agreement by going through all pairs of judgements, as the definitions read; slow.</summary>
internal static class ReferenceAgreement
{
    /// <summary>Alpha from pairs: the mean distance within units, over the mean distance of all pairs of values.</summary>
    public static double Alpha(IReadOnlyList<IReadOnlyList<double>> units, Func<double, double, double> squaredDistance)
    {
        double[][] pairable = [.. units.Where(unit => unit.Count > 1).Select(unit => unit.ToArray())];
        double[] all = [.. pairable.SelectMany(unit => unit)];
        double observed = 0;
        foreach (double[] unit in pairable)
        {
            for (int i = 0; i < unit.Length; i++)
            {
                for (int j = 0; j < unit.Length; j++)
                {
                    observed += i == j ? 0 : squaredDistance(unit[i], unit[j]) / (unit.Length - 1);
                }
            }
        }

        double expected = 0;
        for (int i = 0; i < all.Length; i++)
        {
            for (int j = 0; j < all.Length; j++)
            {
                expected += i == j ? 0 : squaredDistance(all[i], all[j]);
            }
        }

        return 1 - (observed / all.Length / (expected / ((double)all.Length * (all.Length - 1))));
    }

    /// <summary>The ordinal distance, from the pairable values themselves.</summary>
    public static Func<double, double, double> Ordinal(IReadOnlyList<IReadOnlyList<double>> units)
    {
        double[] all = [.. units.Where(unit => unit.Count > 1).SelectMany(unit => unit)];
        return (a, b) =>
        {
            double low = Math.Min(a, b), high = Math.Max(a, b);
            double distance = all.Count(value => value >= low && value <= high) - ((all.Count(value => value == low) + all.Count(value => value == high)) / 2.0);
            return a == b ? 0 : distance * distance;
        };
    }

    public static double Cohen(int[] left, int[] right)
    {
        double observed = left.Where((value, i) => value == right[i]).Count() / (double)left.Length;
        double expected = (from a in left from b in right select a == b ? 1.0 : 0.0).Average();
        return (observed - expected) / (1 - expected);
    }

    public static double Fleiss(int[][] ratings)
    {
        double observed = ratings.Average(row => (from i in Enumerable.Range(0, row.Length) from j in Enumerable.Range(0, row.Length) where i != j select row[i] == row[j] ? 1.0 : 0.0).Average());
        int[] all = [.. ratings.SelectMany(row => row)];
        double expected = (from a in all from b in all select a == b ? 1.0 : 0.0).Average();
        return (observed - expected) / (1 - expected);
    }
}
