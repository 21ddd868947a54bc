using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace OpenLedger.Attribution.Influence.Kernels;

// M = L Lᵀ in double; L row-major [n, n], lower triangle.
//   L[i,j] = (M[i,j] - Σ_{k<j} L[i,k] L[j,k]) / L[j,j]
// Sums run over 16 fixed lanes without fusing (a fused sum would differ between machines), and every row is computed by one
// thread from finished rows, so the factor has the same bits on every machine and thread count. Cost n³/3 + 2n² per right side.
internal sealed class CholeskyFactor
{
    private const int PanelWidth = 48;

    private readonly double[] _l;
    private readonly int _n;

    private CholeskyFactor(double[] l, int n)
    {
        _l = l;
        _n = n;
    }

    /// <summary>Factors in place; returns null where a pivot is not positive (or not a number), leaving <paramref name="matrix"/> spoilt.</summary>
    /// <param name="matrix">Symmetric, row-major <c>[n, n]</c>; only the lower triangle is read. Becomes the factor's memory.</param>
    /// <param name="n">Rows and columns.</param>
    /// <param name="parallelism">Most threads, -1 for no limit.</param>
    public static CholeskyFactor? TryFactor(double[] matrix, int n, int parallelism = -1)
    {
        ParallelOptions options = new() { MaxDegreeOfParallelism = parallelism };
        for (int panel = 0; panel < n; panel += PanelWidth)
        {
            int end = Math.Min(panel + PanelWidth, n);
            for (int i = panel; i < end; i++)
            {
                EliminateRow(matrix, n, i, panel, i);
                Span<double> row = matrix.AsSpan(i * n, i + 1);
                double pivot = row[i] - OrderedDot.Dot(row[..i], row[..i]);
                if (!(pivot > 0) || !double.IsFinite(pivot))
                {
                    return null;
                }

                row[i] = Math.Sqrt(pivot);
            }

            if (end < n)
            {
                Parallel.For(end, n, options, i => EliminateRow(matrix, n, i, panel, end));
            }
        }

        return new CholeskyFactor(matrix, n);
    }

    /// <summary>Solves <c>M x = b</c> in place.</summary>
    /// <param name="vector">b on entry, x on return; <c>[n]</c>.</param>
    public void Solve(Span<double> vector)
    {
        for (int i = 0; i < _n; i++)
        {
            ReadOnlySpan<double> row = _l.AsSpan(i * _n, i + 1);
            vector[i] = (vector[i] - OrderedDot.Dot(row[..i], vector[..i])) / row[i];
        }

        for (int i = _n - 1; i >= 0; i--)
        {
            ReadOnlySpan<double> row = _l.AsSpan(i * _n, i + 1);
            double x = vector[i] / row[i];
            vector[i] = x;
            SubtractScaled(row[..i], x, vector[..i]);
        }
    }

    /// <summary>Solves for every row of <paramref name="rows"/> in place.</summary>
    /// <param name="rows">Row-major <c>[count, n]</c>.</param>
    /// <param name="count">Right sides.</param>
    /// <param name="parallelism">Most threads, -1 for no limit.</param>
    public void SolveRows(double[] rows, int count, int parallelism = -1) =>
        Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = parallelism }, i => Solve(rows.AsSpan(i * _n, _n)));

    private static void EliminateRow(double[] matrix, int n, int i, int from, int to)
    {
        Span<double> row = matrix.AsSpan(i * n, to);
        for (int j = from; j < to; j++)
        {
            ReadOnlySpan<double> pivotRow = matrix.AsSpan(j * n, j + 1);
            row[j] = (row[j] - OrderedDot.Dot(row[..j], pivotRow[..j])) / pivotRow[j];
        }
    }

    // y -= x * scale
    private static void SubtractScaled(ReadOnlySpan<double> x, double scale, Span<double> y)
    {
        ref double source = ref MemoryMarshal.GetReference(x);
        ref double target = ref MemoryMarshal.GetReference(y);
        int k = 0;
        for (; k + 4 <= x.Length; k += 4)
        {
            Vector256<double> value = Vector256.LoadUnsafe(ref target, (nuint)k) - (Vector256.LoadUnsafe(ref source, (nuint)k) * scale);
            value.StoreUnsafe(ref target, (nuint)k);
        }

        for (; k < x.Length; k++)
        {
            Unsafe.Add(ref target, k) -= Unsafe.Add(ref source, k) * scale;
        }
    }
}
