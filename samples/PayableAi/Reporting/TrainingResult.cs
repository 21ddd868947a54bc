namespace PayableAi.Reporting;

/// <summary>A fine-tune: its losses, its size, its speed and what the adapter can do.</summary>
public sealed record TrainingResult
{
    /// <summary>Mean loss over the held-out file before training, in nats per token.</summary>
    public required double LossFirst { get; init; }

    /// <summary>Mean loss over the held-out file after training, in nats per token.</summary>
    public required double LossLast { get; init; }

    /// <summary>Optimiser steps.</summary>
    public required int Steps { get; init; }

    /// <summary>Passes over the records.</summary>
    public required int Epochs { get; init; }

    /// <summary>Tokens the model was trained on, repetitions included.</summary>
    public required long Tokens { get; init; }

    /// <summary>Training speed in tokens per second of wall clock.</summary>
    public required double TokensPerSecond { get; init; }

    /// <summary>Parameters of the adapter.</summary>
    public required long TrainableParameters { get; init; }

    /// <summary>Training loss, by ascending step.</summary>
    public required IReadOnlyList<LossPoint> Curve { get; init; }

    /// <summary>Exact answers to the held-out questions.</summary>
    public required HeldOutResult HeldOut { get; init; }
}
