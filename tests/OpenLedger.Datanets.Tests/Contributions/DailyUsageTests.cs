using CsCheck;
using OpenLedger.Datanets.Contributions;
using OpenLedger.Datanets.Tests.Versions;

namespace OpenLedger.Datanets.Tests.Contributions;

public class DailyUsageTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly ContributionLimits Defaults = new();

    [Fact]
    public void Check_Defaults_AreTheMissions()
    {
        DailyUsage usage = DailyUsage.Empty(Noon);
        Assert.Empty(usage.Check(Defaults, 5_000_000, Noon));
        LimitHit hit = Assert.Single(usage.Check(Defaults, 5_000_001, Noon));
        Assert.Equal((ContributionLimit.BytesPerContribution, 5_000_000L, 0L, 5_000_000L), (hit.Limit, hit.Allowed, hit.Used, hit.Left));
        Assert.Null(hit.ResetsAt);

        usage = usage.Add(5_000_000, Noon).Add(4_000_000, Noon);
        Assert.Empty(usage.Check(Defaults, 1_000_000, Noon));
        Assert.Equal(
            [
                "BytesPerContributorAndDay: 1000001 bytes requested, 1000000 of 10000000 left; resets at 2026-03-02T00:00:00Z",
                "BytesPerDatanetAndDay: 1000001 bytes requested, 1000000 of 10000000 left; resets at 2026-03-02T00:00:00Z",
            ],
            usage.Check(Defaults, 1_000_001, Noon).Select(found => found.ToString()));
    }

    [Fact]
    public void Check_TwentyOneContributions_HitsTheCount()
    {
        DailyUsage usage = Enumerable.Range(0, 20).Aggregate(DailyUsage.Empty(Noon), (sum, _) => sum.Add(1, Noon));
        LimitHit hit = Assert.Single(usage.Check(Defaults, 1, Noon));
        Assert.Equal((ContributionLimit.ContributionsPerContributorAndDay, 0L), (hit.Limit, hit.Left));
        Assert.Empty(usage.Check(Defaults with { MaxContributionsPerContributorAndDay = null }, 1, Noon));
    }

    [Fact]
    public void Check_DaysAreThoseOfUtc()
    {
        DailyUsage full = new() { Day = new DateOnly(2026, 3, 1), ContributorBytes = 10_000_000, DatanetBytes = 10_000_000, ContributorContributions = 20 };
        Assert.Equal(3, full.Check(Defaults, 1, Noon).Count);
        Assert.Empty(full.Check(Defaults, 1, new DateTimeOffset(2026, 3, 2, 0, 0, 0, TimeSpan.Zero)));
        Assert.Equal(3, full.Check(Defaults, 1, new DateTimeOffset(2026, 3, 2, 1, 0, 0, TimeSpan.FromHours(2))).Count); // 23:00 UTC of the day before
        Assert.Empty(full.Check(Defaults, 1, new DateTimeOffset(2026, 3, 1, 23, 30, 0, TimeSpan.FromHours(-7)))); // 06:30 UTC of the next day
        Assert.Equal(3, full.Check(Defaults, 1, Noon.AddDays(-1)).Count); // a clock that was set back
    }

    [Fact]
    public void Check_ExtremeCounters_NeitherOverflowNorLetThrough()
    {
        DailyUsage usage = new() { Day = DateOnly.FromDateTime(Noon.UtcDateTime), ContributorBytes = long.MaxValue, DatanetBytes = -5 };
        IReadOnlyList<LimitHit> hits = usage.Check(Defaults with { MaxBytesPerContribution = null }, long.MaxValue, Noon);
        Assert.Equal([ContributionLimit.BytesPerContributorAndDay, ContributionLimit.BytesPerDatanetAndDay], hits.Select(hit => hit.Limit));
        Assert.Equal(0, hits[0].Left);
        Assert.Empty(usage.Check(ContributionLimits.None, long.MaxValue, Noon));
        Assert.Throws<ArgumentOutOfRangeException>(() => usage.Check(Defaults, -1, Noon));
        Assert.Throws<OverflowException>(() => usage.Add(1, Noon));
        Assert.NotEmpty(DailyUsage.Empty(DateTimeOffset.MaxValue).Check(Defaults, 6_000_000, DateTimeOffset.MaxValue));
    }

    [Fact]
    public void Check_SequencesWithinTheLimits_NeverExceedThemOnAnyDay() => Gen.Select(Gen.Int[0, 300], Gen.Int[0, 20]).Array[1, 60].Sample(steps =>
    {
        ContributionLimits limits = new() { MaxBytesPerContribution = 250, MaxBytesPerContributorAndDay = 1000, MaxBytesPerDatanetAndDay = 900, MaxContributionsPerContributorAndDay = 6 };
        DateTimeOffset now = Noon;
        DailyUsage usage = DailyUsage.Empty(now);
        List<(DateOnly Day, int Bytes)> taken = [];
        foreach ((int bytes, int hours) in steps)
        {
            now = now.AddHours(hours);
            bool isWithin = usage.Check(limits, bytes, now).Count == 0;
            (DateOnly Day, int Bytes)[] today = [.. taken.Where(one => one.Day == DateOnly.FromDateTime(now.UtcDateTime))];
            Assert.Equal(bytes <= 250 && today.Length < 6 && today.Sum(one => one.Bytes) + bytes <= 900, isWithin);
            if (isWithin)
            {
                usage = usage.Add(bytes, now);
                taken.Add((DailyUsage.DayOf(now), bytes));
            }
        }
    });

    [Fact]
    public void Validate_NegativeLimits_ReportsAllAtOnce()
    {
        ArgumentException exception = Assert.Throws<ArgumentException>(() => new ContributionLimits { MaxBytesPerContribution = -1, MaxContributionsPerContributorAndDay = -2 }.Validate());
        Assert.Equal(
            "The contribution limits are not legal: MaxBytesPerContribution is -1; 0 or more, or null for no limit. MaxContributionsPerContributorAndDay is -2; 0 or more, or null for no limit.",
            exception.Message);
    }

    [Fact]
    public void PayloadLength_CountsCanonicalBytes() =>
        Assert.Equal("""{"text":"one"}""".Length + """{"text":"two!"}""".Length, DatanetTests.Give(new Reference.KeyedSigner("a"), "one", "two!").PayloadLength);

    [Theory]
    [InlineData(ConsentTerms.Training | ConsentTerms.Inference, ConsentTerms.Training, ConsentTerms.None)]
    [InlineData(ConsentTerms.Training, ConsentTerms.Training | ConsentTerms.Mining, ConsentTerms.Mining)]
    [InlineData(ConsentTerms.None, ConsentTerms.Inference, ConsentTerms.Inference)]
    [InlineData(ConsentTerms.None, ConsentTerms.None, ConsentTerms.None)]
    public void Consent_EachUse_IsChecked(ConsentTerms given, ConsentTerms wanted, ConsentTerms missing)
    {
        Assert.Equal(missing, given.Missing(wanted));
        Assert.Equal(missing == ConsentTerms.None, given.Permits(wanted));
        Assert.Equal(given & wanted, new[] { given, wanted }.Meet());
    }
}
