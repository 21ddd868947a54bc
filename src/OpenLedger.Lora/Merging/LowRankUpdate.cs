// Shape legend: m = out features, n = in features, r = rank. Vectors are stored one after the other: left[k * m + i], right[k * n + j].
using System.Numerics.Tensors;
using OpenLedger.Lora.Adapters;

namespace OpenLedger.Lora.Merging;

/// <summary>A matrix <c>[m, n]</c> as a sum of r outer products, <c>Σ_k left_k · right_kᵀ</c>, in double. The matrix itself is never formed.</summary>
internal sealed class LowRankUpdate
{
    public LowRankUpdate(int outFeatures, int inFeatures, int rank, double[] left, double[] right)
    {
        OutFeatures = outFeatures;
        InFeatures = inFeatures;
        Rank = rank;
        Left = left;
        Right = right;
    }

    public int OutFeatures { get; }

    public int InFeatures { get; }

    public int Rank { get; }

    /// <summary><c>[r, m]</c></summary>
    public double[] Left { get; }

    /// <summary><c>[r, n]</c></summary>
    public double[] Right { get; }

    /// <summary><c>scaling · B A</c> of a module.</summary>
    public static LowRankUpdate Of(LoraModule module)
    {
        int m = module.OutFeatures, r = module.Rank;
        double[] left = new double[r * m], right = new double[r * module.InFeatures];
        ReadOnlySpan<float> b = module.LoraB.Span;
        for (int i = 0; i < m; i++)
        {
            for (int k = 0; k < r; k++)
            {
                left[(k * m) + i] = module.Scaling * b[(i * r) + k];
            }
        }

        TensorPrimitives.ConvertTruncating(module.LoraA.Span, right);
        return new LowRankUpdate(m, module.InFeatures, r, left, right);
    }

    /// <summary><c>Σ_i c_i · update_i</c>, exactly; the rank is the sum of the ranks.</summary>
    public static LowRankUpdate Combine(IReadOnlyList<LowRankUpdate> updates, IReadOnlyList<double> coefficients)
    {
        double[] left = [.. updates.SelectMany((u, i) => u.Left.Select(v => v * coefficients[i]))];
        return new LowRankUpdate(
            updates[0].OutFeatures, updates[0].InFeatures, updates.Sum(u => u.Rank), left, [.. updates.SelectMany(u => u.Right)]);
    }

    /// <summary>Sum of the products of all entries, <c>⟨this, other⟩</c>.</summary>
    public double InnerProduct(LowRankUpdate other)
    {
        double sum = 0;
        for (int k = 0; k < Rank; k++)
        {
            for (int l = 0; l < other.Rank; l++)
            {
                sum += TensorPrimitives.Dot<double>(LeftOf(k), other.LeftOf(l)) * TensorPrimitives.Dot<double>(RightOf(k), other.RightOf(l));
            }
        }

        return sum;
    }

    /// <summary>Frobenius norm, from the core: differences of almost equal updates keep their digits.</summary>
    public double Norm()
    {
        (_, _, double[] core) = Core();
        return TensorPrimitives.Norm<double>(core);
    }

    /// <summary>The best approximation of a rank: with <c>U Σ Vᵀ</c>, left vectors are <c>σ u</c> and right ones <c>v</c>.</summary>
    /// <param name="rank">At least 1; where it exceeds this rank, the rest is zero.</param>
    public LowRankUpdate Truncate(int rank)
    {
        (ColumnSpace left, ColumnSpace right, double[] core) = Core();
        JacobiSvd svd = JacobiSvd.Of(core, Rank);
        double[] newLeft = new double[rank * OutFeatures], newRight = new double[rank * InFeatures];
        for (int k = 0; k < Math.Min(rank, Rank); k++)
        {
            for (int l = 0; l < Rank; l++)
            {
                AddTo(newLeft.AsSpan(k * OutFeatures, OutFeatures), left.Basis.AsSpan(l * OutFeatures, OutFeatures), svd.Values[k] * svd.Left[(k * Rank) + l]);
                AddTo(newRight.AsSpan(k * InFeatures, InFeatures), right.Basis.AsSpan(l * InFeatures, InFeatures), svd.Right[(k * Rank) + l]);
            }
        }

        return new LowRankUpdate(OutFeatures, InFeatures, rank, newLeft, newRight);
    }

    /// <summary>Singular values, descending; only the first <see cref="Rank"/> can differ from zero.</summary>
    public double[] SingularValues()
    {
        (_, _, double[] core) = Core();
        return JacobiSvd.Of(core, Rank).Values;
    }

    /// <summary>All entries, <c>[m, n]</c>: for the methods that work entry by entry.</summary>
    public double[] ToDense()
    {
        double[] dense = new double[checked(OutFeatures * InFeatures)];
        for (int i = 0; i < OutFeatures; i++)
        {
            FillRow(i, dense.AsSpan(i * InFeatures, InFeatures));
        }

        return dense;
    }

    /// <summary>One row of the matrix.</summary>
    public void FillRow(int row, Span<double> destination)
    {
        destination.Clear();
        for (int k = 0; k < Rank; k++)
        {
            AddTo(destination, RightOf(k), Left[(k * OutFeatures) + row]);
        }
    }

    /// <summary>A module with scaling 1.</summary>
    public LoraModule ToModule(string path)
    {
        float[] a = new float[Right.Length], b = new float[Left.Length];
        TensorPrimitives.ConvertTruncating<double, float>(Right, a);
        for (int k = 0; k < Rank; k++)
        {
            for (int i = 0; i < OutFeatures; i++)
            {
                b[(i * Rank) + k] = (float)Left[(k * OutFeatures) + i];
            }
        }

        return new LoraModule(path, Rank, InFeatures, OutFeatures, 1, a, b);
    }

    public ReadOnlySpan<double> LeftOf(int k) => Left.AsSpan(k * OutFeatures, OutFeatures);

    public ReadOnlySpan<double> RightOf(int k) => Right.AsSpan(k * InFeatures, InFeatures);

    /// <summary><c>y += factor · x</c></summary>
    public static void AddTo(Span<double> y, ReadOnlySpan<double> x, double factor)
    {
        if (factor != 0)
        {
            TensorPrimitives.MultiplyAdd(x, factor, y, y);
        }
    }

    /// <summary>Bases of both sides and the small matrix between them: <c>this = Q_left · core · Q_rightᵀ</c>, core row-major <c>[r, r]</c>.</summary>
    public (ColumnSpace Left, ColumnSpace Right, double[] Core) Core()
    {
        ColumnSpace left = ColumnSpace.Of([.. Left], OutFeatures, Rank), right = ColumnSpace.Of([.. Right], InFeatures, Rank);
        double[] core = new double[Rank * Rank];
        for (int i = 0; i < Rank; i++)
        {
            for (int j = 0; j < Rank; j++)
            {
                core[(i * Rank) + j] = TensorPrimitives.Dot<double>(
                    left.Coordinates.AsSpan(i * Rank, Rank), right.Coordinates.AsSpan(j * Rank, Rank));
            }
        }

        return (left, right, core);
    }
}
