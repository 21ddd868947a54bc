// Shape legend: m x n row-major dense matrix, r = wanted rank, b = block of vectors.
using System.Numerics.Tensors;

namespace OpenLedger.Lora.Merging;

/// <summary>The best low-rank approximation of a dense matrix, by subspace iteration until the wanted singular values stand still.</summary>
/// <remarks>Halko, Martinsson and Tropp, arXiv 0909.4061, with re-orthogonalised power steps. The start is seeded, so results repeat.</remarks>
internal static class DenseTruncation
{
    private const int MaxSteps = 200;
    private const double Still = 1e-10;

    public static LowRankUpdate Of(double[] dense, int m, int n, int rank, int seed)
    {
        int smaller = Math.Min(m, n), block = Math.Min(smaller, rank + Math.Max(8, rank / 2));
        double[] right = RandomVectors(block, n, seed);
        ColumnSpace.Of(right, n, block);
        double[] left = new double[block * m];
        double[] values = [], before;
        LowRankUpdate projected;
        int step = 0;
        do
        {
            before = values;
            MultiplyRows(dense, m, n, right, block, left);
            double[] basis = ColumnSpace.Of([.. left], m, block).Basis;
            right = MultiplyColumns(dense, m, n, basis, block);
            projected = new LowRankUpdate(m, n, block, basis, [.. right]);
            values = projected.SingularValues();
            ColumnSpace.Of(right, n, block);
        }
        while (++step < MaxSteps && block < smaller && !StandStill(before, values, rank));
        return projected.Truncate(rank);
    }

    private static bool StandStill(double[] before, double[] values, int rank)
    {
        for (int k = 0; k < Math.Min(rank, values.Length); k++)
        {
            if (before.Length == 0 || Math.Abs(before[k] - values[k]) > Still * values[0])
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>left_k = M · right_k</summary>
    private static void MultiplyRows(double[] dense, int m, int n, double[] right, int count, double[] left)
    {
        for (int i = 0; i < m; i++)
        {
            ReadOnlySpan<double> row = dense.AsSpan(i * n, n);
            for (int k = 0; k < count; k++)
            {
                left[(k * m) + i] = TensorPrimitives.Dot(row, right.AsSpan(k * n, n));
            }
        }
    }

    /// <summary>right_k = Mᵀ · left_k</summary>
    private static double[] MultiplyColumns(double[] dense, int m, int n, double[] left, int count)
    {
        double[] right = new double[count * n];
        for (int i = 0; i < m; i++)
        {
            ReadOnlySpan<double> row = dense.AsSpan(i * n, n);
            for (int k = 0; k < count; k++)
            {
                LowRankUpdate.AddTo(right.AsSpan(k * n, n), row, left[(k * m) + i]);
            }
        }

        return right;
    }

    private static double[] RandomVectors(int count, int length, int seed)
    {
        Random random = new(seed);
        double[] vectors = new double[count * length];
        for (int i = 0; i < vectors.Length; i++)
        {
            vectors[i] = (random.NextDouble() * 2) - 1;
        }

        return vectors;
    }
}
