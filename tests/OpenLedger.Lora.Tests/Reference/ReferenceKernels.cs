namespace OpenLedger.Lora.Tests.Reference;

/// <summary>The kernels' formulas in double, one scalar at a time.</summary>
internal static class ReferenceKernels
{
    /// <summary><c>y[t, i] = Σ_k x[t, k] · w[i, k]</c></summary>
    public static double[] Multiply(ReadOnlySpan<float> x, ReadOnlySpan<float> w, int tokens, int m, int n)
    {
        double[] exact = new double[tokens * n];
        for (int i = 0; i < exact.Length; i++)
        {
            exact[i] = x[i];
        }

        return Multiply(exact, w, tokens, m, n);
    }

    /// <summary>The same of activations in double.</summary>
    public static double[] Multiply(ReadOnlySpan<double> x, ReadOnlySpan<float> w, int tokens, int m, int n)
    {
        double[] y = new double[tokens * m];
        for (int t = 0; t < tokens; t++)
        {
            for (int i = 0; i < m; i++)
            {
                for (int k = 0; k < n; k++)
                {
                    y[(t * m) + i] += x[(t * n) + k] * w[(i * n) + k];
                }
            }
        }

        return y;
    }

    /// <summary><c>y[i] += Σ_r u[r] · b[r, i]</c></summary>
    public static double[] AddScaledRows(ReadOnlySpan<float> u, ReadOnlySpan<float> b, ReadOnlySpan<float> y)
    {
        double[] sum = new double[y.Length];
        for (int i = 0; i < y.Length; i++)
        {
            sum[i] = y[i];
            for (int r = 0; r < u.Length; r++)
            {
                sum[i] += (double)u[r] * b[(r * y.Length) + i];
            }
        }

        return sum;
    }

    public static double[] RmsNorm(ReadOnlySpan<float> x, ReadOnlySpan<float> gain, double epsilon)
    {
        double sum = 0;
        foreach (float value in x)
        {
            sum += (double)value * value;
        }

        double[] y = new double[x.Length];
        for (int i = 0; i < x.Length; i++)
        {
            y[i] = x[i] / Math.Sqrt((sum / x.Length) + epsilon) * gain[i];
        }

        return y;
    }

    public static double[] SwiGlu(ReadOnlySpan<float> gate, ReadOnlySpan<float> up)
    {
        double[] y = new double[gate.Length];
        for (int i = 0; i < y.Length; i++)
        {
            y[i] = gate[i] / (1 + Math.Exp(-(double)gate[i])) * up[i];
        }

        return y;
    }

    public static double[] Softmax(ReadOnlySpan<float> x)
    {
        double max = double.NegativeInfinity;
        foreach (float value in x)
        {
            max = Math.Max(max, value);
        }

        double[] y = new double[x.Length];
        for (int i = 0; i < y.Length; i++)
        {
            y[i] = Math.Exp(x[i] - max);
        }

        double sum = y.Sum();
        return [.. y.Select(v => v / sum)];
    }

    /// <summary><c>0.5·x·(1 + erf(x/√2))</c>; the error function by its series, and by its continued fraction where that converges.</summary>
    public static double Gelu(double x)
    {
        double z = Math.Abs(x) / Math.Sqrt(2);
        double tail;
        if (z < 3)
        {
            double term = z;
            double sum = z;
            for (int n = 1; Math.Abs(term) > 1e-18 * sum; n++)
            {
                term *= -z * z / n;
                sum += term / ((2 * n) + 1);
            }

            tail = 1 - (2 / Math.Sqrt(Math.PI) * sum);
        }
        else
        {
            double fraction = 0;
            for (int n = 60; n >= 1; n--)
            {
                fraction = n / 2.0 / (z + fraction);
            }

            tail = Math.Exp(-z * z) / Math.Sqrt(Math.PI) / (z + fraction);
        }

        return x < 0 ? 0.5 * x * tail : x - (0.5 * x * tail);
    }
}
