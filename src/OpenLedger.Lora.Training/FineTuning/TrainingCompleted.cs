namespace OpenLedger.Lora.Training.FineTuning;

/// <summary>Training is over and the adapter is ready.</summary>
/// <param name="HeldOutLoss">Mean loss over the held-out examples, in nats per token; <see langword="null"/> without held-out examples.</param>
/// <param name="Elapsed">Time since training began.</param>
public sealed record TrainingCompleted(double? HeldOutLoss, TimeSpan Elapsed) : TrainingEvent;
