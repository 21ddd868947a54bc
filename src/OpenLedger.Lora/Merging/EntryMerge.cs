using System.Numerics.Tensors;

namespace OpenLedger.Lora.Merging;

/// <summary>The methods that decide entry by entry, on tensors of one shape: factors or whole updates.</summary>
internal static class EntryMerge
{
    /// <summary>Keeps the <c>⌊density · count⌋</c> entries of largest magnitude; of equal ones the earlier.</summary>
    public static double[] KeepLargest(double[] tensor, double density) =>
        KeepByMagnitude(tensor, tensor.Length - (int)(density * tensor.Length), tensor.Length);

    /// <summary>Breadcrumbs: drops the largest <c>⌊γ·count⌋</c> and, of the smallest, as many as leave <c>⌊density·count⌋</c>.</summary>
    public static double[] KeepMiddle(double[] tensor, double density, double gamma)
    {
        int count = tensor.Length, kept = (int)(density * count), top = (int)(gamma * count), bottom = count - kept - top;
        if (bottom < 0)
        {
            top += bottom;
            bottom = 0;
        }

        return KeepByMagnitude(tensor, bottom, count - top);
    }

    /// <summary>Keeps each entry with a probability and divides it by that, so that the expectation stays.</summary>
    public static double[] DropAtRandom(double[] tensor, double density, Random random) =>
        [.. tensor.Select(x => random.NextDouble() < density ? x / density : 0)];

    /// <summary>Keeps each entry with a probability and scales what is left to the L1 norm it had.</summary>
    public static double[] DropAtRandomKeepingNorm(double[] tensor, double density, Random random) =>
        RescaleToNorm(tensor, [.. tensor.Select(x => random.NextDouble() < density ? x : 0)]);

    /// <summary>DELLA: the k-th smallest entry of a row (k from 0) is kept with probability <c>density - ε + 2ε · k / (width - 1)</c>.</summary>
    public static double[] DropByRankInRow(double[] tensor, int width, double density, double epsilon, Random random)
    {
        double[] kept = new double[tensor.Length];
        for (int begin = 0; begin < tensor.Length; begin += width)
        {
            int[] order = [.. Enumerable.Range(begin, width).OrderBy(i => Math.Abs(tensor[i])).ThenBy(i => i)];
            double[] probability = new double[width];
            for (int k = 0; k < width; k++)
            {
                probability[order[k] - begin] = density - epsilon + (width == 1 ? epsilon : 2 * epsilon * k / (width - 1));
            }

            for (int j = 0; j < width; j++)
            {
                kept[begin + j] = random.NextDouble() < probability[j] ? tensor[begin + j] : 0;
            }
        }

        return RescaleToNorm(tensor, kept);
    }

    /// <summary><c>Σ_i w_i · t_i</c></summary>
    public static double[] Sum(IReadOnlyList<double[]> tensors, IReadOnlyList<double> weights)
    {
        double[] sum = new double[tensors[0].Length];
        for (int i = 0; i < tensors.Count; i++)
        {
            LowRankUpdate.AddTo(sum, tensors[i], weights[i]);
        }

        return sum;
    }

    /// <summary>PEFT: signs elected on unweighted entries; <c>Σ w_i t_i</c> over those that agree, divided by their number.</summary>
    public static double[] AgreeingMean(IReadOnlyList<double[]> tensors, IReadOnlyList<double> weights, SignElection election) =>
        Agreeing(tensors, tensors, weights, election, _ => 1, atLeast: 1);

    /// <summary>mergekit: signs elected on weighted entries; the sum is divided by the weights that agree, or not at all.</summary>
    public static double[] AgreeingWeightedMean(IReadOnlyList<double[]> tensors, IReadOnlyList<double> weights, SignElection election, bool normalize)
    {
        double[][] weighted = [.. tensors.Select((t, i) => t.Select(x => x * weights[i]).ToArray())];
        return normalize
            ? Agreeing(weighted, tensors, weights, election, i => weights[i], atLeast: null)
            : Agreeing(weighted, tensors, weights, election, _ => 0, atLeast: 1);
    }

    /// <summary>SCE: keeps entries of the highest variance among the tensors, weighs tensors by their energy, erases the minority sign.</summary>
    public static double[] SelectCalculateErase(IReadOnlyList<double[]> tensors, double density)
    {
        double[][] selected = [.. tensors];
        if (density < 1)
        {
            double[] variance = new double[tensors[0].Length];
            for (int e = 0; e < variance.Length; e++)
            {
                double mean = tensors.Average(t => t[e]);
                variance[e] = tensors.Sum(t => (t[e] - mean) * (t[e] - mean));
            }

            double[] mask = KeepLargest(variance, density);
            selected = [.. tensors.Select(t => t.Select((x, e) => mask[e] != 0 ? x : 0).ToArray())];
        }

        double[] energy = [.. selected.Select(t => TensorPrimitives.SumOfSquares<double>(t) / t.Length)];
        double total = energy.Sum();
        double[] weights = [.. energy.Select(e => total > 0 ? e / total : 1.0 / energy.Length)];
        return Agreeing(selected, selected, weights, SignElection.Total, i => weights[i], atLeast: null);
    }

    /// <param name="voters">Entries whose signs are counted.</param>
    /// <param name="tensors">Entries that are added.</param>
    /// <param name="weights">Their weights.</param>
    /// <param name="election">How signs are counted.</param>
    /// <param name="share">What an agreeing entry adds to the divisor, given its tensor.</param>
    /// <param name="atLeast">Least divisor; <see langword="null"/>: a divisor of zero counts as one.</param>
    private static double[] Agreeing(
        IReadOnlyList<double[]> voters,
        IReadOnlyList<double[]> tensors,
        IReadOnlyList<double> weights,
        SignElection election,
        Func<int, double> share,
        double? atLeast)
    {
        double[] merged = new double[tensors[0].Length];
        for (int e = 0; e < merged.Length; e++)
        {
            double vote = 0;
            foreach (double[] voter in voters)
            {
                vote += election == SignElection.Total ? voter[e] : Math.Sign(voter[e]);
            }

            int elected = vote >= 0 ? 1 : -1;
            double sum = 0, divisor = 0;
            for (int i = 0; i < tensors.Count; i++)
            {
                if (Math.Sign(voters[i][e]) == elected)
                {
                    sum += weights[i] * tensors[i][e];
                    divisor += share(i);
                }
            }

            merged[e] = sum / (atLeast is double least ? Math.Max(least, divisor) : Math.Abs(divisor) < 1e-8 ? 1 : divisor);
        }

        return merged;
    }

    private static double[] KeepByMagnitude(double[] tensor, int begin, int end)
    {
        // Descending index among equals, so that the earlier of them ranks higher.
        int[] order = [.. Enumerable.Range(0, tensor.Length)];
        Array.Sort(order, (x, y) => Math.Abs(tensor[x]).CompareTo(Math.Abs(tensor[y])) is var c and not 0 ? c : y.CompareTo(x));
        double[] kept = new double[tensor.Length];
        for (int k = begin; k < end; k++)
        {
            kept[order[k]] = tensor[order[k]];
        }

        return kept;
    }

    private static double[] RescaleToNorm(double[] tensor, double[] kept)
    {
        double left = TensorPrimitives.SumOfMagnitudes<double>(kept);
        return left == 0 ? kept : [.. kept.Select(x => x * (TensorPrimitives.SumOfMagnitudes<double>(tensor) / left))];
    }
}
