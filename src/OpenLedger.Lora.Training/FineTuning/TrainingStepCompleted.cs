namespace OpenLedger.Lora.Training.FineTuning;

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
