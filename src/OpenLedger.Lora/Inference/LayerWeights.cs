using OpenLedger.Lora.Kernels;
using OpenLedger.Lora.Models;

namespace OpenLedger.Lora.Inference;

/// <summary>Weights of one decoder block; <see langword="null"/> where the description has none.</summary>
internal sealed record LayerWeights
{
    public required NormWeights AttentionNorm { get; init; }

    public NormWeights? AttentionOutputNorm { get; init; }

    public NormWeights? MlpNorm { get; init; }

    public NormWeights? MlpOutputNorm { get; init; }

    public NormWeights? QueryNorm { get; init; }

    public NormWeights? KeyNorm { get; init; }

    /// <summary>Indexed by <see cref="DecoderLinear"/>.</summary>
    public required IReadOnlyList<WeightMatrix?> Linears { get; init; }

    /// <summary>Indexed by <see cref="DecoderLinear"/>.</summary>
    public required IReadOnlyList<float[]?> Biases { get; init; }

    public WeightMatrix this[DecoderLinear linear] =>
        Linears[(int)linear] ?? throw new InvalidOperationException($"This decoder has no linear {linear}.");
}
