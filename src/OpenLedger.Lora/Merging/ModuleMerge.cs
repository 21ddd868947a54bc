using OpenLedger.Lora.Adapters;

namespace OpenLedger.Lora.Merging;

/// <summary>Merges the updates of one module. Updates are in double; a module that an adapter lacks takes part with its weight and no update.</summary>
internal sealed class ModuleMerge(MergeOptions options, IReadOnlyList<LoraModule> modules, IReadOnlyList<double> weights, int seed)
{
    private const double AlmostParallel = 0.9995;

    private readonly LowRankUpdate[] _updates = [.. modules.Select(LowRankUpdate.Of)];

    public LowRankUpdate Run()
    {
        LowRankUpdate merged = Merge();
        return options.Lambda == 1 ? merged : LowRankUpdate.Combine([merged], [options.Lambda]);
    }

    private LowRankUpdate Merge()
    {
        bool peft = options.Semantics == MergeSemantics.Peft;
        switch (options.Method)
        {
            case MergeMethod.Linear when peft:
                return options.OnDelta ? Exact(weights, compress: true) : OnFactors(EntryMerge.Sum);
            case MergeMethod.Linear:
                double total = weights.Sum();
                return Exact([.. weights.Select(w => w / total)], compress: false);
            case MergeMethod.Concatenate:
            case MergeMethod.TaskArithmetic:
                return Exact(weights, compress: false);
            case MergeMethod.Svd:
                return Exact(weights, compress: true);
            case MergeMethod.Slerp:
                return Exact(SlerpCoefficients(), compress: false);
            case MergeMethod.ModelStock:
                return Exact(StockCoefficients(), compress: false);
            case MergeMethod.KarcherMean:
                return Exact(KarcherCoefficients(), compress: false);
            case MergeMethod.Knots:
                return new SharedSubspaces(_updates).MergeRightFactors(Entries, weights, options.Rank);
            case MergeMethod.CompressThenMerge:
                return new SharedSubspaces(_updates).MergeCores(weights, options.Rank ?? LargestRank);
            default:
                return peft && !options.OnDelta && HasFactorForm ? OnFactors(Entries) : OnDelta();
        }
    }

    private int LargestRank => _updates.Max(u => u.Rank);

    private bool HasFactorForm =>
        options.Method is MergeMethod.Ties or MergeMethod.DareLinear or MergeMethod.DareTies or MergeMethod.MagnitudePrune;

    private LowRankUpdate Exact(IReadOnlyList<double> coefficients, bool compress)
    {
        LowRankUpdate sum = LowRankUpdate.Combine(_updates, coefficients);
        int? rank = options.Rank ?? (compress ? LargestRank : null);
        return rank is int r && r != sum.Rank ? sum.Truncate(r) : sum;
    }

    /// <summary>PEFT's way: A and B are merged on their own, with the square roots of weight and scaling; the sign goes to A.</summary>
    private LowRankUpdate OnFactors(Func<IReadOnlyList<double[]>, IReadOnlyList<double>, int, double[]> merge)
    {
        LoraModule first = modules[0];
        double[] roots = [.. modules.Select((m, i) => Math.Sqrt(Math.Abs(weights[i] * m.Scaling)))];
        double[] signed = [.. roots.Select((root, i) => Math.Sign(weights[i] * modules[i].Scaling) * root)];
        double[] a = merge([.. modules.Select(m => Widen(m.LoraA))], signed, first.InFeatures);
        double[] b = merge([.. modules.Select(m => Widen(m.LoraB))], roots, first.Rank);
        double[] left = new double[b.Length];
        for (int i = 0; i < first.OutFeatures; i++)
        {
            for (int k = 0; k < first.Rank; k++)
            {
                left[(k * first.OutFeatures) + i] = b[(i * first.Rank) + k];
            }
        }

        return new LowRankUpdate(first.OutFeatures, first.InFeatures, first.Rank, left, a);
    }

    private LowRankUpdate OnFactors(Func<IReadOnlyList<double[]>, IReadOnlyList<double>, double[]> merge) => OnFactors((t, w, _) => merge(t, w));

    /// <summary>Entry by entry on whole updates, then compressed: the only methods that form a matrix of the layer's size.</summary>
    private LowRankUpdate OnDelta()
    {
        int m = _updates[0].OutFeatures, n = _updates[0].InFeatures;
        double[] dense = Entries([.. _updates.Select(u => u.ToDense())], weights, n);
        return DenseTruncation.Of(dense, m, n, options.Rank ?? LargestRank, seed);
    }

