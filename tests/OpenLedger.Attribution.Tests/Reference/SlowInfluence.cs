using OpenLedger.Attribution.Gradients;

namespace OpenLedger.Attribution.Tests.Reference;

/// <summary>The formulas as they are written, in double, with an explicit inverse in parameter space. Never optimise this.</summary>
internal static class SlowInfluence
{
    public static double[][] Rows(GradientMatrix matrix) =>
        [.. Enumerable.Range(0, matrix.SampleCount).Select(i => matrix.Row(i).ToArray().Select(v => (double)v).ToArray())];

    public static double[][] Columns(double[][] rows, GradientBlock block) =>
        [.. rows.Select(row => row.Skip(block.Offset).Take(block.Length).ToArray())];

    public static double Dot(double[] x, double[] y) => x.Zip(y, (a, b) => a * b).Sum();

    public static double[] Multiply(double[][] matrix, double[] vector) => [.. matrix.Select(row => Dot(row, vector))];

    /// <summary>vᵀ (GᵀG/n + λI)⁻¹ g_i for every query and record.</summary>
    public static double[][] EmpiricalFisher(double[][] train, double[][] queries, double lambda)
    {
        double[][] inverse = Inverse(Curvature(train, lambda));
        return [.. queries.Select(v => Multiply(train, Multiply(inverse, v)))];
    }

    public static double[][] Curvature(double[][] train, double lambda)
    {
        int p = train[0].Length;
        double[][] h = [.. Enumerable.Range(0, p).Select(_ => new double[p])];
        for (int a = 0; a < p; a++)
        {
            for (int b = 0; b < p; b++)
            {
                h[a][b] = (train.Sum(g => g[a] * g[b]) / train.Length) + (a == b ? lambda : 0);
            }
        }

        return h;
    }

    /// <summary>DataInf by the paper's inner loop over training samples; sign turned so that above 0 helps.</summary>
    public static double[][] DataInf(double[][] train, double[][] queries, IEnumerable<GradientBlock> blocks, double multiple)
    {
        double[][] scores = [.. queries.Select(_ => new double[train.Length])];
        foreach (GradientBlock block in blocks)
        {
            double[][] g = Columns(train, block);
            double[][] v = Columns(queries, block);
            int n = g.Length;
            double lambda = multiple * g.Average(row => row.Average(x => x * x));
            if (lambda == 0)
            {
                continue;
            }

            for (int q = 0; q < v.Length; q++)
            {
                double[] product = new double[block.Length];
                foreach (double[] row in g)
                {
                    double weight = Dot(v[q], row) / (lambda + Dot(row, row));
                    for (int k = 0; k < product.Length; k++)
                    {
                        product[k] += (v[q][k] - (weight * row[k])) / (n * lambda);
                    }
                }

                for (int i = 0; i < n; i++)
                {
                    scores[q][i] += Dot(product, g[i]);
                }
            }
        }

        return scores;
    }

    /// <summary>Gauss-Jordan with row pivoting.</summary>
    public static double[][] Inverse(double[][] matrix)
    {
        int n = matrix.Length;
        double[][] work = [.. matrix.Select((row, i) => row.Concat(Enumerable.Range(0, n).Select(j => i == j ? 1.0 : 0.0)).ToArray())];
        for (int column = 0; column < n; column++)
        {
            int pivot = Enumerable.Range(column, n - column).MaxBy(i => Math.Abs(work[i][column]));
            (work[column], work[pivot]) = (work[pivot], work[column]);
            double divisor = work[column][column];
            work[column] = [.. work[column].Select(x => x / divisor)];
            for (int row = 0; row < n; row++)
            {
                double factor = work[row][column];
                if (row != column && factor != 0)
                {
                    work[row] = [.. work[row].Zip(work[column], (x, y) => x - (factor * y))];
                }
            }
        }

        return [.. work.Select(row => row.Skip(n).ToArray())];
    }
}
