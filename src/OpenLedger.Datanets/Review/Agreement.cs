namespace OpenLedger.Datanets.Review;

/// <summary>Measures of agreement between reviewers. Pure functions, safe for concurrent use; nothing here is ever hashed or paid by.</summary>
public static class Agreement
{
    /// <summary>Cohen's kappa of two reviewers: (p_o - p_e) / (1 - p_e), p_e from each one's own distribution.</summary>
    /// <param name="left">One reviewer's categories.</param>
    /// <param name="right">The other's, about the same records in the same order.</param>
    /// <returns>The kappa.</returns>
    /// <remarks>Source: J. Cohen, A coefficient of agreement for nominal scales, Educational and Psychological Measurement 20 (1960), 37-46.</remarks>
    /// <exception cref="ArgumentException">The lists are empty or differ in length.</exception>
    public static AgreementResult CohenKappa(IReadOnlyList<int> left, IReadOnlyList<int> right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        if (left.Count == 0 || left.Count != right.Count)
        {
            throw new ArgumentException($"Both reviewers judge the same records, at least one: {left.Count} and {right.Count} were given.", nameof(right));
        }

        Dictionary<int, (long Left, long Right)> margins = [];
        long agreed = 0;
        for (int i = 0; i < left.Count; i++)
        {
            margins[left[i]] = margins.GetValueOrDefault(left[i]) with { Left = margins.GetValueOrDefault(left[i]).Left + 1 };
            margins[right[i]] = margins.GetValueOrDefault(right[i]) with { Right = margins.GetValueOrDefault(right[i]).Right + 1 };
            agreed += left[i] == right[i] ? 1 : 0;
        }

        double count = left.Count;
        double expected = 0;
        foreach ((_, (long inLeft, long inRight)) in margins.OrderBy(margin => margin.Key))
        {
            expected += inLeft / count * (inRight / count);
        }

        return BeyondChance(agreed / count, expected, margins.Count > 1);
    }

    /// <summary>Fleiss' kappa: every record was judged by the same number of reviewers, not necessarily the same ones.</summary>
    /// <param name="counts">Per record, how many reviewers chose each category.</param>
    /// <returns>The kappa.</returns>
    /// <remarks>Source: J. L. Fleiss, Measuring nominal scale agreement among many raters, Psychological Bulletin 76 (1971), 378-382.</remarks>
    /// <exception cref="ArgumentException">No record, rows of different lengths, a negative count, or sums that differ or are below 2.</exception>
    public static AgreementResult FleissKappa(IReadOnlyList<IReadOnlyList<int>> counts)
    {
        ArgumentNullException.ThrowIfNull(counts);
        if (counts.Count == 0)
        {
            throw new ArgumentException("Agreement needs at least one record.", nameof(counts));
        }

        int categories = counts[0].Count;
        long raters = counts[0].Sum(count => (long)count);
        if (raters < 2)
        {
            throw new ArgumentException($"Agreement needs at least 2 reviewers per record, not {raters}.", nameof(counts));
        }

        double[] totals = new double[categories];
        double observed = 0;
        for (int i = 0; i < counts.Count; i++)
        {
            IReadOnlyList<int> row = counts[i];
            if (row.Count != categories || row.Any(count => count < 0) || row.Sum(count => (long)count) != raters)
            {
                throw new ArgumentException($"Record {i} needs {categories} counts of at least 0 that sum to {raters}, as record 0 has.", nameof(counts));
            }

            double pairs = 0;
            for (int category = 0; category < categories; category++)
            {
                pairs += (double)row[category] * (row[category] - 1);
                totals[category] += row[category];
            }

            observed += pairs / ((double)raters * (raters - 1));
        }

        double all = (double)raters * counts.Count;
        return BeyondChance(
            observed / counts.Count, totals.Sum(total => total / all * (total / all)), totals.Count(total => total > 0) > 1);
    }

