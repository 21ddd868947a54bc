namespace DatanetSample;

/// <summary>A clock that moves when the story says so: hold times of two days pass in no time, and each run has the same version ids.</summary>
internal sealed class SampleClock : TimeProvider
{
    private DateTimeOffset _now = new(2030, 1, 7, 8, 0, 0, TimeSpan.Zero);

    public void Advance(TimeSpan step) => _now += step;

    public override DateTimeOffset GetUtcNow() => _now;
}
