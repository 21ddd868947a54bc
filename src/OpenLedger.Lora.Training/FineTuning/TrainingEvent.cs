namespace OpenLedger.Lora.Training.FineTuning;

/// <summary>Something that happened during training. The hierarchy is closed: match on the four records below.</summary>
public abstract record TrainingEvent
{
    private protected TrainingEvent()
    {
    }
}

/// <summary>Training begins.</summary>
/// <param name="TotalSteps">Optimiser steps that will be taken.</param>
/// <param name="TrainableParameters">Number of adapter weights.</param>
/// <param name="HeldOutLoss">Mean loss over the held-out examples before the first step, in nats per token; <see langword="null"/> without held-out examples.</param>
public sealed record TrainingStarted(int TotalSteps, long TrainableParameters, double? HeldOutLoss) : TrainingEvent;

/// <summary>One optimiser step is done.</summary>
/// <param name="Step">One-based step.</param>
/// <param name="TotalSteps">Optimiser steps in all.</param>
/// <param name="Loss">Mean loss of the step's batch before the update, in nats per token.</param>
/// <param name="LearningRate">Learning rate of the step.</param>
/// <param name="Tokens">Input tokens of the step without padding.</param>
/// <param name="Elapsed">Time since training began.</param>
public sealed record TrainingStepCompleted(int Step, int TotalSteps, double Loss, double LearningRate, int Tokens, TimeSpan Elapsed) : TrainingEvent
{
    /// <summary>Time that the remaining steps will take at the mean speed so far.</summary>
    public TimeSpan Remaining => Elapsed / Step * (TotalSteps - Step);
}

/// <summary>One pass over the training examples is done.</summary>
/// <param name="Epoch">One-based epoch.</param>
/// <param name="MeanLoss">Mean of the step losses of this epoch, in nats per token.</param>
public sealed record TrainingEpochCompleted(int Epoch, double MeanLoss) : TrainingEvent;

/// <summary>Training is over and the adapter is ready.</summary>
/// <param name="HeldOutLoss">Mean loss over the held-out examples, in nats per token; <see langword="null"/> without held-out examples.</param>
/// <param name="Elapsed">Time since training began.</param>
public sealed record TrainingCompleted(double? HeldOutLoss, TimeSpan Elapsed) : TrainingEvent;
