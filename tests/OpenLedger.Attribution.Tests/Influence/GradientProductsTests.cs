using OpenLedger.Attribution.Gradients;
using OpenLedger.Attribution.Influence;
using OpenLedger.Attribution.Tests.Reference;

namespace OpenLedger.Attribution.Tests.Influence;

public class GradientProductsTests
{
    [Fact]
    public void Compute_SeveralBlocksAndTiles_EqualsTheSlowTwin()
    {
        GradientMatrix train = Samples.Gradients(1, 150, 700, 33, 5);
        GradientMatrix queries = Samples.Gradients(2, 70, 700, 33, 5);
        GradientProducts products = GradientProducts.Compute(train, queries);
        double[][] g = SlowInfluence.Rows(train);
        double[][] v = SlowInfluence.Rows(queries);
        for (int block = 0; block < 3; block++)
        {
            double[][] gl = SlowInfluence.Columns(g, train.Layout.Blocks[block]);
            double[][] vl = SlowInfluence.Columns(v, train.Layout.Blocks[block]);
            double[] k = [.. gl.SelectMany(row => SlowInfluence.Multiply(gl, row))];
            double[] c = [.. vl.SelectMany(row => SlowInfluence.Multiply(gl, row))];
            Assert.True(Samples.RelativeError(k, products.TrainTrain(block).ToArray()) < 1e-13);
            Assert.True(Samples.RelativeError(c, products.QueryTrain(block).ToArray()) < 1e-13);
        }

        Assert.True(Samples.RelativeError([.. v.Select(row => SlowInfluence.Dot(row, row))], products.QuerySquaredNorms.ToArray()) < 1e-13);
    }

    [Theory]
    [InlineData(ProductDetail.PerBlock)]
    [InlineData(ProductDetail.Joint)]
    public void Compute_AnyThreadCount_GivesTheSameBits(ProductDetail detail)
    {
        GradientMatrix train = Samples.Gradients(3, 140, 600, 90);
        GradientMatrix queries = Samples.Gradients(4, 30, 600, 90);
        GradientProducts one = GradientProducts.Compute(train, queries, detail, 1, default);
        GradientProducts many = GradientProducts.Compute(train, queries, detail, 8, default);
        Assert.Equal(one.SumTrainTrain(), many.SumTrainTrain());
        Assert.Equal(one.SumQueryTrain(), many.SumQueryTrain());
    }

    [Fact]
    public void Compute_Joint_EqualsTheSumOfBlocksBitForBit()
    {
        GradientMatrix train = Samples.Gradients(5, 66, 600, 90, 1);
        GradientMatrix queries = Samples.Gradients(6, 3, 600, 90, 1);
        GradientProducts perBlock = GradientProducts.Compute(train, queries);
        GradientProducts joint = GradientProducts.Compute(train, queries, ProductDetail.Joint);
        Assert.Equal(1, joint.BlockCount);
        Assert.Equal(perBlock.SumTrainTrain(), joint.TrainTrain(0).ToArray());
        Assert.Equal(perBlock.SumQueryTrain(), joint.QueryTrain(0).ToArray());
    }

    [Fact]
    public void WithQueries_OtherBatches_GiveTheSameBitsAsOneBatch()
    {
        GradientMatrix train = Samples.Gradients(7, 75, 300);
        GradientMatrix queries = Samples.Gradients(8, 70, 300);
        GradientProducts all = GradientProducts.Compute(train, queries);
        GradientProducts none = GradientProducts.Compute(train, queries.Slice(0, 0));
        double[] pieces = [.. new[] { (0, 1), (1, 3), (4, 66) }
            .SelectMany(range => none.WithQueries(queries.Slice(range.Item1, range.Item2)).SumQueryTrain())];
        Assert.Equal(0, none.QueryCount);
        Assert.Equal(all.SumQueryTrain(), pieces);
    }

    [Fact]
    public void Compute_OtherLayout_NamesBoth()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(
            () => GradientProducts.Compute(Samples.Gradients(1, 2, 4, 4), Samples.Gradients(1, 2, 8)));
        Assert.Contains("1 blocks with 8 parameters", error.Message, StringComparison.Ordinal);
        Assert.Contains("2 with 8", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void Compute_NotANumber_NamesTheRow(float poison)
    {
        GradientMatrix train = Samples.Gradients(1, 5, 9, 9);
        GradientMatrix clean = Samples.Gradients(2, 5, 9, 9);
        train.Row(3, 1)[8] = poison;
        Assert.Contains("row 3", Assert.Throws<ArgumentException>(() => GradientProducts.Compute(train, clean)).Message, StringComparison.Ordinal);
        ArgumentException error = Assert.Throws<ArgumentException>(() => GradientProducts.Compute(clean, train));
        Assert.Equal("queries", error.ParamName);
    }

    [Fact]
    public void Compute_NoTrainingRow_IsRefused() =>
        Assert.Throws<ArgumentException>(() => GradientProducts.Compute(Samples.Gradients(1, 0, 4), Samples.Gradients(1, 1, 4)));

    [Fact]
    public void Compute_Cancelled_Stops() =>
        Assert.ThrowsAny<OperationCanceledException>(
            () => GradientProducts.Compute(Samples.Gradients(1, 3, 4), Samples.Gradients(1, 1, 4), cancellationToken: new CancellationToken(canceled: true)));
}
