namespace OpenLedger.Lora.Training.FineTuning;

/// <summary>One pass over the training examples is done.</summary>
/// <param name="Epoch">One-based epoch.</param>
/// <param name="MeanLoss">Mean of the step losses of this epoch, in nats per token.</param>
public sealed record TrainingEpochCompleted(int Epoch, double MeanLoss) : TrainingEvent;
