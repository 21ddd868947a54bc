using System.Text.Json;
using OpenLedger.Lora.Adapters;
using OpenLedger.Lora.Merging;
using OpenLedger.Lora.Tests.Reference;
using OpenLedger.Testing;

namespace OpenLedger.Lora.Tests.Merging;

public sealed class AdapterMergerTests
{
    private const double Tolerance = 1e-5;
    private const string Path = "model.layers.0.self_attn.q_proj";

    [Fact]
    public void Merge_RealAdapters_AreTheGoldenOnes()
    {
        using JsonDocument golden = JsonDocument.Parse(File.ReadAllBytes(RealData.Require("adapters/merge-tinyllama-emotion-keywords.json")));
        WeightedAdapter[] adapters =
        [
            new(LoraAdapter.Load(RealData.Require("adapters/tinyllama-emotion")), 0.7),
            new(LoraAdapter.Load(RealData.Require("adapters/tinyllama-keywords")), 0.3),
        ];
        LoraAdapter exact = AdapterMerger.Merge(adapters, new MergeOptions { Method = MergeMethod.Concatenate }).Adapter;
        LoraAdapter linear = AdapterMerger.Merge(adapters, new MergeOptions { Method = MergeMethod.Linear }).Adapter;

        int modules = 0;
        foreach (JsonProperty module in golden.RootElement.GetProperty("modules").EnumerateObject())
        {
            string path = module.Name["base_model.model.".Length..];
            CheckGolden(module.Value, "cat", exact.Modules[path]);
            CheckGolden(module.Value, "linear", linear.Modules[path]);
            modules++;
        }

        Assert.Equal(exact.Modules.Count, modules);
        Assert.True(modules > 40);
    }

    [Theory]
    [InlineData(MergeMethod.Concatenate, MergeSemantics.Peft)]
    [InlineData(MergeMethod.TaskArithmetic, MergeSemantics.MergeKit)]
    public void Merge_ExactMethods_EqualTheDenseSum(MergeMethod method, MergeSemantics semantics)
    {
        LoraAdapter[] adapters = [Adapter(1, 3), Adapter(2, 5), Adapter(3, 2)];
        double[] weights = [0.5, -0.25, 2];

        MergeResult result = AdapterMerger.Merge(Weigh(adapters, weights), new MergeOptions { Method = method, Semantics = semantics });

        Check(ReferenceMerge.Sum(Deltas(adapters), weights), result.Adapter);
        Assert.Equal(10, result.Adapter.Modules[Path].Rank);
        Assert.InRange(result.Modules[0].RelativeError, 0, 1e-12);
    }

    [Fact]
    public void Merge_LinearOfMergeKit_DividesByTheWeights()
    {
        LoraAdapter[] adapters = [Adapter(1, 3), Adapter(2, 3)];
        MergeResult result = AdapterMerger.Merge(Weigh(adapters, [3, 1]), new MergeOptions { Method = MergeMethod.Linear, Semantics = MergeSemantics.MergeKit });
        Check(ReferenceMerge.Sum(Deltas(adapters), [0.75, 0.25]), result.Adapter);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(7)]
    public void Merge_Svd_LeavesTheLeastPossibleError(int rank)
    {
        LoraAdapter[] adapters = [Adapter(1, 4), Adapter(2, 4)];
        double[,] sum = ReferenceMerge.Sum(Deltas(adapters), [1, 0.5]);

        MergeResult result = AdapterMerger.Merge(Weigh(adapters, [1, 0.5]), new MergeOptions { Method = MergeMethod.Svd, Rank = rank });

        double[,] merged = ReferenceMerge.Delta(result.Adapter.Modules[Path]);
        double error = Math.Pow(ReferenceMerge.RelativeError(merged, sum) * ReferenceMerge.Norm(sum), 2);
        double least = ReferenceMerge.Tail(sum, rank);
        Assert.InRange(error, least * (1 - 1e-4), (least * (1 + 1e-4)) + 1e-9);
        Assert.Equal(Math.Sqrt(least) / ReferenceMerge.Norm(sum), result.Modules[0].RelativeError, 1e-5);
    }

