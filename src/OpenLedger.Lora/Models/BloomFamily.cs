namespace OpenLedger.Lora.Models;

/// <summary>BLOOM and BLOOMZ (<c>model_type</c> <c>bloom</c>): LayerNorm with a norm of the embedding, ALiBi, biases everywhere.</summary>
internal sealed class BloomFamily : ModelFamily
{
    public override string Name => "bloom";

    internal override string InnerPrefix => "transformer.";

    internal override bool Reads(string modelType, JsonConfig config) => modelType == "bloom";

    private protected override DecoderDescription Describe(JsonConfig config)
    {
        FieldDefaults.Require(config, "apply_residual_connection_post_layernorm", false, "implemented are residuals from before the norm");

        // How the authors' training code adds biases and shifts ALiBi: shifts cancel in the softmax.
        config.Ignore("skip_bias_add", "skip_bias_add_qkv", "offset_alibi");
        int hidden = FieldDefaults.RequiredOfEither(config, "hidden_size", "n_embed");
        int heads = FieldDefaults.RequiredOfEither(config, "n_head", "num_attention_heads");
        int inner = config.OptionalInt32("n_inner") ?? ChatGlmFamily.FourTimes(hidden);
        if (inner != ChatGlmFamily.FourTimes(hidden))
        {
            config.Unsupported.Add($"'n_inner' is {inner}; implemented is four times the width");
        }

        return new DecoderDescription
        {
            VocabularySize = config.RequiredInt32("vocab_size"),
            HiddenSize = hidden,
            IntermediateSize = inner,
            LayerCount = FieldDefaults.RequiredOfEither(config, "n_layer", "num_hidden_layers"),
            HeadCount = heads,
            KeyValueHeadCount = heads,
            HeadSize = heads > 0 ? hidden / heads : 0,
            MaxPositions = config.OptionalInt32("seq_length") ?? 2048,
            Norm = NormKind.LayerNorm,
            NormEpsilon = config.OptionalDouble("layer_norm_epsilon", 1e-5),
            EmbeddingNorm = true,
            Positions = PositionKind.Alibi,
            Alibi = new AlibiDescription(),
            QueryKeyValueBias = true,
            AttentionOutputBias = true,
            MlpBias = true,
            GatedMlp = false,
            Activation = Activation.GeluTanh,
            TiedEmbeddings = config.OptionalBoolean("tie_word_embeddings", true),
        };
    }

    private protected override FusedRows RowsOf(DecoderDescription description) => FusedRows.Grouped(description);

    private protected override TensorSource Place(TensorSource source, FusedRows rows) => rows.Apply(source);

    private protected override string NameOf(DecoderDescription description, DecoderTensor tensor, int layer) => tensor switch
    {
        DecoderTensor.Embedding => "transformer.word_embeddings.weight",
        DecoderTensor.EmbeddingNorm => "transformer.word_embeddings_layernorm.weight",
        DecoderTensor.EmbeddingNormBias => "transformer.word_embeddings_layernorm.bias",
        DecoderTensor.FinalNorm => "transformer.ln_f.weight",
        DecoderTensor.FinalNormBias => "transformer.ln_f.bias",
        DecoderTensor.Head => "lm_head.weight",
        DecoderTensor.AttentionNorm => $"transformer.h.{layer}.input_layernorm.weight",
        DecoderTensor.AttentionNormBias => $"transformer.h.{layer}.input_layernorm.bias",
        DecoderTensor.MlpNorm => $"transformer.h.{layer}.post_attention_layernorm.weight",
        DecoderTensor.MlpNormBias => $"transformer.h.{layer}.post_attention_layernorm.bias",
        >= DecoderTensor.Query and <= DecoderTensor.Down =>
            $"transformer.h.{layer}.{FalconFamily.Module((DecoderLinear)(tensor - DecoderTensor.Query))}.weight",
        >= DecoderTensor.QueryBias and <= DecoderTensor.DownBias =>
            $"transformer.h.{layer}.{FalconFamily.Module((DecoderLinear)(tensor - DecoderTensor.QueryBias))}.bias",
        _ => throw new ArgumentOutOfRangeException(nameof(tensor), tensor, "BLOOM has no such weight."),
    };
}
