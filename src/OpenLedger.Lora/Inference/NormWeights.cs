namespace OpenLedger.Lora.Inference;

/// <summary>Weights of one normalisation.</summary>
/// <param name="Gain">What normalised values are multiplied with; one is already added where the checkpoint stores gains less one.</param>
/// <param name="Bias">Empty where there is none.</param>
internal sealed record NormWeights(float[] Gain, float[] Bias);