    [Theory]
    [InlineData(MergeMethod.Ties)]
    [InlineData(MergeMethod.MagnitudePrune)]
    [InlineData(MergeMethod.Linear)]
    public void Merge_PeftOnFactors_MergesAAndBOnTheirOwn(MergeMethod method)
    {
        LoraAdapter[] adapters = [Adapter(1, 4, scaling: 2), Adapter(2, 4, scaling: 0.5), Adapter(3, 4)];
        double[] weights = [0.6, 0.8, -0.5];
        const double density = 0.4;
        double[,] Factor(bool right)
        {
            double[][,] factors = [.. adapters.Select(a => a.Modules[Path]).Select(m => Matrix(right ? m.LoraA.Span : m.LoraB.Span, right ? 4 : 7, right ? 9 : 4))];
            double[] roots = [.. adapters.Select((a, i) => Math.Sqrt(Math.Abs(weights[i] * a.Modules[Path].Scaling)) * (right ? Math.Sign(weights[i]) : 1))];
            return method switch
            {
                MergeMethod.Ties => ReferenceMerge.TiesOfPeft(factors, roots, density),
                MergeMethod.MagnitudePrune => ReferenceMerge.Sum([.. factors.Select(f => ReferenceMerge.Trim(f, density))], roots),
                _ => ReferenceMerge.Sum(factors, roots),
            };
        }

        MergeResult result = AdapterMerger.Merge(Weigh(adapters, weights), new MergeOptions { Method = method, Density = density });

        double[,] a = Factor(right: true), b = Factor(right: false);
        double[,] product = ReferenceMerge.Map(new double[7, 9], (i, j) => Enumerable.Range(0, 4).Sum(k => b[i, k] * a[k, j]));
        Check(product, result.Adapter);
        Assert.Equal(4, result.Adapter.Modules[Path].Rank);
    }

    /// <summary>With a rank that holds everything, compression changes nothing and the whole matrix can be compared.</summary>
    [Theory]
    [InlineData(MergeMethod.Ties, MergeSemantics.Peft)]
    [InlineData(MergeMethod.Ties, MergeSemantics.MergeKit)]
    [InlineData(MergeMethod.MagnitudePrune, MergeSemantics.Peft)]
    [InlineData(MergeMethod.Breadcrumbs, MergeSemantics.MergeKit)]
    [InlineData(MergeMethod.Sce, MergeSemantics.MergeKit)]
    public void Merge_EntryByEntryAtFullRank_EqualsTheDefinition(MergeMethod method, MergeSemantics semantics)
    {
        LoraAdapter[] adapters = [Adapter(1, 3), Adapter(2, 3), Adapter(3, 3)];
        double[] weights = [0.6, 0.3, 0.9];
        const double density = 0.5;
        IReadOnlyList<double[,]> deltas = Deltas(adapters);
        double[,] expected = (method, semantics) switch
        {
            (MergeMethod.Ties, MergeSemantics.Peft) => ReferenceMerge.TiesOfPeft(deltas, weights, density),
            (MergeMethod.Ties, _) => ReferenceMerge.TiesOfMergeKit(deltas, weights, density),
            (MergeMethod.Breadcrumbs, _) => ReferenceMerge.Sum([.. deltas.Select(d => ReferenceMerge.Breadcrumbs(d, density, 0.1))], weights),
            (MergeMethod.Sce, _) => ReferenceMerge.Sce(deltas, density),
            _ => ReferenceMerge.Sum([.. deltas.Select(d => ReferenceMerge.Trim(d, density))], weights),
        };

        MergeResult result = AdapterMerger.Merge(
            Weigh(adapters, weights), new MergeOptions { Method = method, Semantics = semantics, Density = density, Gamma = 0.1, OnDelta = true, Rank = 7 });

        Check(expected, result.Adapter);
    }

