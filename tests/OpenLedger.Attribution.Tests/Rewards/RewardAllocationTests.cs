using System.Numerics;
using CsCheck;
using OpenLedger.Attribution.Rewards;
using OpenLedger.Attribution.Tests.Reference;
using OpenLedger.Datanets.Contributions;

namespace OpenLedger.Attribution.Tests.Rewards;

public class RewardAllocationTests
{
    // Influence as it occurs, with ties, zeros, negatives and magnitudes at the ends of the range of a double.
    private static readonly Gen<double> Influence = Gen.Frequency(
        (6, Gen.Double[-1, 3]),
        (2, Gen.Int[-2, 4].Select(i => (double)i)),
        (1, OneOf(double.Epsilon, 1e-300, 1e-12, 1e12, 1e300, double.MaxValue, -double.MaxValue, 0, -0.0)));

    private static readonly Gen<RecordInfluence[]> Influences = Gen.Select(Gen.Int[0, 5], Influence).Array[0, 25]
        .Select(pairs => pairs.Select((pair, i) => new RecordInfluence($"r{(i * 37) % 100:d3}-{i}", People.Contributor(pair.Item1), pair.Item2)).ToArray());

    private static readonly Gen<RewardAllocationOptions> Options = Gen.Select(
        OneOf(0.0, 0.0, 0.01, 0.5, 1.0),
        OneOf<int?>(null, null, 1, 3, 100),
        OneOf<ulong?>(null, null, 1, 250_000_000, 333_333_333, 500_000_000, 1_000_000_000),
        Gen.Enum<NoPositiveInfluence>()).Select((floor, top, cap, fallback) => new RewardAllocationOptions
        {
            FloorRelativeToMaximum = floor,
            TopRecords = top,
            ContributorCapPpb = cap,
            WithoutPositiveInfluence = fallback,
        });

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    [Fact]
    public void Allocate_AnyInput_SumsExactlyAndTiesOut() => Gen.Select(Influences, Options).Sample((influences, options) =>
    {
        RewardAllocation allocation = RewardAllocation.Allocate(influences, options);
        bool pays = influences.Any(r => r.Influence > 0) || (options.WithoutPositiveInfluence == NoPositiveInfluence.EqualPerRecord && influences.Length > 0);
        Assert.Equal(pays ? RewardAllocation.TotalPpb : 0, Sum(allocation.Contributors.Select(c => c.WeightPpb)));
        Assert.Equal(!pays, allocation.IsEmpty);
        Assert.Equal(influences.Select(r => r.RecordId).Order(StringComparer.Ordinal), allocation.Records.Select(r => r.RecordId));
        Assert.Equal(allocation.Contributors.OrderBy(c => c.Contributor), allocation.Contributors);
        Assert.All(allocation.Contributors, c => Assert.True(c.WeightPpb > 0));
        foreach (IGrouping<ContributorId, RecordShare> group in allocation.Records.GroupBy(r => r.Contributor))
        {
            Assert.Equal(allocation.Contributors.SingleOrDefault(c => c.Contributor == group.Key).WeightPpb, Sum(group.Select(r => r.WeightPpb)));
        }

        ulong cap = options.ContributorCapPpb ?? RewardAllocation.TotalPpb;
        bool capHolds = cap * (ulong)allocation.Contributors.Count >= RewardAllocation.TotalPpb;
        Assert.All(allocation.Contributors, c => Assert.True(!capHolds || c.WeightPpb <= cap));
    }, iter: 2000);

    [Fact]
    public void Allocate_OtherOrder_GivesTheSame() => Gen.Select(Influences, Options, Gen.Int).Sample((influences, options, seed) =>
    {
        RecordInfluence[] shuffled = (RecordInfluence[])influences.Clone();
        new Random(seed).Shuffle(shuffled);
        RewardAllocation expected = RewardAllocation.Allocate(influences, options), actual = RewardAllocation.Allocate(shuffled, options);
        Assert.Equal(expected.Contributors, actual.Contributors);
        Assert.Equal(expected.Records, actual.Records);
    });

    [Fact]
    public void Allocate_NotPositive_EarnsNothing() => Influences.Sample(influences =>
    {
        HashSet<string> unhelpful = [.. influences.Where(r => r.Influence <= 0).Select(r => r.RecordId)];
        Assert.All(RewardAllocation.Allocate(influences).Records, r => Assert.True(!unhelpful.Contains(r.RecordId) || r.WeightPpb == 0));
    });

