using OpenLedger.Datanets.Contributions;
using OpenLedger.Datanets.Reputation;
using OpenLedger.Datanets.Tests.Reference;

namespace OpenLedger.Datanets.Tests.Reputation;

public sealed class CredibilityTests
{
    private static readonly ContributorId Ann = JournalBench.Person("ann");
    private static readonly ContributorId Ben = JournalBench.Person("ben");
    private static readonly UInt128 Unit = 1_000_000_000_000_000_000;

    [Fact]
    public void Compute_HandComputed_GivesTotalSharesAndMean()
    {
        // 2 * 0.5 + 2 * 1 + 3 * 0.25 = 3.75 over weights of 7.
        CredibilityReport report = Credibility.Compute(
            [new(JournalBench.Record(0), Ann, 2, 0.5), new(JournalBench.Record(1), Ann, 2, 1), new(JournalBench.Record(2), Ben, 3, 0.25)]);
        Assert.Equal((3.75, 3.75 / 7), (report.Total, report.Normalized));
        Assert.Equal([new CredibilityShare(Ann, 2, 4, 3), new CredibilityShare(Ben, 1, 3, 0.75)], report.Shares);
    }

    [Theory]
    [InlineData(StakeWeight.Linear, 400, 9)]
    [InlineData(StakeWeight.SquareRoot, 20, 3)]
    [InlineData(StakeWeight.Capped, 100, 9)]
    public void Compute_Stakes_WeighAsTheOptionSays(StakeWeight weight, double ann, double ben)
    {
        CredibilityOptions options = new() { Weight = weight, StakeCap = Unit * 100 };
        CredibilityReport report = Credibility.Compute(
            [(JournalBench.Record(0), Ann, 1.0), (JournalBench.Record(1), Ben, 1.0), (JournalBench.Record(2), Ben, 0.0)], new Stakes(), options);
        Assert.Equal([new CredibilityShare(Ann, 1, ann, ann), new CredibilityShare(Ben, 2, 2 * ben, ben)], report.Shares);
    }

    [Fact]
    public void Compute_NothingOrWithoutWeight_IsZero()
    {
        Assert.Equal((0.0, 0.0, 0), (Credibility.Compute([]).Total, Credibility.Compute([]).Normalized, Credibility.Compute([]).Shares.Count));
        Assert.Equal(0, Credibility.Compute([new(JournalBench.Record(0), Ann, 0, 1)]).Normalized);
    }

    [Fact]
    public void Compute_IllegalTerms_Throw()
    {
        foreach ((double weight, double quality) in new[] { (-1, 0.5), (double.NaN, 0.5), (double.PositiveInfinity, 0.5), (1, -0.1), (1, 1.1), (1, double.NaN) })
        {
            Assert.Throws<ArgumentException>("items", () => Credibility.Compute([new(JournalBench.Record(0), Ann, weight, quality)]));
        }

        Assert.Equal(
            "Weight is 0; use a member of StakeWeight. UnitStake is 0; it must be at least 1. StakeCap is 0; it must be at least 1.",
            Assert.Throws<ArgumentException>(() => new CredibilityOptions { Weight = 0, UnitStake = 0, StakeCap = 0 }.Validate()).Message);
    }

    private sealed class Stakes : IStakeSource
    {
        public UInt128 StakeOf(ContributorId contributor) => contributor == Ann ? Unit * 400 : Unit * 9;
    }
}
