namespace OpenLedger.Datanets.Contributions;

/// <summary>What one contributor and one datanet have used of their limits on one day of UTC: counters only, whoever keeps them.</summary>
/// <remarks>Immutable; safe for concurrent use. Counters of an earlier day count as zero. A day later than the clock, after it was set
/// back, is taken for today, so that setting a clock back gives nobody a second quota.</remarks>
public sealed record DailyUsage
{
    /// <summary>The day the counters belong to, UTC.</summary>
    public required DateOnly Day { get; init; }

    /// <summary>Bytes that the contributor gave on that day, over all datanets.</summary>
    public long ContributorBytes { get; init; }

    /// <summary>Contributions that the contributor made on that day, over all datanets.</summary>
    public int ContributorContributions { get; init; }

    /// <summary>Bytes that the datanet took on that day, over all contributors.</summary>
    public long DatanetBytes { get; init; }

    /// <summary>The day of a point in time, UTC.</summary>
    /// <param name="time">Any offset.</param>
    public static DateOnly DayOf(DateTimeOffset time) => DateOnly.FromDateTime(time.UtcDateTime);

    /// <summary>Usage before anything was contributed.</summary>
    /// <param name="now">The time, from the application's <see cref="TimeProvider"/>.</param>
    public static DailyUsage Empty(DateTimeOffset now) => new() { Day = DayOf(now) };

    /// <summary>Says which limits a contribution would exceed.</summary>
    /// <param name="limits">The limits.</param>
    /// <param name="bytes">Its size, see <see cref="Contribution.PayloadLength"/>; 0 or more.</param>
    /// <param name="now">The time, from the application's <see cref="TimeProvider"/>.</param>
    /// <returns>All limits it would exceed; none when it is within them. A contribution that reaches a limit exactly is within it.</returns>
    /// <exception cref="ArgumentException"><paramref name="bytes"/> or a limit is negative.</exception>
    public IReadOnlyList<LimitHit> Check(ContributionLimits limits, long bytes, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(limits);
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        limits.Validate();
        DailyUsage today = On(now);
        DateTimeOffset? midnight = today.Day == DateOnly.MaxValue ? null : new DateTimeOffset(today.Day.AddDays(1), TimeOnly.MinValue, TimeSpan.Zero);
        List<LimitHit> hits = [];
        void Test(ContributionLimit limit, long? allowed, long used, long requested, DateTimeOffset? resetsAt)
        {
            // Subtraction, since the sum of counters from outside may overflow.
            if (allowed is long most && requested > Math.Max(0, most - Math.Max(0, used)))
            {
                hits.Add(new LimitHit(limit, most, Math.Max(0, used), requested, resetsAt));
            }
        }

        Test(ContributionLimit.BytesPerContribution, limits.MaxBytesPerContribution, 0, bytes, null);
        Test(ContributionLimit.BytesPerContributorAndDay, limits.MaxBytesPerContributorAndDay, today.ContributorBytes, bytes, midnight);
        Test(ContributionLimit.BytesPerDatanetAndDay, limits.MaxBytesPerDatanetAndDay, today.DatanetBytes, bytes, midnight);
        Test(ContributionLimit.ContributionsPerContributorAndDay, limits.MaxContributionsPerContributorAndDay, today.ContributorContributions, 1, midnight);
        return hits;
    }

    /// <summary>Usage after a contribution of this contributor to this datanet.</summary>
    /// <param name="bytes">Its size; 0 or more.</param>
    /// <param name="now">The time, from the application's <see cref="TimeProvider"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="bytes"/> is negative.</exception>
    /// <exception cref="OverflowException">A counter exceeds its type.</exception>
    public DailyUsage Add(long bytes, DateTimeOffset now)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        DailyUsage today = On(now);
        return today with
        {
            ContributorBytes = today.ContributorBytes + bytes,
            ContributorContributions = today.ContributorContributions + 1,
            DatanetBytes = today.DatanetBytes + bytes,
        };
    }

    private DailyUsage On(DateTimeOffset now) => DayOf(now) > Day ? Empty(now) : this;
}