    [Fact]
    public void Allocate_MoreInfluenceOfOneContributor_NeverMeansLessWeight() => Gen.Select(Influences, Options).Sample((influences, options) =>
    {
        Dictionary<string, double> influence = influences.ToDictionary(r => r.RecordId, r => r.Influence);
        foreach (IGrouping<ContributorId, RecordShare> group in RewardAllocation.Allocate(influences, options).Records.GroupBy(r => r.Contributor))
        {
            RecordShare[] ascending = [.. group.OrderBy(r => influence[r.RecordId]).ThenBy(r => r.WeightPpb)];

            // Influences that are quantised to one number share the dust by record id: a part in a billion either way.
            Assert.All(ascending.Zip(ascending.Skip(1)), pair => Assert.True(pair.Second.WeightPpb + 1 >= pair.First.WeightPpb));
        }
    });

    [Fact]
    public void Allocate_OneInfluenceRaised_NeverLowersItsContributor() =>
        Gen.Select(Gen.Int[1, 1000].Array[2, 12], Gen.Int[1, 1000]).Sample((scores, raise) =>
        {
            // 2^40 is in the input, so that raising another one does not change the quantisation.
            RecordInfluence[] Build(int first) => [.. scores.Select((s, i) => new RecordInfluence($"r{i}", People.Contributor(i), i == 0 ? first : s)),
                new("max", People.Contributor(99), 4096)];
            ulong Weight(int first) => RewardAllocation.Allocate(Build(first)).Contributors.Single(c => c.Contributor == People.Contributor(0)).WeightPpb;
            Assert.True(Weight(scores[0] + raise) >= Weight(scores[0]));
        });

    [Fact]
    public void Allocate_ScaledByAPowerOfTwo_GivesTheSame() => Gen.Select(Gen.Double[0.001, 3].Array[1, 20], Gen.Int[-200, 200]).Sample((values, exponent) =>
    {
        RecordInfluence[] Build(double scale) => [.. values.Select((v, i) => new RecordInfluence($"r{i}", People.Contributor(i % 3), v * scale))];
        Assert.Equal(RewardAllocation.Allocate(Build(1)).Records, RewardAllocation.Allocate(Build(Math.ScaleB(1, exponent))).Records);
    });

    [Fact]
    public void Allocate_NoOptions_EqualsExactRationalArithmetic() => Gen.Int[1, 1 << 20].Array[1, 12].Sample(scores =>
    {
        // Powers of two times integers over a maximum of 2^20 quantise without loss.
        int[] whole = [.. scores, 1 << 20];
        RewardAllocation allocation = RewardAllocation.Allocate(
            [.. whole.Select((s, i) => new RecordInfluence($"r{i:d2}", People.Contributor(i), s))]);
        BigInteger sum = whole.Aggregate(BigInteger.Zero, (total, s) => total + s);
        var quotas = whole.Select((s, i) => (Index: i, Floor: s * new BigInteger(1_000_000_000) / sum, Remainder: s * new BigInteger(1_000_000_000) % sum)).ToArray();
        int left = (int)(1_000_000_000 - quotas.Aggregate(BigInteger.Zero, (total, q) => total + q.Floor));
        HashSet<int> rounded = [.. quotas.OrderByDescending(q => q.Remainder).ThenBy(q => q.Index).Take(left).Select(q => q.Index)];
        Assert.Equal(
            quotas.Select(q => (People.Contributor(q.Index), (ulong)q.Floor + (rounded.Contains(q.Index) ? 1UL : 0))).Where(s => s.Item2 > 0),
            allocation.Contributors.Select(c => (c.Contributor, c.WeightPpb)));
    });

    [Fact]
    public void Allocate_PublishedExample_PaysThreeToOneAndNothingForHarm()
    {
        RewardAllocation allocation = RewardAllocation.Allocate(
            [new("a", People.Contributor(1), 3), new("b", People.Contributor(2), 1), new("c", People.Contributor(3), -2)]);
        Assert.Equal([new(People.Contributor(1), 750_000_000), new(People.Contributor(2), 250_000_000)], allocation.Contributors);
    }

