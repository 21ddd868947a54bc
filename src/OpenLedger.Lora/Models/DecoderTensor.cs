namespace OpenLedger.Lora.Models;

/// <summary>Every weight that a decoder can have, whatever its checkpoint calls it. Matrices are <c>[out, in]</c>.</summary>
public enum DecoderTensor
{
    /// <summary><c>[vocabulary, hidden]</c></summary>
    Embedding,

    /// <summary><c>[positions, hidden]</c>, with <see cref="PositionKind.Learned"/>.</summary>
    PositionEmbedding,

    /// <summary><c>[hidden]</c>, with <see cref="DecoderDescription.EmbeddingNorm"/>.</summary>
    EmbeddingNorm,

    /// <summary><c>[hidden]</c>, with <see cref="DecoderDescription.EmbeddingNorm"/> and <see cref="NormKind.LayerNorm"/>.</summary>
    EmbeddingNormBias,

    /// <summary><c>[hidden]</c></summary>
    FinalNorm,

    /// <summary><c>[hidden]</c>, with <see cref="NormKind.LayerNorm"/>.</summary>
    FinalNormBias,

    /// <summary><c>[vocabulary, hidden]</c>, unless tied to the embedding.</summary>
    Head,

    /// <summary><c>[hidden]</c>, before attention.</summary>
    AttentionNorm,

    /// <summary><c>[hidden]</c>, with <see cref="NormKind.LayerNorm"/>.</summary>
    AttentionNormBias,

    /// <summary><c>[hidden]</c>, on the output of attention, with <see cref="BlockLayout.Sandwich"/>.</summary>
    AttentionOutputNorm,

    /// <summary><c>[hidden]</c>, before the MLP; absent with <see cref="BlockLayout.ParallelOneNorm"/>.</summary>
    MlpNorm,

    /// <summary><c>[hidden]</c>, with <see cref="NormKind.LayerNorm"/>.</summary>
    MlpNormBias,

    /// <summary><c>[hidden]</c>, on the output of the MLP, with <see cref="BlockLayout.Sandwich"/>.</summary>
    MlpOutputNorm,

    /// <summary><c>[headSize]</c>, shared by all query heads, with <see cref="DecoderDescription.QueryKeyNorm"/>.</summary>
    QueryNorm,

    /// <summary><c>[headSize]</c>, shared by all key heads, with <see cref="DecoderDescription.QueryKeyNorm"/>.</summary>
    KeyNorm,

    /// <summary>The weight of <see cref="DecoderLinear.Query"/>.</summary>
    Query,

    /// <summary>The weight of <see cref="DecoderLinear.Key"/>.</summary>
    Key,

    /// <summary>The weight of <see cref="DecoderLinear.Value"/>.</summary>
    Value,

    /// <summary>The weight of <see cref="DecoderLinear.Output"/>.</summary>
    Output,

    /// <summary>The weight of <see cref="DecoderLinear.Gate"/>.</summary>
    Gate,

    /// <summary>The weight of <see cref="DecoderLinear.Up"/>.</summary>
    Up,

    /// <summary>The weight of <see cref="DecoderLinear.Down"/>.</summary>
    Down,

    /// <summary><c>[heads · headSize]</c></summary>
    QueryBias,

    /// <summary><c>[keyValueHeads · headSize]</c></summary>
    KeyBias,

    /// <summary><c>[keyValueHeads · headSize]</c></summary>
    ValueBias,

    /// <summary><c>[hidden]</c></summary>
    OutputBias,

    /// <summary><c>[intermediate]</c></summary>
    GateBias,

    /// <summary><c>[intermediate]</c></summary>
    UpBias,

    /// <summary><c>[hidden]</c></summary>
    DownBias,
}
