using OpenLedger.Attribution.Influence.Kernels;
using OpenLedger.Attribution.Tests.Reference;

namespace OpenLedger.Attribution.Tests.Influence.Kernels;

public class CholeskyFactorTests
{
    // Backward error of a backward-stable solve is a small multiple of n · 2^-53.
    private const double ResidualTolerance = 1e-12;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(47)]
    [InlineData(48)]
    [InlineData(49)]
    [InlineData(97)]
    [InlineData(150)]
    public void Solve_PositiveDefinite_LeavesNoResidual(int n)
    {
        double[] matrix = PositiveDefinite(n, seed: n);
        CholeskyFactor factor = CholeskyFactor.TryFactor((double[])matrix.Clone(), n)!;
        double[] b = [.. Enumerable.Range(0, n).Select(i => Math.Sin(i + 1))];
        double[] x = (double[])b.Clone();
        factor.Solve(x);
        double[] product = [.. Enumerable.Range(0, n).Select(i => Enumerable.Range(0, n).Sum(j => matrix[(i * n) + j] * x[j]))];
        Assert.True(Samples.RelativeError(b, product) < ResidualTolerance);
    }

    [Fact]
    public void TryFactor_AnyThreadCount_GivesTheSameBits()
    {
        const int n = 130;
        double[] one = PositiveDefinite(n, seed: 9);
        double[] many = (double[])one.Clone();
        CholeskyFactor.TryFactor(one, n, parallelism: 1);
        CholeskyFactor.TryFactor(many, n, parallelism: 7);
        Assert.Equal(one, many);
    }

    [Theory]
    [InlineData(new double[] { 1, 2, 2, 1 })]
    [InlineData(new double[] { 0, 0, 0, 1 })]
    [InlineData(new double[] { double.NaN, 0, 0, 1 })]
    [InlineData(new double[] { double.PositiveInfinity, 0, 0, 1 })]
    public void TryFactor_NotPositiveDefinite_IsNull(double[] matrix) => Assert.Null(CholeskyFactor.TryFactor(matrix, 2));

    private static double[] PositiveDefinite(int n, int seed)
    {
        Random random = new(seed);
        double[] factor = [.. Enumerable.Range(0, n * n).Select(_ => Samples.Normal(random))];
        double[] matrix = new double[n * n];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
            {
                matrix[(i * n) + j] = Enumerable.Range(0, n).Sum(k => factor[(i * n) + k] * factor[(j * n) + k]) + (i == j ? n : 0);
            }
        }

        return matrix;
    }
}
