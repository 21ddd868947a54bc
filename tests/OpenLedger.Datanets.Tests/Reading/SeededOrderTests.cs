using CsCheck;
using OpenLedger.Datanets.Reading;

namespace OpenLedger.Datanets.Tests.Reading;

public class SeededOrderTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(1000)]
    [InlineData(65_537)]
    public void At_EveryPlace_VisitsEachNumberOnce(int count)
    {
        SeededOrder order = new(count, seed: 42, epoch: 3);
        Assert.Equal(Enumerable.Range(0, count).Select(i => (long)i), Enumerable.Range(0, count).Select(i => order.At(i)).Order());
    }

    [Fact]
    public void At_RandomCounts_IsAPermutation() => Gen.Select(Gen.Int[1, 3000], Gen.ULong, Gen.Int[0, 1000]).Sample((count, seed, epoch) =>
    {
        SeededOrder order = new(count, seed, epoch);
        return Enumerable.Range(0, count).Select(i => order.At(i)).Distinct().Count() == count
            && Enumerable.Range(0, count).All(i => order.At(i) >= 0 && order.At(i) < count);
    }, iter: 50);

    [Fact]
    public void At_SeedZeroEpochZero_IsPinned()
    {
        // Computed by a second program from the written rule. The order is promised for ever: a run is repeated from its seed.
        Assert.Equal([7, 5, 1, 8, 6, 3, 4, 0, 9, 2], Enumerable.Range(0, 10).Select(i => (int)new SeededOrder(10, 0).At(i)));
    }

    [Fact]
    public void At_AnotherSeedOrEpoch_IsAnotherOrder()
    {
        long[] Order(ulong seed, int epoch) => [.. Enumerable.Range(0, 100).Select(i => new SeededOrder(100, seed, epoch).At(i))];
        Assert.NotEqual(Order(1, 0), Order(2, 0));
        Assert.NotEqual(Order(1, 0), Order(1, 1));
        Assert.Equal(Order(1, 1), Order(1, 1));

        // Keys of neighbouring epochs that overlap would only slide the order on, also for seed 0.
        long[] first = Order(0, 0);
        long[] second = Order(0, 1);
        Assert.InRange(first.Zip(second).Count(pair => pair.First == pair.Second), 0, 8);
        Assert.InRange(Enumerable.Range(0, 99).Count(i => second[i] == first[i + 1]), 0, 8);
    }

    [Fact]
    public void At_ManyOrders_PutsEveryNumberEverywhere()
    {
        // 10 numbers, 20,000 seeds: each of the 100 cells expects 2,000 with a standard deviation of 42.
        int[,] cells = new int[10, 10];
        for (ulong seed = 0; seed < 20_000; seed++)
        {
            SeededOrder order = new(10, seed);
            for (int place = 0; place < 10; place++)
            {
                cells[place, order.At(place)]++;
            }
        }

        Assert.All(cells.Cast<int>(), count => Assert.InRange(count, 1750, 2250));
    }

    [Fact]
    public void At_OutsideTheRange_Throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new SeededOrder(10, 0).At(10));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SeededOrder(10, 0).At(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SeededOrder(-1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SeededOrder(1, 0, -1));
    }
}
