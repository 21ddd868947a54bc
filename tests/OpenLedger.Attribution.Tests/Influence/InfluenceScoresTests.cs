using OpenLedger.Attribution.Influence;

namespace OpenLedger.Attribution.Tests.Influence;

public class InfluenceScoresTests
{
    private static readonly InfluenceScores Scores = new("test", 2, 3, [1, 5, 5, -1, 0, 2]);

    [Fact]
    public void Top_Ties_StandByIndex()
    {
        Assert.Equal([1, 2, 0], Scores.Top(0, 9));
        Assert.Equal([2, 1], Scores.Top(1, 2));
        Assert.Empty(Scores.Top(1, 0));
    }

    [Fact]
    public void SumOverQueries_AddsEachRecord() => Assert.Equal([0, 5, 7], Scores.SumOverQueries());

    [Fact]
    public void Indexer_Outside_IsRefused()
    {
        Assert.Equal(2, Scores[1, 2]);
        Assert.Throws<ArgumentOutOfRangeException>(() => Scores[0, 3]);
        Assert.Throws<ArgumentOutOfRangeException>(() => Scores[0, -1]);
        Assert.Throws<ArgumentOutOfRangeException>(() => Scores[2, 0]);
        Assert.Throws<ArgumentOutOfRangeException>(() => Scores[-1, 0]);
        Assert.Throws<ArgumentOutOfRangeException>(() => Scores.Top(0, -1));
    }
}
