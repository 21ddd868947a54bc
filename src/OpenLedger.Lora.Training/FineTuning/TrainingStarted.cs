namespace OpenLedger.Lora.Training.FineTuning;

/// <summary>Training begins.</summary>
/// <param name="TotalSteps">Optimiser steps that will be taken.</param>
/// <param name="TrainableParameters">Number of adapter weights.</param>
/// <param name="HeldOutLoss">Mean loss over the held-out examples before the first step, in nats per token; <see langword="null"/> without held-out examples.</param>
public sealed record TrainingStarted(int TotalSteps, long TrainableParameters, double? HeldOutLoss) : TrainingEvent;
