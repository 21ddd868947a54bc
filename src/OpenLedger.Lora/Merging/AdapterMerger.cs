using System.Numerics.Tensors;
using OpenLedger.Lora.Adapters;

namespace OpenLedger.Lora.Merging;

/// <summary>Makes one adapter of several, without the base model.</summary>
/// <remarks>Pure functions of their arguments: the same seed gives the same bytes. Thread-safe. All sums are in double.</remarks>
public static class AdapterMerger
{
    /// <summary>Merges adapters of one base model.</summary>
    /// <param name="adapters">At least one; weights are finite.</param>
    /// <param name="options">How.</param>
    /// <returns>The merged adapter, whose modules are the union of theirs, and a report per module.</returns>
    /// <exception cref="ArgumentException">
    /// The options are invalid; a method got participants that it cannot merge (SLERP takes two; PEFT's factor-wise methods take equal ranks);
    /// or modules have different shapes. Lists every fault.
    /// </exception>
    public static MergeResult Merge(IReadOnlyList<WeightedAdapter> adapters, MergeOptions options)
    {
        ArgumentNullException.ThrowIfNull(adapters);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        string[] paths = [.. adapters.SelectMany(a => a.Adapter.Modules.Keys).Distinct().Order(StringComparer.Ordinal)];
        RequireMergeable(adapters, options, paths);
        List<LoraModule> modules = [];
        List<ModuleMergeReport> reports = [];
        foreach (string path in paths)
        {
            (LoraModule[] parts, double[] weights) = Participants(adapters, path, options);

            // A seed of its own per module: the result does not depend on which other modules there are.
            int seed = StableHash(path) ^ options.Seed;
            LowRankUpdate merged = new ModuleMerge(options, parts, weights, seed).Run();
            modules.Add(merged.ToModule(path));
            reports.Add(Report(path, [.. parts.Select(LowRankUpdate.Of)], weights, merged));
        }

        return new MergeResult(new LoraAdapter(ConfigFor(adapters[0].Adapter.Config, modules), modules), reports);
    }

    private static void RequireMergeable(IReadOnlyList<WeightedAdapter> adapters, MergeOptions options, string[] paths)
    {
        List<string> faults = [];
        if (adapters.Count == 0)
        {
            faults.Add("there are no adapters; give at least one");
        }

        foreach (WeightedAdapter adapter in adapters)
        {
            if (!double.IsFinite(adapter.Weight))
            {
                faults.Add($"a weight is {adapter.Weight}; legal is a finite number");
            }

            if (adapter.Adapter.TaskHead.Count > 0)
            {
                faults.Add($"an adapter brings a classifier head ({string.Join(", ", adapter.Adapter.TaskHead.Keys)}), which cannot be merged");
            }
        }

        bool dividesByWeights = options.Method is MergeMethod.Slerp or MergeMethod.KarcherMean
            || (options.Method == MergeMethod.Linear && options.Semantics == MergeSemantics.MergeKit);
        if (dividesByWeights && !(Math.Abs(adapters.Sum(a => a.Weight)) > 0))
        {
            faults.Add($"the weights of {options.Method} add up to zero, by which it divides");
        }

        if (options.Method == MergeMethod.Slerp && adapters.Count != 2)
        {
            faults.Add($"{options.Method} merges exactly two adapters, not {adapters.Count}");
        }

        foreach (string path in paths)
        {
            LoraModule[] parts = [.. adapters.Where(a => a.Adapter.Modules.ContainsKey(path)).Select(a => a.Adapter.Modules[path])];
            if (parts.Any(p => p.InFeatures != parts[0].InFeatures || p.OutFeatures != parts[0].OutFeatures))
            {
                faults.Add($"'{path}' has shapes {string.Join(" and ", parts.Select(p => $"[{p.OutFeatures}, {p.InFeatures}]").Distinct())}: the adapters were made for different bases");
            }

            if (WorksOnFactors(options) && parts.Any(p => p.Rank != parts[0].Rank))
            {
                faults.Add(
                    $"'{path}' has ranks {string.Join(" and ", parts.Select(p => p.Rank).Distinct())}; {options.Method} of PEFT works on the factors and needs equal ones: set {nameof(MergeOptions.OnDelta)}, or choose {MergeMethod.Concatenate} or {MergeMethod.Svd}");
            }
        }

        if (faults.Count > 0)
        {
            throw new ArgumentException($"The adapters cannot be merged:\n  - {string.Join("\n  - ", faults)}", nameof(adapters));
        }
    }

    private static bool WorksOnFactors(MergeOptions options) =>
        options.Semantics == MergeSemantics.Peft && !options.OnDelta
        && options.Method is MergeMethod.Linear or MergeMethod.Ties or MergeMethod.DareLinear or MergeMethod.DareTies or MergeMethod.MagnitudePrune;

