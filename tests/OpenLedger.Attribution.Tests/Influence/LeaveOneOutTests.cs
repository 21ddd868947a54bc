using OpenLedger.Attribution.Gradients;
using OpenLedger.Attribution.Influence;
using OpenLedger.Attribution.Tests.Reference;

namespace OpenLedger.Attribution.Tests.Influence;

/// <summary>Influence against the truth it estimates: models small enough to be trained again without each record.</summary>
public class LeaveOneOutTests
{
    private const int Features = 6;

    /// <summary>
    /// Ridge regression whose residuals are all ±1, so that the empirical Fisher matrix is the Hessian and the influence is the exact
    /// derivative: labels are chosen backwards from the residuals, which makes the solution known in closed form.
    /// </summary>
    [Fact]
    public void EmpiricalFisher_RidgeWithUnitResiduals_IsTheDerivativeOfTheQueryLoss()
    {
        const int n = 40;
        const double lambda = 0.5, epsilon = 1e-4;
        double[][] x = FloatFeatures(seed: 1, n), queries = FloatFeatures(seed: 2, 5);
        Random random = new(3);
        double[] residuals = [.. x.Select(_ => random.Next(2) == 0 ? -1.0 : 1.0)];
        double[] theta = [.. Enumerable.Range(0, Features).Select(a => -x.Select((row, i) => residuals[i] * row[a]).Sum() / (n * lambda))];
        double[] y = [.. x.Select((row, i) => SlowInfluence.Dot(row, theta) - residuals[i])];

        InfluenceScores scores = Score(
            x.Select((row, i) => row.Select(v => v * residuals[i])), queries.Select(row => row.Select(v => v * SlowInfluence.Dot(row, theta))), lambda);

        double[] actual = [], derivative = [], removed = [];
        foreach (int record in Enumerable.Range(0, n))
        {
            double[] up = Ridge(x, y, lambda, record, 1 - epsilon), down = Ridge(x, y, lambda, record, 1 + epsilon), without = Ridge(x, y, lambda, record, 0);
            for (int q = 0; q < queries.Length; q++)
            {
                // Loss of a query with label 0: half the squared prediction. Its gradient at θ is prediction times features.
                derivative = [.. derivative, n * (Loss(queries[q], up) - Loss(queries[q], down)) / (2 * epsilon)];
                removed = [.. removed, n * (Loss(queries[q], without) - Loss(queries[q], theta))];
                actual = [.. actual, scores[q, record]];
            }
        }

        Assert.True(Samples.RelativeError(derivative, actual) < 1e-5); // float gradients and an epsilon² error of the central difference
        Assert.True(Samples.Correlation(removed, actual) > 0.97);
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    public void EmpiricalFisher_LogisticRegression_CorrelatesWithTrainingAgain(int seed)
    {
        const int n = 400;
        const double lambda = 0.02;
        double[][] x = FloatFeatures(seed, n), queries = FloatFeatures(seed + 100, 4);
        Random random = new(seed);
        double[] truth = [.. Enumerable.Range(0, Features).Select(_ => Samples.Normal(random))];
        double[] y = [.. x.Select(row => random.NextDouble() < Sigmoid(SlowInfluence.Dot(row, truth)) ? 1.0 : 0.0)];
        double[] theta = Logistic(x, y, lambda, without: -1, new double[Features]);

        InfluenceScores scores = Score(
            x.Select((row, i) => row.Select(v => v * (Sigmoid(SlowInfluence.Dot(row, theta)) - y[i]))),
            queries.Select(row => row.Select(v => v * (Sigmoid(SlowInfluence.Dot(row, theta)) - 1))),
            lambda);

        double[][] retrained = [.. Enumerable.Range(0, n).Select(i => Logistic(x, y, lambda, i, theta))];
        for (int q = 0; q < queries.Length; q++)
        {
            double[] query = queries[q];
            double before = -Math.Log(Sigmoid(SlowInfluence.Dot(query, theta)));
            double[] actual = [.. retrained.Select(t => -Math.Log(Sigmoid(SlowInfluence.Dot(query, t))) - before)];
            double correlation = Samples.Correlation(actual, scores.Query(q).ToArray());
            Assert.True(correlation > 0.95, $"correlation {correlation} in query {q}");
        }
    }

    private static InfluenceScores Score(IEnumerable<IEnumerable<double>> train, IEnumerable<IEnumerable<double>> queries, double lambda) =>
        new EmpiricalFisherInfluence(new() { Damping = Damping.Absolute(lambda) }).Score(Matrix(train), Matrix(queries));

    private static GradientMatrix Matrix(IEnumerable<IEnumerable<double>> rows)
    {
        float[][] values = [.. rows.Select(row => row.Select(v => (float)v).ToArray())];
        GradientMatrix matrix = new(new GradientLayout([("weights", Features)]), values.Length);
        for (int i = 0; i < values.Length; i++)
        {
            values[i].CopyTo(matrix.Row(i));
        }

        return matrix;
    }

    private static double[][] FloatFeatures(int seed, int rows) => SlowInfluence.Rows(Samples.Gradients(seed, rows, Features));

    private static double Loss(double[] query, double[] theta) => Math.Pow(SlowInfluence.Dot(query, theta), 2) / 2;

    private static double Sigmoid(double z) => 1 / (1 + Math.Exp(-z));

    /// <summary>argmin (1/n) Σ w_i ½ (x_i·θ - y_i)² + λ/2 ‖θ‖² with one weight changed.</summary>
    private static double[] Ridge(double[][] x, double[] y, double lambda, int record, double weight)
    {
        double[][] scaled = [.. x.Select((row, i) => row.Select(v => v * (i == record ? Math.Sqrt(weight) : 1)).ToArray())];
        double[] target = [.. Enumerable.Range(0, Features).Select(a =>
            x.Select((row, i) => row[a] * y[i] * (i == record ? weight : 1)).Sum() / x.Length)];
        return SlowInfluence.Multiply(SlowInfluence.Inverse(SlowInfluence.Curvature(scaled, lambda)), target);
    }

    /// <summary>Newton's method to convergence on (1/n) Σ loss_i + λ/2 ‖θ‖², one record left out.</summary>
    private static double[] Logistic(double[][] x, double[] y, double lambda, int without, double[] start)
    {
        double[] theta = start;
        for (int step = 0; step < 30; step++)
        {
            double[] p = [.. x.Select(row => Sigmoid(SlowInfluence.Dot(row, theta)))];
            double[] gradient = [.. theta.Select((t, a) =>
                (x.Select((row, i) => i == without ? 0 : row[a] * (p[i] - y[i])).Sum() / x.Length) + (lambda * t))];
            double[][] roots = [.. x.Select((row, i) => row.Select(v => i == without ? 0 : v * Math.Sqrt(p[i] * (1 - p[i]))).ToArray())];
            double[] move = SlowInfluence.Multiply(SlowInfluence.Inverse(SlowInfluence.Curvature(roots, lambda)), gradient);
            theta = [.. theta.Zip(move, (t, d) => t - d)];
            if (move.Max(Math.Abs) < 1e-12)
            {
                return theta;
            }
        }

        throw new InvalidOperationException("Newton's method did not converge.");
    }
}
