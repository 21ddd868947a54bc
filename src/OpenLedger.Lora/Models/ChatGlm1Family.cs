namespace OpenLedger.Lora.Models;

/// <summary>
/// ChatGLM-6B (<c>model_type</c> <c>chatglm</c> with two-dimensional positions): LayerNorm, a residual from the normalised input, and a
/// prompt that attends to itself in both directions.
/// </summary>
internal sealed class ChatGlm1Family : ModelFamily
{
    /// <summary>
    /// <c>√(2 · 28)</c>. The published code takes the number of layers for the residual from a default argument, so that it is 28 whatever
    /// the configuration says.
    /// </summary>
    private static readonly double ResidualScale = Math.Sqrt(2 * 28);

    public override string Name => "chatglm1";

    internal override string InnerPrefix => "transformer.";

    internal override bool Reads(string modelType, JsonConfig config) => modelType == "chatglm"
        && (config.TryGet("position_encoding_2d", out _) || config.TryGet("inner_hidden_size", out _) || config.TryGet("max_sequence_length", out _));

    private protected override DecoderDescription Describe(JsonConfig config)
    {
        FieldDefaults.Require(config, "position_encoding_2d", true, "implemented are positions in the prompt and in the answer");
        ChatGlmFamily.RefuseTuning(config);
        config.Ignore("prefix_projection");
        int hidden = config.RequiredInt32("hidden_size"), heads = config.RequiredInt32("num_attention_heads");
        int layers = config.RequiredInt32("num_layers");
        return new DecoderDescription
        {
            VocabularySize = config.RequiredInt32("vocab_size"),
            HiddenSize = hidden,
            IntermediateSize = config.OptionalInt32("inner_hidden_size") ?? ChatGlmFamily.FourTimes(hidden),
            LayerCount = layers,
            HeadCount = heads,
            KeyValueHeadCount = heads,
            HeadSize = heads > 0 ? hidden / heads : 0,
            MaxPositions = config.OptionalInt32("max_sequence_length") ?? 2048,
            Norm = NormKind.LayerNorm,
            NormEpsilon = config.OptionalDouble("layernorm_epsilon", 1e-5),
            Layout = BlockLayout.NormedResidual,
            ResidualScale = ResidualScale,
            Positions = PositionKind.RotaryInTwoDimensions,
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
        DecoderTensor.FinalNorm => "transformer.final_layernorm.weight",
        DecoderTensor.FinalNormBias => "transformer.final_layernorm.bias",
        DecoderTensor.Head => "lm_head.weight",
        DecoderTensor.AttentionNorm => $"transformer.layers.{layer}.input_layernorm.weight",
        DecoderTensor.AttentionNormBias => $"transformer.layers.{layer}.input_layernorm.bias",
        DecoderTensor.MlpNorm => $"transformer.layers.{layer}.post_attention_layernorm.weight",
        DecoderTensor.MlpNormBias => $"transformer.layers.{layer}.post_attention_layernorm.bias",
        >= DecoderTensor.Query and <= DecoderTensor.Down => $"transformer.layers.{layer}.{Module((DecoderLinear)(tensor - DecoderTensor.Query))}.weight",
        >= DecoderTensor.QueryBias and <= DecoderTensor.DownBias => $"transformer.layers.{layer}.{Module((DecoderLinear)(tensor - DecoderTensor.QueryBias))}.bias",
        _ => throw new ArgumentOutOfRangeException(nameof(tensor), tensor, "ChatGLM-6B has no such weight."),
    };

    private static string Module(DecoderLinear linear) => linear switch
    {
        DecoderLinear.Output => "attention.dense",
        DecoderLinear.Up => "mlp.dense_h_to_4h",
        DecoderLinear.Down => "mlp.dense_4h_to_h",
        _ => "attention.query_key_value",
    };
}