    [Theory]
    [InlineData(MergeMethod.DareLinear, MergeSemantics.Peft)]
    [InlineData(MergeMethod.DareTies, MergeSemantics.Peft)]
    [InlineData(MergeMethod.DareLinear, MergeSemantics.MergeKit)]
    [InlineData(MergeMethod.Della, MergeSemantics.MergeKit)]
    public void Merge_RandomMethods_DropTheirShareAndRepeatWithTheSeed(MergeMethod method, MergeSemantics semantics)
    {
        LoraAdapter[] adapters = [Adapter(1, 8, 60, 50)];
        MergeOptions options = new() { Method = method, Semantics = semantics, Density = 0.6, OnDelta = true, Rank = 50, Seed = 5 };

        LoraModule merged = AdapterMerger.Merge(Weigh(adapters, [1]), options).Adapter.Modules[Path];
        LoraModule again = AdapterMerger.Merge(Weigh(adapters, [1]), options).Adapter.Modules[Path];
        LoraModule other = AdapterMerger.Merge(Weigh(adapters, [1]), options with { Seed = 6 }).Adapter.Modules[Path];

        Assert.True(merged.LoraA.Span.SequenceEqual(again.LoraA.Span) && merged.LoraB.Span.SequenceEqual(again.LoraB.Span));
        Assert.False(merged.LoraB.Span.SequenceEqual(other.LoraB.Span));
        double[,] before = ReferenceMerge.Delta(adapters[0].Modules[Path]), after = ReferenceMerge.Delta(merged);
        double[] ratios = [.. before.Cast<double>().Zip(after.Cast<double>(), (x, y) => y / x)];
        int kept = ratios.Count(r => Math.Abs(r) > 1e-3);
        Assert.InRange((double)kept / ratios.Length, 0.55, 0.65);

        // Every entry that stays is scaled alike: by 1/density, or by what keeps the L1 norm.
        double scale = ratios.Where(r => Math.Abs(r) > 1e-3).Order().ElementAt(kept / 2);
        Assert.All(ratios.Where(r => Math.Abs(r) > 1e-3), r => Assert.InRange(r, scale - 0.02, scale + 0.02));
        if (semantics == MergeSemantics.Peft)
        {
            Assert.Equal(1 / 0.6, scale, 1e-3);
        }
        else
        {
            Assert.Equal(before.Cast<double>().Sum(Math.Abs), after.Cast<double>().Sum(Math.Abs), 1e-2);
        }
    }

    [Fact]
    public void Merge_Della_KeepsLargeEntriesMoreOften()
    {
        LoraAdapter[] adapters = [Adapter(1, 8, 200, 50)];
        MergeOptions options = new() { Method = MergeMethod.Della, Semantics = MergeSemantics.MergeKit, Density = 0.5, Epsilon = 0.4, Rank = 50 };
        double[,] before = ReferenceMerge.Delta(adapters[0].Modules[Path]);
        double[,] after = ReferenceMerge.Delta(AdapterMerger.Merge(Weigh(adapters, [1]), options).Adapter.Modules[Path]);

        int small = 0, large = 0;
        for (int i = 0; i < 200; i++)
        {
            int[] order = [.. Enumerable.Range(0, 50).OrderBy(j => Math.Abs(before[i, j]))];
            small += order[..10].Count(j => Math.Abs(after[i, j]) > 1e-3 * Math.Abs(before[i, j]));
            large += order[^10..].Count(j => Math.Abs(after[i, j]) > 1e-3 * Math.Abs(before[i, j]));
        }

        // Probabilities run from 0.1 to 0.9: about 0.17 over the smallest fifth and 0.83 over the largest.
        Assert.InRange(small / 2000.0, 0.12, 0.23);
        Assert.InRange(large / 2000.0, 0.77, 0.88);
    }

    [Fact]
    public void Merge_Slerp_FollowsTheCircleBetweenTheUpdates()
    {
        LoraAdapter[] adapters = [Adapter(1, 3), Adapter(2, 3)];
        IReadOnlyList<double[,]> deltas = Deltas(adapters);
        double angle = Math.Acos(ReferenceMerge.Dot(deltas[0], deltas[1]) / ReferenceMerge.Norm(deltas[0]) / ReferenceMerge.Norm(deltas[1]));
        const double t = 0.3;

        MergeResult result = AdapterMerger.Merge(Weigh(adapters, [0.7, 0.3]), new MergeOptions { Method = MergeMethod.Slerp });

        Check(ReferenceMerge.Sum(deltas, [Math.Sin((1 - t) * angle) / Math.Sin(angle), Math.Sin(t * angle) / Math.Sin(angle)]), result.Adapter);
        LoraAdapter[] same = [adapters[0], adapters[0]];
        Check(deltas[0], AdapterMerger.Merge(Weigh(same, [0.7, 0.3]), new MergeOptions { Method = MergeMethod.Slerp }).Adapter);
    }

