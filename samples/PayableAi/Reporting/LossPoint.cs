namespace PayableAi.Reporting;

/// <summary>The training loss at one optimiser step.</summary>
public sealed record LossPoint
{
    /// <summary>The step, from 1.</summary>
    public required int Step { get; init; }

    /// <summary>Mean loss of the step's batch, in nats per token.</summary>
    public required double Loss { get; init; }
}