    /// <summary>
    /// The module of each adapter with its weight. One that lacks the module takes part with an update of zero where others divide by all
    /// weights; PEFT leaves it out.
    /// </summary>
    private static (LoraModule[] Parts, double[] Weights) Participants(IReadOnlyList<WeightedAdapter> adapters, string path, MergeOptions options)
    {
        LoraModule shape = adapters.First(a => a.Adapter.Modules.ContainsKey(path)).Adapter.Modules[path];
        List<LoraModule> parts = [];
        List<double> weights = [];
        foreach (WeightedAdapter adapter in adapters)
        {
            if (adapter.Adapter.Modules.TryGetValue(path, out LoraModule? module))
            {
                parts.Add(module);
                weights.Add(adapter.Weight);
            }
            else if (options.Semantics == MergeSemantics.MergeKit || options.Method == MergeMethod.Slerp)
            {
                parts.Add(new LoraModule(
                    path, shape.Rank, shape.InFeatures, shape.OutFeatures, 1, new float[shape.LoraA.Length], new float[shape.LoraB.Length]));
                weights.Add(adapter.Weight);
            }
        }

        return ([.. parts], [.. weights]);
    }

    private static ModuleMergeReport Report(string path, LowRankUpdate[] updates, double[] weights, LowRankUpdate merged)
    {
        LowRankUpdate sum = LowRankUpdate.Combine(updates, weights);
        double wanted = sum.Norm(), missing = LowRankUpdate.Combine([merged, sum], [1, -1]).Norm();
        return new ModuleMergeReport
        {
            ModulePath = path,
            Rank = merged.Rank,
            RelativeError = missing == 0 ? 0 : missing / wanted,
            SignConflicts = SignConflicts(updates),
            SubspaceOverlap = SubspaceOverlap(updates),
        };
    }

    private static double SignConflicts(LowRankUpdate[] updates)
    {
        int m = updates[0].OutFeatures, n = updates[0].InFeatures;
        double[][] rows = [.. updates.Select(_ => new double[n])];
        long conflicts = 0;
        for (int i = 0; i < m; i++)
        {
            for (int u = 0; u < updates.Length; u++)
            {
                updates[u].FillRow(i, rows[u]);
            }

            for (int j = 0; j < n; j++)
            {
                bool positive = false, negative = false;
                foreach (double[] row in rows)
                {
                    positive |= row[j] > 0;
                    negative |= row[j] < 0;
                }

                conflicts += positive && negative ? 1 : 0;
            }
        }

        return (double)conflicts / ((long)m * n);
    }

    private static double SubspaceOverlap(LowRankUpdate[] updates)
    {
        ColumnSpace[] spaces = [.. updates.Select(u => ColumnSpace.Of([.. u.Left], u.OutFeatures, u.Rank))];
        List<double> overlaps = [];
        for (int i = 0; i < spaces.Length; i++)
        {
            for (int j = i + 1; j < spaces.Length; j++)
            {
                double sum = 0;
                for (int k = 0; k < spaces[i].Count; k++)
                {
                    for (int l = 0; l < spaces[j].Count; l++)
                    {
                        double cosine = TensorPrimitives.Dot<double>(
                            spaces[i].Basis.AsSpan(k * spaces[i].Length, spaces[i].Length), spaces[j].Basis.AsSpan(l * spaces[j].Length, spaces[j].Length));
                        sum += cosine * cosine;
                    }
                }

                overlaps.Add(sum / Math.Min(spaces[i].Count, spaces[j].Count));
            }
        }

        return overlaps.Count == 0 ? 1 : overlaps.Average();
    }

    /// <summary>PEFT's result: alpha equals the rank, so that the scaling is 1; patterns name the modules whose rank differs.</summary>
    private static LoraConfig ConfigFor(LoraConfig first, List<LoraModule> modules)
    {
        int rank = modules.Max(m => m.Rank);
        LoraModule[] others = [.. modules.Where(m => m.Rank != rank)];
        return new LoraConfig
        {
            TargetModules = TargetModules.Named([.. modules.Select(m => m.ModulePath)]),
            Rank = rank,
            Alpha = rank,
            RankPattern = [.. others.Select(m => KeyValuePair.Create(Exactly(m), m.Rank))],
            AlphaPattern = [.. others.Select(m => KeyValuePair.Create(Exactly(m), (double)m.Rank))],
            FanInFanOut = first.FanInFanOut,
            BaseModelNameOrPath = first.BaseModelNameOrPath,
            Revision = first.Revision,
            TaskType = first.TaskType,
        };
    }

    private static string Exactly(LoraModule module) => "^" + module.ModulePath.Replace(".", @"\.", StringComparison.Ordinal);

    /// <summary>FNV-1a: string hash codes differ from run to run.</summary>
    private static int StableHash(string text) => (int)text.Aggregate(2166136261u, (hash, c) => (hash ^ c) * 16777619u);
}