    [Fact]
    public void Merge_ModelStock_ShrinksTheMeanByTheAgreement()
    {
        LoraAdapter[] adapters = [Adapter(1, 3), Adapter(2, 3), Adapter(3, 3)];
        IReadOnlyList<double[,]> deltas = Deltas(adapters);
        double Cosine(int i, int j) => ReferenceMerge.Dot(deltas[i], deltas[j]) / ReferenceMerge.Norm(deltas[i]) / ReferenceMerge.Norm(deltas[j]);
        double cosine = (Cosine(0, 1) + Cosine(0, 2) + Cosine(1, 2)) / 3, t = 3 * cosine / (1 + (2 * cosine));

        MergeResult result = AdapterMerger.Merge(Weigh(adapters, [1, 1, 1]), new MergeOptions { Method = MergeMethod.ModelStock });

        Check(ReferenceMerge.Sum(deltas, [t / 3, t / 3, t / 3]), result.Adapter);
    }

    [Fact]
    public void Merge_KarcherMean_BalancesTheDirectionsAndKeepsTheLength()
    {
        LoraAdapter[] adapters = [Adapter(1, 3), Adapter(2, 3), Adapter(3, 3)];
        IReadOnlyList<double[,]> deltas = Deltas(adapters);

        double[,] mean = ReferenceMerge.Delta(AdapterMerger.Merge(Weigh(adapters, [1, 1, 1]), new MergeOptions { Method = MergeMethod.KarcherMean }).Adapter.Modules[Path]);

        Assert.Equal(deltas.Average(ReferenceMerge.Norm), ReferenceMerge.Norm(mean), 1e-4);

        // At the mean the pulls along the sphere cancel: Σ θ_i · (direction to i, seen from the mean) = 0.
        double length = ReferenceMerge.Norm(mean);
        double[,] pull = new double[7, 9];
        foreach (double[,] delta in deltas)
        {
            double norm = ReferenceMerge.Norm(delta), cosine = ReferenceMerge.Dot(mean, delta) / norm / length, angle = Math.Acos(cosine);
            pull = ReferenceMerge.Map(pull, (i, j) => pull[i, j] + (angle / Math.Sin(angle) * ((delta[i, j] / norm) - (cosine * mean[i, j] / length))));
        }

        Assert.InRange(ReferenceMerge.Norm(pull), 0, 1e-5);
    }

    [Theory]
    [InlineData(1.0)]
    [InlineData(0.5)]
    public void Merge_Knots_AlignsThenMerges(double density)
    {
        LoraAdapter[] adapters = [Adapter(1, 3), Adapter(2, 2)];
        MergeOptions options = new() { Method = MergeMethod.Knots, Inner = MergeMethod.DareLinear, Density = 1 };

        // Adding in the common basis is adding: U Σ (w1 V1 + w2 V2) = w1 ΔW1 + w2 ΔW2.
        Check(ReferenceMerge.Sum(Deltas(adapters), [0.4, 0.7]), AdapterMerger.Merge(Weigh(adapters, [0.4, 0.7]), options).Adapter);

        // TIES there differs from TIES on the entries, lies in the joint column space, and keeps its rank.
        MergeResult ties = AdapterMerger.Merge(Weigh(adapters, [1, 1]), new MergeOptions { Method = MergeMethod.Knots, Density = density });
        Assert.Equal(5, ties.Adapter.Modules[Path].Rank);
        Assert.True(ties.Modules[0].RelativeError > 0.01);
        double[,] merged = ReferenceMerge.Delta(ties.Adapter.Modules[Path]);
        Assert.InRange(ReferenceMerge.Tail(merged, 5), 0, 1e-9);
    }

    [Fact]
    public void Merge_CompressThenMerge_HasTheAskedRankAndIsExactWhereItFits()
    {
        LoraAdapter[] adapters = [Adapter(1, 3), Adapter(2, 2)];
        MergeOptions options = new() { Method = MergeMethod.CompressThenMerge };

        MergeResult small = AdapterMerger.Merge(Weigh(adapters, [1, 1]), options with { Rank = 2 });
        MergeResult whole = AdapterMerger.Merge(Weigh(adapters, [1, 0.5]), options with { Rank = 5 });

        Assert.Equal(2, small.Adapter.Modules[Path].Rank);
        Assert.InRange(small.Modules[0].RelativeError, 0.05, 1);
        Check(ReferenceMerge.Sum(Deltas(adapters), [1, 0.5]), whole.Adapter);
    }