    /// <param name="tensors">Entries of each participant.</param>
    /// <param name="shares">Their weights.</param>
    /// <param name="width">Length of a row.</param>
    private double[] Entries(IReadOnlyList<double[]> tensors, IReadOnlyList<double> shares, int width)
    {
        MergeMethod method = options.Method == MergeMethod.Knots ? options.Inner : options.Method;
        double density = options.Density;
        Random random = new(seed);
        double[][] Each(Func<double[], double[]> change) => [.. tensors.Select(change)];
        if (options.Semantics == MergeSemantics.Peft)
        {
            switch (method)
            {
                case MergeMethod.MagnitudePrune:
                    return EntryMerge.Sum(Each(t => EntryMerge.KeepLargest(t, density)), shares);
                case MergeMethod.Ties:
                    return EntryMerge.AgreeingMean(Each(t => EntryMerge.KeepLargest(t, density)), shares, options.Election);
                case MergeMethod.DareLinear:
                    return EntryMerge.Sum(Each(t => EntryMerge.DropAtRandom(t, density, random)), shares);
                case MergeMethod.DareTies:
                    return EntryMerge.AgreeingMean(Each(t => EntryMerge.DropAtRandom(t, density, random)), shares, options.Election);
            }
        }

        bool Normalize(bool otherwise) => options.Normalize ?? otherwise;
        return method switch
        {
            MergeMethod.MagnitudePrune => EntryMerge.Sum(Each(t => EntryMerge.KeepLargest(t, density)), shares),
            MergeMethod.Ties => EntryMerge.AgreeingWeightedMean(Each(t => EntryMerge.KeepLargest(t, density)), shares, options.Election, Normalize(true)),
            MergeMethod.DareLinear => EntryMerge.Sum(Each(t => EntryMerge.DropAtRandomKeepingNorm(t, density, random)), shares),
            MergeMethod.DareTies => EntryMerge.AgreeingWeightedMean(
                Each(t => EntryMerge.DropAtRandomKeepingNorm(t, density, random)), shares, options.Election, Normalize(false)),
            MergeMethod.Della => EntryMerge.AgreeingWeightedMean(
                Each(t => EntryMerge.DropByRankInRow(t, width, density, options.Epsilon, random)), shares, options.Election, Normalize(true)),
            MergeMethod.Breadcrumbs => EntryMerge.Sum(Each(t => EntryMerge.KeepMiddle(t, density, options.Gamma)), shares),
            MergeMethod.Sce => EntryMerge.SelectCalculateErase(tensors, density),
            _ => throw new InvalidOperationException($"{method} does not work entry by entry."),
        };
    }

    /// <summary><c>[sin((1-t)θ), sin(tθ)] / sin θ</c> between the updates as they are, θ between their directions.</summary>
    private double[] SlerpCoefficients()
    {
        double t = weights[1] / (weights[0] + weights[1]);
        double cosine = Gram(0, 1) / Math.Sqrt(Gram(0, 0) * Gram(1, 1));
        if (!double.IsFinite(cosine) || Math.Abs(cosine) > AlmostParallel)
        {
            return [1 - t, t];
        }

        double angle = Math.Acos(cosine);
        return [Math.Sin((1 - t) * angle) / Math.Sin(angle), Math.Sin(t * angle) / Math.Sin(angle)];
    }

    /// <summary>N updates with mean pairwise cosine c: <c>N·c / (1 + (N-1)·c)</c> times their mean.</summary>
    private double[] StockCoefficients()
    {
        int count = _updates.Length;
        List<double> cosines = [];
        for (int i = 0; i < count; i++)
        {
            for (int j = i + 1; j < count; j++)
            {
                double norms = Math.Sqrt(Gram(i, i) * Gram(j, j));
                cosines.Add(norms == 0 ? 0 : Math.Clamp(Gram(i, j) / norms, -1, 1));
            }
        }

        double cosine = cosines.Count == 0 ? 1 : cosines.Average();
        double t = count * cosine / (1 + ((count - 1) * cosine));
        return [.. Enumerable.Repeat(t / count, count)];
    }

    /// <summary>The weighted mean direction on the unit sphere, with the weighted mean length; all of it within the span of the updates.</summary>
    private double[] KarcherCoefficients()
    {
        const int maxSteps = 100;
        const double still = 1e-12;
        int count = _updates.Length;
        double[,] gram = new double[count, count];
        for (int i = 0; i < count; i++)
        {
            for (int j = i; j < count; j++)
            {
                gram[i, j] = gram[j, i] = Gram(i, j);
            }
        }

        double total = weights.Sum();
        double[] norms = [.. Enumerable.Range(0, count).Select(i => Math.Sqrt(gram[i, i]))];
        int[] present = [.. Enumerable.Range(0, count).Where(i => norms[i] > 0)];
        double[] mean = Normalized([.. Enumerable.Range(0, count).Select(i => norms[i] > 0 ? weights[i] / total / norms[i] : 0)], gram);
        for (int step = 0; step < maxSteps; step++)
        {
            double[] tangent = new double[count];
            foreach (int i in present)
            {
                double cosine = Math.Clamp(Inner(mean, i, gram) / norms[i], -1, 1), angle = Math.Acos(cosine), sine = Math.Sin(angle);
                double factor = weights[i] / total * (sine < 1e-12 ? 1 : angle / sine);
                for (int j = 0; j < count; j++)
                {
                    tangent[j] += factor * ((j == i ? 1 / norms[i] : 0) - (cosine * mean[j]));
                }
            }

            double length = Math.Sqrt(Math.Max(0, SquaredNorm(tangent, gram)));
            if (length < still)
            {
                break;
            }

            mean = Normalized([.. mean.Select((c, j) => (Math.Cos(length) * c) + (Math.Sin(length) * tangent[j] / length))], gram);
        }

        double meanNorm = norms.Select((norm, i) => norm * weights[i] / total).Sum();
        return [.. mean.Select(c => c * meanNorm)];
    }

    private double Gram(int i, int j) => _updates[i].InnerProduct(_updates[j]);

    private static double Inner(double[] coefficients, int i, double[,] gram)
    {
        double sum = 0;
        for (int j = 0; j < coefficients.Length; j++)
        {
            sum += coefficients[j] * gram[j, i];
        }

        return sum;
    }

    private static double SquaredNorm(double[] coefficients, double[,] gram) => coefficients.Select((c, i) => c * Inner(coefficients, i, gram)).Sum();

    private static double[] Normalized(double[] coefficients, double[,] gram)
    {
        double norm = Math.Sqrt(Math.Max(0, SquaredNorm(coefficients, gram)));
        return norm == 0 ? coefficients : [.. coefficients.Select(c => c / norm)];
    }

    private static double[] Widen(ReadOnlyMemory<float> values)
    {
        double[] wide = new double[values.Length];
        System.Numerics.Tensors.TensorPrimitives.ConvertTruncating(values.Span, wide);
        return wide;
    }
}
