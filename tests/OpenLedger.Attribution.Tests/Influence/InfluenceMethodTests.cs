using OpenLedger.Attribution.Gradients;
using OpenLedger.Attribution.Influence;
using OpenLedger.Attribution.Tests.Reference;

namespace OpenLedger.Attribution.Tests.Influence;

public class InfluenceMethodTests
{
    // The dual solve and the explicit inverse lose digits to the condition number of H, about 1e2 here.
    private const double TwinTolerance = 1e-11;

    private static readonly int[] Blocks = [20, 12, 7];

    public static TheoryData<int> MethodIndices => [.. Enumerable.Range(0, Methods.Length)];

    private static IInfluenceMethod[] Methods =>
    [
        new EmpiricalFisherInfluence(),
        .. Enum.GetValues<SelfNormalization>().Select(n => new EmpiricalFisherInfluence(new() { Normalization = n })),
        new DataInfInfluence(),
        new GradientDotInfluence(),
        new GradientCosineInfluence(),
    ];

    [Theory]
    [InlineData(15)] // n < P: more parameters than records
    [InlineData(90)] // n > P
    public void EmpiricalFisher_AbsoluteDamping_EqualsTheExplicitInverse(int n)
    {
        const double lambda = 0.3;
        GradientMatrix train = Samples.Gradients(1, n, Blocks), queries = Samples.Gradients(2, 4, Blocks);
        InfluenceScores scores = new EmpiricalFisherInfluence(new() { Damping = Damping.Absolute(lambda) }).Score(train, queries);
        AssertClose(SlowInfluence.EmpiricalFisher(SlowInfluence.Rows(train), SlowInfluence.Rows(queries), lambda), scores);
    }

    [Theory]
    [InlineData(15)]
    [InlineData(90)]
    public void EmpiricalFisher_RelativeDamping_IsTheMeanOverTheEigenvaluesThatCanDiffer(int n)
    {
        GradientMatrix train = Samples.Gradients(1, n, Blocks), queries = Samples.Gradients(2, 4, Blocks);
        double[][] g = SlowInfluence.Rows(train);
        double trace = g.Sum(row => SlowInfluence.Dot(row, row)) / n;
        double lambda = 0.7 * trace / Math.Min(n, Blocks.Sum());
        InfluenceScores scores = new EmpiricalFisherInfluence(new() { Damping = Damping.RelativeToMeanEigenvalue(0.7) }).Score(train, queries);
        AssertClose(SlowInfluence.EmpiricalFisher(g, SlowInfluence.Rows(queries), lambda), scores);
    }

    [Fact]
    public void EmpiricalFisher_RelatIf_DividesBySelfInfluence()
    {
        const double lambda = 0.2;
        GradientMatrix train = Samples.Gradients(1, 12, Blocks), queries = Samples.Gradients(2, 3, Blocks);
        double[][] g = SlowInfluence.Rows(train);
        double[][] plain = SlowInfluence.EmpiricalFisher(g, SlowInfluence.Rows(queries), lambda);
        double[][] self = SlowInfluence.EmpiricalFisher(g, g, lambda);
        double[][] expected = [.. plain.Select(row => row.Select((s, i) => s / Math.Sqrt(self[i][i])).ToArray())];
        AssertClose(expected, new EmpiricalFisherInfluence(
            new() { Damping = Damping.Absolute(lambda), Normalization = SelfNormalization.RelatIf }).Score(train, queries));
    }

    [Fact]
    public void EmpiricalFisher_L2_DividesByTheLengthOfTheGradient()
    {
        const double lambda = 0.2;
        GradientMatrix train = Samples.Gradients(1, 12, Blocks), queries = Samples.Gradients(2, 3, Blocks);
        double[][] g = SlowInfluence.Rows(train);
        double[][] expected = [.. SlowInfluence.EmpiricalFisher(g, SlowInfluence.Rows(queries), lambda)
            .Select(row => row.Select((s, i) => s / Math.Sqrt(SlowInfluence.Dot(g[i], g[i]))).ToArray())];
        AssertClose(expected, new EmpiricalFisherInfluence(
            new() { Damping = Damping.Absolute(lambda), Normalization = SelfNormalization.L2 }).Score(train, queries));
    }

    [Fact]
    public void EmpiricalFisher_UnitRows_IsPlainInfluenceOfUnitRows()
    {
        const double lambda = 0.2;
        GradientMatrix train = Samples.Gradients(1, 12, Blocks), queries = Samples.Gradients(2, 3, Blocks);
        double[][] unit = [.. SlowInfluence.Rows(train).Select(row => row.Select(x => x / Math.Sqrt(SlowInfluence.Dot(row, row))).ToArray())];
        AssertClose(SlowInfluence.EmpiricalFisher(unit, SlowInfluence.Rows(queries), lambda), new EmpiricalFisherInfluence(
            new() { Damping = Damping.Absolute(lambda), Normalization = SelfNormalization.UnitRows }).Score(train, queries));
    }

