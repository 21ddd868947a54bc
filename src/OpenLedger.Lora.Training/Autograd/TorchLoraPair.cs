using static TorchSharp.torch;

namespace OpenLedger.Lora.Training.Autograd;

/// <summary>The two factors of one module's weight change <c>ΔW = scaling · B · A</c>.</summary>
/// <param name="A">Shrinks: <c>[rank, inFeatures]</c>, or <c>[batch, rank, inFeatures]</c>.</param>
/// <param name="B">Expands: <c>[outFeatures, rank]</c>, or <c>[batch, outFeatures, rank]</c>.</param>
/// <param name="Scaling">alpha / rank (LoRA) or alpha / √rank (rsLoRA).</param>
public sealed record TorchLoraPair(Tensor A, Tensor B, double Scaling);