    public static TheoryData<MergeMethod, MergeSemantics> EveryMethod => new(
        from method in Enum.GetValues<MergeMethod>()
        from semantics in Enum.GetValues<MergeSemantics>()
        where method is not (MergeMethod.Slerp or MergeMethod.Della)
        select (method, semantics));

    [Theory]
    [MemberData(nameof(EveryMethod))]
    public void Merge_OneAdapterWithWeightOne_IsTheAdapter(MergeMethod method, MergeSemantics semantics)
    {
        LoraAdapter[] adapters = [Adapter(4, 3)];
        MergeOptions options = new() { Method = method, Semantics = semantics, Gamma = 0 };
        MergeResult result = AdapterMerger.Merge(Weigh(adapters, [1]), options);
        Check(Deltas(adapters)[0], result.Adapter);
        Assert.Equal(1, result.Modules[0].SubspaceOverlap);
        Assert.Equal(0, result.Modules[0].SignConflicts);
    }

    [Theory]
    [MemberData(nameof(EveryMethod))]
    public void Merge_OrderOfAdapters_DoesNotMatter(MergeMethod method, MergeSemantics semantics)
    {
        LoraAdapter first = Adapter(4, 3), second = Adapter(5, 3);
        MergeOptions options = new() { Method = method, Semantics = semantics, Gamma = 0, OnDelta = true };
        MergeResult one = AdapterMerger.Merge([new(first, 0.7), new(second, 0.4)], options), other = AdapterMerger.Merge([new(second, 0.4), new(first, 0.7)], options);
        Check(ReferenceMerge.Delta(one.Adapter.Modules[Path]), other.Adapter);
    }

    [Theory]
    [MemberData(nameof(EveryMethod))]
    public void Merge_Lambda_ScalesTheResult(MergeMethod method, MergeSemantics semantics)
    {
        WeightedAdapter[] adapters = Weigh([Adapter(4, 3), Adapter(5, 3)], [0.7, 0.4]);
        MergeOptions options = new() { Method = method, Semantics = semantics, Gamma = 0 };
        double[,] plain = ReferenceMerge.Delta(AdapterMerger.Merge(adapters, options).Adapter.Modules[Path]);
        Check(ReferenceMerge.Map(plain, (i, j) => -2 * plain[i, j]), AdapterMerger.Merge(adapters, options with { Lambda = -2 }).Adapter);
    }

    [Fact]
    public void Merge_ModulesOfSomeAdaptersOnly_AreMergedToo()
    {
        LoraAdapter both = Adapter(1, 3, paths: [Path, "model.layers.0.self_attn.v_proj"]), one = Adapter(2, 2);
        MergeResult result = AdapterMerger.Merge(Weigh([both, one], [1, 1]), new MergeOptions { Method = MergeMethod.Concatenate });
        Assert.Equal([Path, "model.layers.0.self_attn.v_proj"], result.Adapter.Modules.Keys);
        Assert.Equal([5, 3], result.Adapter.Modules.Values.Select(m => m.Rank));
        using TemporaryFolder folder = new();
        result.Adapter.Save(folder.Path);
        Assert.Equal([5, 3], LoraAdapter.Load(folder.Path).Modules.Values.Select(m => m.Rank));
    }

    [Fact]
    public void Merge_Report_MeasuresConflictAndOverlap()
    {
        LoraAdapter adapter = Adapter(1, 3);
        MergeResult against = AdapterMerger.Merge(Weigh([adapter, Negated(adapter)], [1, 0.5]), new MergeOptions { Method = MergeMethod.Concatenate });
        Assert.Equal(1, against.Modules[0].SignConflicts);
        Assert.Equal(1, against.Modules[0].SubspaceOverlap, 1e-9);
        ModuleMergeReport apart = AdapterMerger.Merge(Weigh([Adapter(1, 1, 50, 40), Adapter(2, 1, 50, 40)], [1, 1]), new MergeOptions { Method = MergeMethod.Svd }).Modules[0];
        Assert.InRange(apart.SignConflicts, 0.3, 0.7);
        Assert.InRange(apart.SubspaceOverlap, 0, 0.3);
    }