    [Fact]
    public void Allocate_ThreeEqual_GivesTheOddPartToTheLowestId()
    {
        RewardAllocation allocation = RewardAllocation.Allocate(
            [new("z", People.Contributor(1), 1), new("y", People.Contributor(3), 1), new("x", People.Contributor(2), 1)]);
        Assert.Equal([333_333_334UL, 333_333_333UL, 333_333_333UL], allocation.Contributors.Select(c => c.WeightPpb));
    }

    [Fact]
    public void Allocate_Cap_SpreadsTheRestInProportion()
    {
        RecordInfluence[] influences = [new("a", People.Contributor(1), 80), new("b", People.Contributor(2), 15), new("c", People.Contributor(3), 5)];
        ulong[] Weights(ulong cap) => [.. RewardAllocation.Allocate(influences, new() { ContributorCapPpb = cap }).Contributors.Select(c => c.WeightPpb)];
        Assert.Equal([600_000_000UL, 300_000_000UL, 100_000_000UL], Weights(600_000_000));
        Assert.Equal([400_000_000UL, 400_000_000UL, 200_000_000UL], Weights(400_000_000));
        Assert.Equal([333_333_334UL, 333_333_333UL, 333_333_333UL], Weights(5));
    }

    [Fact]
    public void Allocate_CapExceededByTwoAtOnce_TakesBothCapsOffTheRest()
    {
        int[] influences = [45, 45, 6, 4];
        RewardAllocation allocation = RewardAllocation.Allocate(
            [.. influences.Select((v, i) => new RecordInfluence($"r{i}", People.Contributor(i), v))], new() { ContributorCapPpb = 300_000_000 });
        Assert.Equal([300_000_000UL, 300_000_000UL, 240_000_000UL, 160_000_000UL], allocation.Contributors.Select(c => c.WeightPpb));
    }

    [Fact]
    public void Allocate_FloorAndTop_DropTheRest()
    {
        RecordInfluence[] influences =
            [new("a", People.Contributor(1), 8), new("b", People.Contributor(1), 4), new("c", People.Contributor(2), 4), new("d", People.Contributor(2), 3.9)];
        Assert.Equal([500_000_000UL, 250_000_000UL, 250_000_000UL, 0UL],
            RewardAllocation.Allocate(influences, new() { FloorRelativeToMaximum = 0.5 }).Records.Select(r => r.WeightPpb));
        Assert.Equal([666_666_667UL, 333_333_333UL, 0UL, 0UL],
            RewardAllocation.Allocate(influences, new() { TopRecords = 2 }).Records.Select(r => r.WeightPpb).OrderDescending());
        Assert.Equal(1_000_000_000UL, Assert.Single(RewardAllocation.Allocate(influences, new() { TopRecords = 2 }).Contributors).WeightPpb);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void Allocate_NotFinite_NamesTheRecord(double influence) => Assert.Contains(
        "'bad'",
        Assert.Throws<ArgumentException>(() => RewardAllocation.Allocate([new("ok", People.Contributor(1), 1), new("bad", People.Contributor(1), influence)])).Message,
        StringComparison.Ordinal);

    [Fact]
    public void Allocate_RepeatedOrEmptyId_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => RewardAllocation.Allocate([new("a", People.Contributor(1), 1), new("a", People.Contributor(2), 1)]));
        Assert.Throws<ArgumentException>(() => RewardAllocation.Allocate([new("", People.Contributor(1), 1)]));
        Assert.Throws<ArgumentException>(() => RewardAllocation.Allocate([default]));
    }

    [Fact]
    public void RewardAllocationOptions_SeveralFaults_AreReportedAtOnce() => Assert.Equal(
        "RewardAllocationOptions: FloorRelativeToMaximum is NaN; it must be from 0 to 1. TopRecords is 0; it must be at least 1, or null for all. "
        + "ContributorCapPpb is 1000000001; it must be from 1 to 1000000000, or null for no cap. WithoutPositiveInfluence 5 is unknown; legal are 0 and 1.",
        Assert.Throws<ArgumentException>(() => RewardAllocation.Allocate([], new()
        {
            FloorRelativeToMaximum = double.NaN,
            TopRecords = 0,
            ContributorCapPpb = 1_000_000_001,
            WithoutPositiveInfluence = (NoPositiveInfluence)5,
        })).Message);

    private static ulong Sum(IEnumerable<ulong> values) => values.Aggregate(0UL, (sum, value) => checked(sum + value));
}
