using OpenLedger.Attribution.Influence;

namespace OpenLedger.Attribution.Tests.Influence;

public sealed class InfluenceScoresConcatenateTests
{
    [Fact]
    public void Concatenate_Parts_PutsTheQueriesBehindOneAnother()
    {
        InfluenceScores all = InfluenceScores.Concatenate([new("test", 2, 3, [1, 2, 3, 4, 5, 6]), new("test", 0, 3, []), new("test", 1, 3, [7, 8, 9])]);

        Assert.Equal(("test", 3, 3), (all.Method, all.QueryCount, all.TrainCount));
        Assert.Equal([4, 5, 6], all.Query(1).ToArray());
        Assert.Equal([7, 8, 9], all.Query(2).ToArray());
        Assert.Equal([12, 15, 18], all.SumOverQueries());
    }

    [Fact]
    public void Concatenate_PartsThatDiffer_IsRefused()
    {
        InfluenceScores part = new("test", 1, 2, [1, 2]);

        Assert.Throws<ArgumentException>(() => InfluenceScores.Concatenate([]));
        Assert.Contains("'other' over 2", Assert.Throws<ArgumentException>(() => InfluenceScores.Concatenate([part, new("other", 1, 2, [1, 2])])).Message, StringComparison.Ordinal);
        Assert.Contains("over 3 records", Assert.Throws<ArgumentException>(() => InfluenceScores.Concatenate([part, new("test", 1, 3, [1, 2, 3])])).Message, StringComparison.Ordinal);
    }
}
