using OpenLedger.Attribution.Gradients;
using OpenLedger.Attribution.Influence;
using OpenLedger.Attribution.Tests.Reference;
using OpenLedger.Testing;

namespace OpenLedger.Attribution.Tests.Influence;

/// <summary>Per-sample gradients of a real language model and the influence matrices of the published DataInf formulas, in double.</summary>
public class PublishedInfluenceTests
{
    private const int Train = 60;
    private const int Queries = 10;

    // As stated with the artifact, for its double gradients.
    private const double StoredGradientTolerance = 1e-9;

    // The same gradients rounded to float: 2^-24 relative in every element.
    private const double FloatGradientTolerance = 1e-5;

    [Fact]
    public void Score_DoubleProducts_EqualsThePublishedMatrices()
    {
        GoldenTensors golden = Golden();
        GradientProducts products = DoubleProducts(golden);
        AssertScores(golden.Values("influence.proposed"), new DataInfInfluence().Score(products), StoredGradientTolerance);
        AssertScores(golden.Values("influence.identity"), new GradientDotInfluence().Score(products), StoredGradientTolerance);
    }

    [Fact]
    public void Score_FloatGradients_EqualsThePublishedMatrices()
    {
        GoldenTensors golden = Golden();
        GradientMatrix train = FloatGradients(golden, "train.", Train);
        GradientMatrix queries = FloatGradients(golden, "test.", Queries);
        AssertScores(golden.Values("influence.proposed"), new DataInfInfluence().Score(train, queries), FloatGradientTolerance);
        AssertScores(golden.Values("influence.identity"), new GradientDotInfluence().Score(train, queries), FloatGradientTolerance);
    }

    private static GoldenTensors Golden() => new(RealData.Require("attribution-golden/datainf_grammars/golden.safetensors"));

    private static GradientProducts DoubleProducts(GoldenTensors golden)
    {
        string[] names = Names(golden);
        double[][][] g = [.. names.Select(name => Rows(golden, "train." + name, Train))];
        double[][][] v = [.. names.Select(name => Rows(golden, "test." + name, Queries))];
        return GradientProducts.FromProducts(
            Train,
            Queries,
            [.. g.Select(rows => rows[0].Length)],
            [.. g.Select(rows => rows.SelectMany(row => SlowInfluence.Multiply(rows, row)).ToArray())],
            [.. g.Zip(v, (rows, queries) => queries.SelectMany(row => SlowInfluence.Multiply(rows, row)).ToArray())],
            [.. Enumerable.Range(0, Queries).Select(q => v.Sum(rows => SlowInfluence.Dot(rows[q], rows[q])))]);
    }

    private static GradientMatrix FloatGradients(GoldenTensors golden, string prefix, int samples)
    {
        string[] names = Names(golden);
        double[][][] rows = [.. names.Select(name => Rows(golden, prefix + name, samples))];
        GradientMatrix matrix = new(new GradientLayout(names.Select((name, b) => (name, rows[b][0].Length))), samples);
        for (int i = 0; i < samples; i++)
        {
            for (int block = 0; block < names.Length; block++)
            {
                Assert.True(rows[block][i].Select(x => (float)x).ToArray().AsSpan().TryCopyTo(matrix.Row(i, block)));
            }
        }

        return matrix;
    }

    private static string[] Names(GoldenTensors golden) => [.. golden.NamesStartingWith("train.").Select(name => name["train.".Length..])];

    private static double[][] Rows(GoldenTensors golden, string name, int samples)
    {
        Assert.Equal(samples, golden.Shape(name)[0]);
        return [.. golden.Values(name).Chunk(golden.Values(name).Length / samples)];
    }

    /// <summary>The published sign is negative for helpful records; ours is turned once.</summary>
    private static void AssertScores(double[] published, InfluenceScores actual, double tolerance)
    {
        double[] ours = [.. Enumerable.Range(0, Queries).SelectMany(q => actual.Query(q).ToArray())];
        double error = Samples.RelativeError([.. published.Select(x => -x)], ours);
        Assert.True(error < tolerance, $"relative error {error}");
    }
}
