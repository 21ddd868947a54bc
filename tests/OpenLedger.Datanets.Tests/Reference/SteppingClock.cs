namespace OpenLedger.Datanets.Tests.Reference;

/// <summary>A clock that moves only when told.</summary>
internal sealed class SteppingClock : TimeProvider
{
    private DateTimeOffset _now = new(2030, 1, 31, 12, 0, 0, TimeSpan.Zero);

    public void Advance(TimeSpan step) => _now += step;

    public override DateTimeOffset GetUtcNow() => _now;
}
