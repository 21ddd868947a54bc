using OpenLedger.Lora.Adapters;

namespace OpenLedger.Lora.Tests.Reference;

/// <summary>Merging by the definitions, on whole matrices, one number at a time: to be read, never to be optimised.</summary>
internal static class ReferenceMerge
{
    /// <summary>ΔW = s·B·A, <c>[out][in]</c>.</summary>
    public static double[,] Delta(LoraModule module)
    {
        double[,] delta = new double[module.OutFeatures, module.InFeatures];
        float[] a = module.LoraA.ToArray(), b = module.LoraB.ToArray();
        for (int i = 0; i < module.OutFeatures; i++)
        {
            for (int j = 0; j < module.InFeatures; j++)
            {
                double sum = 0;
                for (int k = 0; k < module.Rank; k++)
                {
                    sum += (double)b[(i * module.Rank) + k] * a[(k * module.InFeatures) + j];
                }

                delta[i, j] = module.Scaling * sum;
            }
        }

        return delta;
    }

    public static double[,] Sum(IReadOnlyList<double[,]> deltas, IReadOnlyList<double> weights) =>
        Map(deltas[0], (i, j) => deltas.Select((d, a) => weights[a] * d[i, j]).Sum());

    public static double[,] Map(double[,] shape, Func<int, int, double> entry)
    {
        double[,] result = new double[shape.GetLength(0), shape.GetLength(1)];
        for (int i = 0; i < result.GetLength(0); i++)
        {
            for (int j = 0; j < result.GetLength(1); j++)
            {
                result[i, j] = entry(i, j);
            }
        }

        return result;
    }

    /// <summary>Keeps int(density · n) entries of largest magnitude.</summary>
    public static double[,] Trim(double[,] delta, double density)
    {
        double[] sorted = [.. delta.Cast<double>().Select(Math.Abs).OrderDescending()];
        int kept = (int)(density * sorted.Length);
        double smallest = kept == 0 ? double.PositiveInfinity : sorted[kept - 1];
        return Map(delta, (i, j) => Math.Abs(delta[i, j]) >= smallest ? delta[i, j] : 0);
    }

    /// <summary>TIES as PEFT defines it: signs of the unweighted sum, divided by the number that agree.</summary>
    public static double[,] TiesOfPeft(IReadOnlyList<double[,]> deltas, IReadOnlyList<double> weights, double density)
    {
        double[][,] trimmed = [.. deltas.Select(d => Trim(d, density))];
        return Map(deltas[0], (i, j) =>
        {
            int sign = trimmed.Sum(t => t[i, j]) >= 0 ? 1 : -1;
            int[] agreeing = [.. Enumerable.Range(0, trimmed.Length).Where(a => Math.Sign(trimmed[a][i, j]) == sign)];
            return agreeing.Sum(a => weights[a] * trimmed[a][i, j]) / Math.Max(1, agreeing.Length);
        });
    }

    /// <summary>TIES as mergekit defines it: signs of the weighted sum, divided by the weights that agree.</summary>
    public static double[,] TiesOfMergeKit(IReadOnlyList<double[,]> deltas, IReadOnlyList<double> weights, double density)
    {
        double[][,] trimmed = [.. deltas.Select(d => Trim(d, density))];
        return Map(deltas[0], (i, j) =>
        {
            int sign = trimmed.Select((t, a) => weights[a] * t[i, j]).Sum() >= 0 ? 1 : -1;
            int[] agreeing = [.. Enumerable.Range(0, trimmed.Length).Where(a => Math.Sign(weights[a] * trimmed[a][i, j]) == sign)];
            double divisor = agreeing.Sum(a => weights[a]);
            return agreeing.Sum(a => weights[a] * trimmed[a][i, j]) / (Math.Abs(divisor) < 1e-8 ? 1 : divisor);
        });
    }

    /// <summary>mergekit's breadcrumbs: drop the largest γ·n and the smallest (1 - density - γ)·n.</summary>
    public static double[,] Breadcrumbs(double[,] delta, double density, double gamma)
    {
        double[] ascending = [.. delta.Cast<double>().Select(Math.Abs).Order()];
        int kept = (int)(density * ascending.Length), top = (int)(gamma * ascending.Length);
        double low = ascending[ascending.Length - kept - top], high = ascending[ascending.Length - top - 1];
        return Map(delta, (i, j) => Math.Abs(delta[i, j]) >= low && Math.Abs(delta[i, j]) <= high ? delta[i, j] : 0);
    }

    /// <summary>SCE: entries of the highest variance, energies as weights, minority signs erased, weighted mean.</summary>
    public static double[,] Sce(IReadOnlyList<double[,]> deltas, double density)
    {
        double[,] variance = Map(deltas[0], (i, j) => deltas.Sum(d => Math.Pow(d[i, j] - deltas.Average(x => x[i, j]), 2)));
        double[,] mask = Trim(variance, density);
        double[][,] selected = [.. deltas.Select(d => Map(d, (i, j) => mask[i, j] != 0 ? d[i, j] : 0))];
        double[] energies = [.. selected.Select(d => d.Cast<double>().Sum(x => x * x))];
        double[] weights = [.. energies.Select(e => e / energies.Sum())];
        return Map(deltas[0], (i, j) =>
        {
            int sign = selected.Select((s, a) => s[i, j]).Sum() >= 0 ? 1 : -1;
            int[] agreeing = [.. Enumerable.Range(0, selected.Length).Where(a => Math.Sign(selected[a][i, j]) == sign)];
            return agreeing.Length == 0 ? 0 : agreeing.Sum(a => weights[a] * selected[a][i, j]) / agreeing.Sum(a => weights[a]);
        });
    }

    public static double Dot(double[,] a, double[,] b)
    {
        double sum = 0;
        for (int i = 0; i < a.GetLength(0); i++)
        {
            for (int j = 0; j < a.GetLength(1); j++)
            {
                sum += a[i, j] * b[i, j];
            }
        }

        return sum;
    }

    public static double Norm(double[,] a) => Math.Sqrt(Dot(a, a));

    /// <summary>‖a - b‖ / ‖b‖</summary>
    public static double RelativeError(double[,] a, double[,] b) => Norm(Map(a, (i, j) => a[i, j] - b[i, j])) / Norm(b);

    /// <summary>Σ of the squared singular values beyond the first <paramref name="rank"/>, by deflation with power iteration: the least possible squared error.</summary>
    public static double Tail(double[,] matrix, int rank)
    {
        double[,] rest = (double[,])matrix.Clone();
        for (int r = 0; r < rank; r++)
        {
            int m = rest.GetLength(0), n = rest.GetLength(1);
            double[] v = [.. Enumerable.Range(0, n).Select(j => 1.0 + (j % 3))];
            double[] u = new double[m];
            for (int step = 0; step < 3000; step++)
            {
                u = Unit([.. Enumerable.Range(0, m).Select(i => Enumerable.Range(0, n).Sum(j => rest[i, j] * v[j]))]);
                v = [.. Enumerable.Range(0, n).Select(j => Enumerable.Range(0, m).Sum(i => rest[i, j] * u[i]))];
                if (step < 2999)
                {
                    v = Unit(v);
                }
            }

            rest = Map(rest, (i, j) => rest[i, j] - (u[i] * v[j]));
        }

        return Dot(rest, rest);
    }

    private static double[] Unit(double[] v)
    {
        double norm = Math.Sqrt(v.Sum(x => x * x));
        return norm == 0 ? v : [.. v.Select(x => x / norm)];
    }
}
