namespace PayableAi.Input;

/// <summary>
/// A clock that starts at a fixed moment and moves one second per reading, so that a run with a fresh ledger signs the same bytes every
/// time. Runs on a ledger that is kept use the system's clock.
/// </summary>
internal sealed class SampleClock : TimeProvider
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private long _readings;

    public override DateTimeOffset GetUtcNow() => Start.AddSeconds(Interlocked.Increment(ref _readings));
}