    [Fact]
    public void DataInf_SeveralBlocks_EqualsThePublishedLoop()
    {
        GradientMatrix train = Samples.Gradients(1, 25, Blocks), queries = Samples.Gradients(2, 4, Blocks);
        double[][] expected = SlowInfluence.DataInf(SlowInfluence.Rows(train), SlowInfluence.Rows(queries), train.Layout.Blocks, 0.1);
        AssertClose(expected, new DataInfInfluence().Score(train, queries));
    }

    [Fact]
    public void DataInf_BlockOfZeroGradients_AddsNothing()
    {
        GradientMatrix train = Samples.Gradients(1, 25, Blocks), queries = Samples.Gradients(2, 4, Blocks);
        for (int i = 0; i < train.SampleCount; i++)
        {
            train.Row(i, 1).Clear();
        }

        double[][] expected = SlowInfluence.DataInf(SlowInfluence.Rows(train), SlowInfluence.Rows(queries), train.Layout.Blocks, 0.1);
        AssertClose(expected, new DataInfInfluence().Score(train, queries));
    }

    [Fact]
    public void DataInf_JointProducts_AreRefused() =>
        Assert.Throws<ArgumentException>(() => new DataInfInfluence().Score(
            GradientProducts.Compute(Samples.Gradients(1, 3, 4), Samples.Gradients(2, 1, 4), ProductDetail.Joint)));

    [Fact]
    public void GradientDotAndCosine_EqualTheirDefinition()
    {
        GradientMatrix train = Samples.Gradients(1, 25, Blocks), queries = Samples.Gradients(2, 4, Blocks);
        train.Row(5).Clear();
        double[][] g = SlowInfluence.Rows(train), v = SlowInfluence.Rows(queries);
        AssertClose([.. v.Select(q => SlowInfluence.Multiply(g, q))], new GradientDotInfluence().Score(train, queries));
        double[][] cosines = [.. v.Select(q => g.Select(r => SlowInfluence.Dot(r, r) == 0
            ? 0
            : SlowInfluence.Dot(q, r) / Math.Sqrt(SlowInfluence.Dot(q, q) * SlowInfluence.Dot(r, r))).ToArray())];
        AssertClose(cosines, new GradientCosineInfluence().Score(train, queries));
    }

    [Theory]
    [MemberData(nameof(MethodIndices))]
    public void Score_QueriesOneByOne_GivesTheSameBitsAsOneBatch(int method)
    {
        GradientMatrix train = Samples.Gradients(1, 70, Blocks), queries = Samples.Gradients(2, 9, Blocks);
        InfluenceScores all = Methods[method].Score(train, queries);
        for (int q = 0; q < 9; q++)
        {
            Assert.Equal(all.Query(q).ToArray(), Methods[method].Score(train, queries.Slice(q, 1)).Query(0).ToArray());
        }
    }

    [Theory]
    [MemberData(nameof(MethodIndices))]
    public void Score_QueryEqualToARecord_RanksThatRecordFirstAndPositive(int method)
    {
        GradientMatrix train = Samples.Gradients(1, 30, Blocks);
        InfluenceScores scores = Methods[method].Score(train, train);
        for (int q = 0; q < 30; q++)
        {
            Assert.Equal(q, scores.Top(q, 1)[0]);
            Assert.True(scores[q, q] > 0);
        }
    }

    [Theory]
    [MemberData(nameof(MethodIndices))]
    public void Score_AllGradientsZero_IsZero(int method)
    {
        GradientMatrix queries = Samples.Gradients(1, 2, 3);
        InfluenceScores scores = Methods[method].Score(new GradientMatrix(queries.Layout, 4), queries);
        Assert.All(Enumerable.Range(0, 2), q => Assert.Equal([0, 0, 0, 0], scores.Query(q).ToArray()));
    }

    [Fact]
    public void EmpiricalFisherOptions_SeveralFaults_AreReportedAtOnce()
    {
        EmpiricalFisherOptions options = new() { Damping = default, Normalization = (SelfNormalization)9 };
        ArgumentException error = Assert.Throws<ArgumentException>(() => new EmpiricalFisherInfluence(options));
        Assert.Equal(
            "EmpiricalFisherOptions: Damping is unset; use Damping.Absolute or Damping.RelativeToMeanEigenvalue. Normalization 9 is unknown; legal are 0 to 3.",
            error.Message);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Damping_OutOfRange_IsRefused(double value)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Damping.Absolute(value));
        Assert.Throws<ArgumentOutOfRangeException>(() => Damping.RelativeToMeanEigenvalue(value));
        Assert.Throws<ArgumentOutOfRangeException>(() => new DataInfInfluence(value));
    }

    private static void AssertClose(double[][] expected, InfluenceScores actual)
    {
        Assert.Equal(expected.Length, actual.QueryCount);
        for (int q = 0; q < expected.Length; q++)
        {
            double error = Samples.RelativeError(expected[q], actual.Query(q).ToArray());
            Assert.True(error < TwinTolerance, $"relative error {error} in query {q}");
        }
    }
}
