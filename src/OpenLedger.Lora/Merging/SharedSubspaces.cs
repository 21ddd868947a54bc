// Shape legend: m = out features, n = in features, R = sum of ranks. Vectors are stored one after the other.
using System.Numerics.Tensors;

namespace OpenLedger.Lora.Merging;

/// <summary>Subspaces that several updates share, found from their factors: no matrix of the layer's size is formed.</summary>
internal sealed class SharedSubspaces(IReadOnlyList<LowRankUpdate> updates)
{
    private readonly int _m = updates[0].OutFeatures;
    private readonly int _n = updates[0].InFeatures;
    private readonly int _total = updates.Sum(u => u.Rank);

    /// <summary>
    /// KnOTS: with <c>[ΔW_1 … ΔW_k] = U Σ [V_1ᵀ … V_kᵀ]</c>, merges the <c>V_iᵀ</c> entry by entry and returns <c>U Σ V_mᵀ</c>.
    /// </summary>
    /// <param name="merge">Merges tensors of one shape, given weights and the length of a row.</param>
    /// <param name="weights">One per update.</param>
    /// <param name="rank">Rank of the result, or <see langword="null"/> for what comes out: at most R.</param>
    public LowRankUpdate MergeRightFactors(
        Func<IReadOnlyList<double[]>, IReadOnlyList<double>, int, double[]> merge, IReadOnlyList<double> weights, int? rank)
    {
        (double[] left, double[][] right) = Concatenated();
        double[] merged = merge(right, weights, _n);
        LowRankUpdate result = new(_m, _n, _total, left, merged);
        return rank is int r && r != _total ? result.Truncate(r) : result;
    }

    /// <summary>
    /// Compress, then merge: the leading left directions of <c>[ΔW_1 … ΔW_k]</c> and right ones of the stacked updates, each update seen
    /// between them as a small core, the cores added with their weights.
    /// </summary>
    public LowRankUpdate MergeCores(IReadOnlyList<double> weights, int rank)
    {
        int kept = Math.Min(rank, Math.Min(_total, Math.Min(_m, _n)));
        double[] left = LeadingLeft(updates, _m, kept), right = LeadingLeft([.. updates.Select(Transposed)], _n, kept);
        double[] newRight = new double[kept * _n];
        foreach ((LowRankUpdate update, double weight) in updates.Zip(weights))
        {
            for (int p = 0; p < kept; p++)
            {
                for (int q = 0; q < kept; q++)
                {
                    double entry = 0;
                    for (int k = 0; k < update.Rank; k++)
                    {
                        entry += TensorPrimitives.Dot<double>(left.AsSpan(p * _m, _m), update.LeftOf(k))
                            * TensorPrimitives.Dot<double>(right.AsSpan(q * _n, _n), update.RightOf(k));
                    }

                    LowRankUpdate.AddTo(newRight.AsSpan(p * _n, _n), right.AsSpan(q * _n, _n), weight * entry);
                }
            }
        }

        return new LowRankUpdate(_m, _n, kept, left, newRight);
    }

    /// <summary><c>U Σ</c> as vectors <c>[R, m]</c>, and per update <c>V_iᵀ</c> as <c>[R, n]</c>.</summary>
    private (double[] Left, double[][] Right) Concatenated()
    {
        ColumnSpace space = ColumnSpace.Of([.. updates.SelectMany(u => u.Left)], _m, _total);
        ColumnSpace[] rights = [.. updates.Select(u => ColumnSpace.Of([.. u.Right], _n, u.Rank))];

        // Core: R x R, the columns of one update after those of another.
        double[] core = new double[_total * _total];
        int begin = 0;
        for (int i = 0; i < updates.Count; begin += updates[i].Rank, i++)
        {
            for (int row = 0; row < _total; row++)
            {
                for (int column = 0; column < updates[i].Rank; column++)
                {
                    core[(row * _total) + begin + column] = TensorPrimitives.Dot<double>(
                        space.Coordinates.AsSpan((row * _total) + begin, updates[i].Rank),
                        rights[i].Coordinates.AsSpan(column * updates[i].Rank, updates[i].Rank));
                }
            }
        }

        JacobiSvd svd = JacobiSvd.Of(core, _total);
        double[] left = new double[_total * _m];
        double[][] right = [.. updates.Select(_ => new double[_total * _n])];
        for (int k = 0; k < _total; k++)
        {
            for (int l = 0; l < _total; l++)
            {
                LowRankUpdate.AddTo(left.AsSpan(k * _m, _m), space.Basis.AsSpan(l * _m, _m), svd.Values[k] * svd.Left[(k * _total) + l]);
            }

            begin = 0;
            for (int i = 0; i < updates.Count; begin += updates[i].Rank, i++)
            {
                for (int l = 0; l < updates[i].Rank; l++)
                {
                    LowRankUpdate.AddTo(right[i].AsSpan(k * _n, _n), rights[i].Basis.AsSpan(l * _n, _n), svd.Right[(k * _total) + begin + l]);
                }
            }
        }

        return (left, right);
    }

    /// <summary>Orthonormal leading left directions of the updates side by side, <c>[count, m]</c>.</summary>
    private static double[] LeadingLeft(IReadOnlyList<LowRankUpdate> updates, int m, int count)
    {
        (double[] left, _) = new SharedSubspaces(updates).Concatenated();
        return ColumnSpace.Of(left[..(count * m)], m, count).Basis;
    }

    private static LowRankUpdate Transposed(LowRankUpdate update) => new(update.InFeatures, update.OutFeatures, update.Rank, update.Right, update.Left);
}
