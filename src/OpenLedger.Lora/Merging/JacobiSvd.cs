// Shape legend: a is n x n, row-major. Singular vectors are stored one after the other: u[k * n + i].
using System.Numerics.Tensors;

namespace OpenLedger.Lora.Merging;

/// <summary>Singular values of a small square matrix by one-sided Jacobi rotations, in double: slow, simple and accurate to the last bits.</summary>
internal sealed class JacobiSvd
{
    private const int MaxSweeps = 60;

    private JacobiSvd(double[] values, double[] left, double[] right)
    {
        Values = values;
        Left = left;
        Right = right;
    }

    /// <summary>σ, descending.</summary>
    public double[] Values { get; }

    /// <summary>Left vectors, <c>[n, n]</c>; zero where σ is.</summary>
    public double[] Left { get; }

    /// <summary>Right vectors, <c>[n, n]</c>.</summary>
    public double[] Right { get; }

    /// <param name="a">Row-major <c>[n, n]</c>; not changed.</param>
    /// <param name="n">Size.</param>
    public static JacobiSvd Of(ReadOnlySpan<double> a, int n)
    {
        // Columns of A, rotated until they are orthogonal: A·V = U·Σ.
        double[] columns = new double[n * n];
        double[] v = new double[n * n];
        for (int i = 0; i < n; i++)
        {
            v[(i * n) + i] = 1;
            for (int j = 0; j < n; j++)
            {
                columns[(j * n) + i] = a[(i * n) + j];
            }
        }

        for (int sweep = 0; sweep < MaxSweeps && RotateAll(columns, v, n); sweep++)
        {
        }

        return Sorted(columns, v, n);
    }

    private static bool RotateAll(double[] columns, double[] v, int n)
    {
        const double tolerance = 1e-15;
        bool rotated = false;
        for (int p = 0; p < n - 1; p++)
        {
            for (int q = p + 1; q < n; q++)
            {
                Span<double> x = columns.AsSpan(p * n, n), y = columns.AsSpan(q * n, n);
                double xx = TensorPrimitives.Dot<double>(x, x), yy = TensorPrimitives.Dot<double>(y, y), xy = TensorPrimitives.Dot<double>(x, y);
                if (xy == 0 || Math.Abs(xy) <= tolerance * Math.Sqrt(xx * yy))
                {
                    continue;
                }

                rotated = true;
                double zeta = (yy - xx) / (2 * xy);
                double t = (zeta >= 0 ? 1 : -1) / (Math.Abs(zeta) + Math.Sqrt(1 + (zeta * zeta)));
                double cosine = 1 / Math.Sqrt(1 + (t * t)), sine = cosine * t;
                Rotate(x, y, cosine, sine);
                Rotate(v.AsSpan(p * n, n), v.AsSpan(q * n, n), cosine, sine);
            }
        }

        return rotated;
    }

    private static void Rotate(Span<double> x, Span<double> y, double cosine, double sine)
    {
        for (int i = 0; i < x.Length; i++)
        {
            double a = x[i], b = y[i];
            x[i] = (cosine * a) - (sine * b);
            y[i] = (sine * a) + (cosine * b);
        }
    }

    private static JacobiSvd Sorted(double[] columns, double[] v, int n)
    {
        double[] norms = [.. Enumerable.Range(0, n).Select(k => TensorPrimitives.Norm<double>(columns.AsSpan(k * n, n)))];
        int[] order = [.. Enumerable.Range(0, n).OrderByDescending(k => norms[k])];
        double[] left = new double[n * n], right = new double[n * n];
        for (int k = 0; k < n; k++)
        {
            if (norms[order[k]] > 0)
            {
                TensorPrimitives.Divide(columns.AsSpan(order[k] * n, n), norms[order[k]], left.AsSpan(k * n, n));
            }

            v.AsSpan(order[k] * n, n).CopyTo(right.AsSpan(k * n, n));
        }

        return new JacobiSvd([.. order.Select(k => norms[k])], left, right);
    }
}
