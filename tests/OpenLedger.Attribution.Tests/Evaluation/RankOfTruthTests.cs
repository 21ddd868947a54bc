using OpenLedger.Attribution.Evaluation;

namespace OpenLedger.Attribution.Tests.Evaluation;

public class RankOfTruthTests
{
    [Theory]
    [InlineData(new double[] { 5, 4, 3 }, new[] { 0 }, 1)]
    [InlineData(new double[] { 5, 4, 3 }, new[] { 2 }, 3)]
    [InlineData(new double[] { 4, 4, 4 }, new[] { 0 }, 3)] // ties stand before the truth
    [InlineData(new double[] { 4, 4, 4 }, new[] { 0, 2 }, 2)] // but not other truths
    [InlineData(new double[] { 1, 9, 5 }, new[] { 0, 2 }, 2)]
    [InlineData(new double[] { 0, double.NegativeInfinity }, new[] { 1 }, 2)]
    public void Of_Scores_CountsThoseNotBelow(double[] scores, int[] truth, int expected) => Assert.Equal(expected, RankOfTruth.Of(scores, truth));

    [Fact]
    public void Of_Unusable_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => RankOfTruth.Of([1, 2], []));
        Assert.Throws<ArgumentOutOfRangeException>(() => RankOfTruth.Of([1, 2], [2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => RankOfTruth.Of([1, 2], [-1]));
        Assert.Throws<ArgumentException>(() => RankOfTruth.Of([1, double.NaN], [0]));
        Assert.Throws<ArgumentException>(() => RankOfTruth.Of([1, double.NaN], [1]));
    }

    [Fact]
    public void AtMost_Ranks_CountsHits()
    {
        HitRate rate = HitRate.AtMost([1, 3, 4, 3, 9], 3);
        Assert.Equal(new HitRate(3, 5), rate);
        Assert.Equal(0.6, rate.Rate);
        Assert.Throws<ArgumentOutOfRangeException>(() => HitRate.AtMost([1], 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => HitRate.AtMost([0], 1));
    }
}
