using CsCheck;
using OpenLedger.Datanets.Reading;

namespace OpenLedger.Datanets.Tests.Reading;

public class TrainingMixtureTests
{
    [Fact]
    public void Read_WhenFirstEnds_KeepsTheProportions()
    {
        TrainingMixture mixture = new([new MixtureSource("a", 3, Samples.Source("a", 60)), new MixtureSource("b", 1, Samples.Source("b", 1000))]);
        string drawn = string.Concat(mixture.Read().Select(record => record.DatanetId));
        Assert.StartsWith("aabaaaba", drawn, StringComparison.Ordinal);
        Assert.Equal(60, drawn.Count(c => c == 'a'));
        Assert.InRange(drawn.Count(c => c == 'b'), 19, 20);
    }

    [Fact]
    public void Read_WhenAllEnd_ReadsEveryRecordOnce()
    {
        TrainingMixture mixture = new(
            [new MixtureSource("a", 1, Samples.Source("a", 5)), new MixtureSource("none", 9, Samples.Source("none", 0)), new MixtureSource("b", 5, Samples.Source("b", 20))],
            MixtureEnd.WhenAllEnd);
        TrainingRecord[] drawn = [.. mixture.Read()];
        Assert.Equal(25, drawn.Length);
        Assert.Equal(25, drawn.Select(record => record.Digest).Distinct().Count());
    }

    [Fact]
    public void Read_WhenAllWereRead_RepeatsTheShortSourceWithItsNextEpochs()
    {
        TrainingMixture mixture = new(
            [new MixtureSource("short", 1, Samples.Source("short", 3)), new MixtureSource("none", 1, Samples.Source("none", 0)), new MixtureSource("long", 1, Samples.Source("long", 8))],
            MixtureEnd.WhenAllWereRead);
        TrainingRecord[] drawn = [.. mixture.Read(epoch: 2)];
        Assert.Equal(8, drawn.Count(record => record.DatanetId == "long"));
        Assert.Equal([2000, 2001, 2002, 3000, 3001, 3002, 4000, 4001], drawn.Where(record => record.DatanetId == "short").Select(record => record.LeafIndex).Take(8));
    }

    [Fact]
    public void Read_AnyWeights_NeverRunsOneAheadOfTheShare() => Gen.Long[1, 1000].Array[1, 8].Sample(weights =>
    {
        TrainingMixture mixture = new(weights.Select((weight, i) => new MixtureSource($"s{i}", weight, Samples.Source($"s{i}", 10_000))));
        long total = weights.Sum();
        long[] counts = new long[weights.Length];
        long draws = 0;
        foreach (TrainingRecord record in mixture.Read().Take(200))
        {
            counts[int.Parse(record.DatanetId.AsSpan(1), provider: null)]++;
            draws++;
            for (int i = 0; i < weights.Length; i++)
            {
                // counts - draws * w / W < 1, and behind by fewer than the number of sources
                long ahead = (counts[i] * total) - (draws * weights[i]);
                if (ahead >= total || ahead <= -total * weights.Length)
                {
                    return false;
                }
            }
        }

        return true;
    }, iter: 50);

    [Fact]
    public void Read_LeftEarly_ClosesItsSources()
    {
        int open = 0;
        IEnumerable<TrainingRecord> Counted(int epoch)
        {
            open++;
            try
            {
                foreach (TrainingRecord record in Samples.Source("a", 10)(epoch))
                {
                    yield return record;
                }
            }
            finally
            {
                open--;
            }
        }

        TrainingMixture mixture = new([new MixtureSource("a", 1, Counted), new MixtureSource("b", 1, Counted)]);
        Assert.Equal(3, mixture.Read().Take(3).Count());
        Assert.Equal(0, open);
    }

    [Fact]
    public void TemperatureWeights_OneAndMany_KeepAndFlattenProportions()
    {
        Assert.Equal([10_000, 1_000_000], TrainingMixture.TemperatureWeights([10, 1000], 1));
        Assert.Equal([100_000, 1_000_000], TrainingMixture.TemperatureWeights([10, 1000], 2));
        Assert.True(TrainingMixture.TemperatureWeights([10, 1000], 1e9)[0] > 999_990);
        Assert.Throws<ArgumentOutOfRangeException>(() => TrainingMixture.TemperatureWeights([10], 0.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => TrainingMixture.TemperatureWeights([0], 1));
    }

    [Fact]
    public void Constructor_SeveralFaults_NamesThemAll()
    {
        ArgumentException exception = Assert.Throws<ArgumentException>(
            () => new TrainingMixture([new MixtureSource("a", 0, Samples.Source("a", 1)), new MixtureSource("a", 1, Samples.Source("a", 1))]));
        Assert.Contains("The weight of 'a' is 0", exception.Message, StringComparison.Ordinal);
        Assert.Contains("Two sources have one name", exception.Message, StringComparison.Ordinal);
    }
}