    [Fact]
    public void Merge_WhatCannotBeMerged_ListsEveryFault()
    {
        ArgumentException thrown = Assert.Throws<ArgumentException>(() => AdapterMerger.Merge(
            [new(Adapter(1, 3), double.NaN), new(Adapter(2, 2), 1), new(Adapter(2, 2, 8, 9), 1)], new MergeOptions { Method = MergeMethod.Ties }));
        foreach (string part in (string[])["a weight is NaN", "[7, 9] and [8, 9]", "ranks 3 and 2", "OnDelta"])
        {
            Assert.Contains(part, thrown.Message, StringComparison.Ordinal);
        }

        Assert.Contains("exactly two", Assert.Throws<ArgumentException>(() => AdapterMerger.Merge(Weigh([Adapter(1, 2)], [1]), new MergeOptions { Method = MergeMethod.Slerp })).Message, StringComparison.Ordinal);
        Assert.Contains("add up to zero", Assert.Throws<ArgumentException>(() => AdapterMerger.Merge(Weigh([Adapter(1, 2), Adapter(2, 2)], [1, -1]), new MergeOptions { Method = MergeMethod.Slerp })).Message, StringComparison.Ordinal);
        Assert.Contains("at least one", Assert.Throws<ArgumentException>(() => AdapterMerger.Merge([], new MergeOptions { Method = MergeMethod.Svd })).Message, StringComparison.Ordinal);
        MergeOptions wrong = new() { Method = MergeMethod.Della, Density = 0.9, Rank = 0, Lambda = double.NaN };
        string message = Assert.Throws<ArgumentException>(wrong.Validate).Message;
        foreach (string part in (string[])["Rank is 0", "Lambda is NaN", "0.9 ± Epsilon 0.15"])
        {
            Assert.Contains(part, message, StringComparison.Ordinal);
        }
    }

    private static void CheckGolden(JsonElement expected, string prefix, LoraModule actual)
    {
        double[,] delta = ReferenceMerge.Delta(actual);
        double norm = expected.GetProperty(prefix + "_fro").GetDouble();
        Assert.InRange(ReferenceMerge.Norm(delta) / norm, 1 - Tolerance, 1 + Tolerance);
        Assert.Equal(expected.GetProperty(prefix + "_00").GetDouble(), delta[0, 0], Tolerance * norm);
        Assert.Equal(expected.GetProperty(prefix + "_last").GetDouble(), delta[actual.OutFeatures - 1, actual.InFeatures - 1], Tolerance * norm);
    }

    private static void Check(double[,] expected, LoraAdapter actual) =>
        Assert.InRange(ReferenceMerge.RelativeError(ReferenceMerge.Delta(actual.Modules[Path]), expected), 0, Tolerance);

    private static WeightedAdapter[] Weigh(LoraAdapter[] adapters, double[] weights) => [.. adapters.Zip(weights, (a, w) => new WeightedAdapter(a, w))];

    private static IReadOnlyList<double[,]> Deltas(LoraAdapter[] adapters) => [.. adapters.Select(a => ReferenceMerge.Delta(a.Modules[Path]))];

    private static double[,] Matrix(ReadOnlySpan<float> values, int rows, int columns)
    {
        float[] copy = values.ToArray();
        return ReferenceMerge.Map(new double[rows, columns], (i, j) => copy[(i * columns) + j]);
    }

    private static LoraAdapter Negated(LoraAdapter adapter)
    {
        LoraModule m = adapter.Modules[Path];
        return new LoraAdapter(adapter.Config, [new LoraModule(m.ModulePath, m.Rank, m.InFeatures, m.OutFeatures, m.Scaling, m.LoraA, m.LoraB.ToArray().Select(x => -x).ToArray())]);
    }

    private static LoraAdapter Adapter(int seed, int rank, int outFeatures = 7, int inFeatures = 9, double scaling = 1, string[]? paths = null)
    {
        paths ??= [Path];
        Random random = new(seed);
        float[] Values(int count) => [.. Enumerable.Range(0, count).Select(_ => (float)((random.NextDouble() * 2) - 1))];
        LoraConfig config = new() { TargetModules = TargetModules.Named(paths), Rank = rank, Alpha = scaling * rank };
        return new LoraAdapter(config, paths.Select(p => new LoraModule(p, rank, inFeatures, outFeatures, scaling, Values(rank * inFeatures), Values(outFeatures * rank))));
    }
}