    /// <summary>Krippendorff's alpha: any number of reviewers, any scale, missing judgements allowed: 1 - D_o / D_e over coincidences.</summary>
    /// <param name="units">Per record, the values it was given, in any order. Records with fewer than two values do not count.</param>
    /// <param name="metric">How far apart two values are.</param>
    /// <returns>The alpha; without a single pair of values, 1 without variation.</returns>
    /// <remarks>
    /// Source: K. Krippendorff, Computing Krippendorff's Alpha-Reliability, University of Pennsylvania (2011), sections C and D. The cost is
    /// the number of values plus the square of the number of different values.
    /// </remarks>
    /// <exception cref="ArgumentException">A value is not finite, or the metric is unknown.</exception>
    public static AgreementResult KrippendorffAlpha(IReadOnlyList<IReadOnlyList<double>> units, AlphaMetric metric)
    {
        ArgumentNullException.ThrowIfNull(units);
        if (!Enum.IsDefined(metric))
        {
            throw new ArgumentOutOfRangeException(nameof(metric), metric, "The metric is unknown; use a member of AlphaMetric.");
        }

        double[] values = [.. units.Where(unit => unit.Count > 1).SelectMany(unit => unit).Distinct().Order()];
        if (Array.Exists(values, value => !double.IsFinite(value)))
        {
            throw new ArgumentException("A value is NaN or infinite; leave missing judgements out.", nameof(units));
        }

        if (values.Length <= 1)
        {
            return new AgreementResult(1, 1, 1, HasVariation: false);
        }

        double[,] coincidences = Coincidences(units, values);
        double[] margins = new double[values.Length];
        for (int row = 0; row < values.Length; row++)
        {
            for (int column = 0; column < values.Length; column++)
            {
                margins[row] += coincidences[row, column];
            }
        }

        return Compare(coincidences, margins, DistanceSquares(metric, values, margins));
    }

    private static double[,] Coincidences(IReadOnlyList<IReadOnlyList<double>> units, double[] values)
    {
        double[,] coincidences = new double[values.Length, values.Length];
        int[] counts = new int[values.Length];
        foreach (IReadOnlyList<double> unit in units.Where(unit => unit.Count > 1))
        {
            Array.Clear(counts);
            foreach (double value in unit)
            {
                counts[Array.BinarySearch(values, value)]++;
            }

            for (int row = 0; row < values.Length; row++)
            {
                for (int column = 0; counts[row] > 0 && column < values.Length; column++)
                {
                    double pairs = row == column ? (double)counts[row] * (counts[row] - 1) : (double)counts[row] * counts[column];
                    coincidences[row, column] += pairs / (unit.Count - 1);
                }
            }
        }

        return coincidences;
    }

    private static double[,] DistanceSquares(AlphaMetric metric, double[] values, double[] margins)
    {
        double[,] squares = new double[values.Length, values.Length];
        for (int low = 0; low < values.Length; low++)
        {
            double between = 0; // ratings strictly between the two
            for (int high = low + 1; high < values.Length; high++)
            {
                double distance = metric switch
                {
                    AlphaMetric.Nominal => 1,
                    AlphaMetric.Ordinal => ((margins[low] + margins[high]) / 2) + between,
                    _ => values[high] - values[low],
                };
                squares[low, high] = squares[high, low] = distance * distance;
                between += margins[high];
            }
        }

        return squares;
    }

    private static AgreementResult Compare(double[,] coincidences, double[] margins, double[,] squares)
    {
        double observed = 0;
        double expected = 0;
        double greatest = 0;
        double all = margins.Sum();
        for (int row = 0; row < margins.Length; row++)
        {
            for (int column = 0; column < margins.Length; column++)
            {
                observed += coincidences[row, column] * squares[row, column] / all;
                expected += margins[row] * margins[column] / (all - 1) * squares[row, column] / all;
                greatest = Math.Max(greatest, squares[row, column]);
            }
        }

        return new AgreementResult(1 - (observed / expected), 1 - (observed / greatest), 1 - (expected / greatest), HasVariation: true);
    }

    private static AgreementResult BeyondChance(double observed, double expected, bool hasVariation) =>
        hasVariation
            ? new AgreementResult((observed - expected) / (1 - expected), observed, expected, true)
            : new AgreementResult(1, 1, 1, HasVariation: false);
}
