namespace OpenLedger.Lora.Inference;

/// <summary>Weights of one decoder block.</summary>
internal sealed record LayerWeights
{
    public required ReadOnlyMemory<float> AttentionNorm { get; init; }

    public required ReadOnlyMemory<float> MlpNorm { get; init; }

    /// <summary>Row-major <c>[out, in]</c>, indexed by <see cref="Models.DecoderLinear"/>.</summary>
    public required IReadOnlyList<ReadOnlyMemory<float>> Linears { get; init; }
}
