namespace OpenLedger.Lora.Models;

/// <summary>
/// Falcon (<c>model_type</c> <c>falcon</c>, formerly <c>RefinedWeb</c> and <c>RefinedWebModel</c>): 7B (one key and value head, parallel
/// branches), 40B, 180B and 11B (groups), RW-1B (a key and value per head, ALiBi). Falcon 3 is a LLaMA.
/// </summary>
internal sealed class FalconFamily : ModelFamily
{
    public override string Name => "falcon";

    internal override string InnerPrefix => "transformer.";

    internal override bool Reads(string modelType, JsonConfig config) => modelType is "falcon" or "RefinedWeb" or "RefinedWebModel";

    private protected override DecoderDescription Describe(JsonConfig config)
    {
        FieldDefaults.Require(config, "apply_residual_connection_post_layernorm", false, "implemented are residuals from before the norm");

        // Said again by ffn_hidden_size.
        config.Ignore("ff_factor");
        int hidden = config.RequiredInt32("hidden_size");
        int layers = FieldDefaults.RequiredOfEither(config, "num_hidden_layers", "n_layer");
        int heads = FieldDefaults.RequiredOfEither(config, "num_attention_heads", "n_head");
        int? groups = FieldDefaults.OfEither(config, "num_kv_heads", "n_head_kv");
        bool parallel = config.OptionalBoolean("parallel_attn", true), multiQuery = config.OptionalBoolean("multi_query", true);

        // The type name alone told the first 40B from the first 7B.
        bool newLayout = config.OptionalBoolean("new_decoder_architecture", config.OptionalString("model_type") == "RefinedWeb");
        int norms = config.OptionalInt32("num_ln_in_parallel_attn") ?? (newLayout ? 2 : 1);
        if ((newLayout && !parallel) || norms is < 1 or > 2 || (norms == 2 && !newLayout))
        {
            config.Unsupported.Add(
                $"'new_decoder_architecture' {newLayout}, 'parallel_attn' {parallel} and 'num_ln_in_parallel_attn' {norms} are no layout of a published Falcon");
        }

        if (!newLayout && !multiQuery && groups is int g && g != heads)
        {
            config.Unsupported.Add($"'num_kv_heads' is {g} with 'multi_query' false; implemented is one key and value per head then");
        }

        int headSize = heads > 0 ? hidden / heads : 0, positions = config.OptionalInt32("max_position_embeddings") ?? 2048;
        bool bias = config.OptionalBoolean("bias", false), alibi = config.OptionalBoolean("alibi", false);
        RotaryConfig rotary = new(config, headSize, positions);
        RotaryDescription rope = rotary.Read();
        return new DecoderDescription
        {
            VocabularySize = config.RequiredInt32("vocab_size"),
            HiddenSize = hidden,
            IntermediateSize = config.OptionalInt32("ffn_hidden_size") ?? ChatGlmFamily.FourTimes(hidden),
            LayerCount = layers,
            HeadCount = heads,
            KeyValueHeadCount = newLayout ? groups ?? heads : multiQuery ? 1 : heads,
            HeadSize = headSize,
            MaxPositions = rotary.LongestSequence,
            Norm = NormKind.LayerNorm,
            NormEpsilon = config.OptionalDouble("layer_norm_epsilon", 1e-5),
            Layout = !parallel ? BlockLayout.Sequential : norms == 2 ? BlockLayout.ParallelTwoNorms : BlockLayout.ParallelOneNorm,
            Positions = alibi ? PositionKind.Alibi : PositionKind.Rotary,
            Alibi = alibi ? new AlibiDescription { BeforeScaling = true, SlopesInBFloat16 = true } : null,
            Rope = alibi ? new RotaryDescription() : rope,
            QueryKeyValueBias = bias,
            AttentionOutputBias = bias,
            MlpBias = bias,
            GatedMlp = false,
            Activation = FieldDefaults.ReadActivation(config, "activation", "gelu"),
            TiedEmbeddings = config.OptionalBoolean("tie_word_embeddings", true),
        };
    }

    private protected override FusedRows RowsOf(DecoderDescription description) => FusedRows.Grouped(description);

    private protected override TensorSource Place(TensorSource source, FusedRows rows) => rows.Apply(source);

    private protected override string NameOf(DecoderDescription description, DecoderTensor tensor, int layer) => tensor switch
    {
        DecoderTensor.Embedding => "transformer.word_embeddings.weight",
        DecoderTensor.FinalNorm => "transformer.ln_f.weight",
        DecoderTensor.FinalNormBias => "transformer.ln_f.bias",
        DecoderTensor.Head => "lm_head.weight",
        DecoderTensor.AttentionNorm => $"transformer.h.{layer}.{AttentionNorm(description)}.weight",
        DecoderTensor.AttentionNormBias => $"transformer.h.{layer}.{AttentionNorm(description)}.bias",
        DecoderTensor.MlpNorm => $"transformer.h.{layer}.{MlpNorm(description)}.weight",
        DecoderTensor.MlpNormBias => $"transformer.h.{layer}.{MlpNorm(description)}.bias",
        >= DecoderTensor.Query and <= DecoderTensor.Down => $"transformer.h.{layer}.{Module((DecoderLinear)(tensor - DecoderTensor.Query))}.weight",
        >= DecoderTensor.QueryBias and <= DecoderTensor.DownBias => $"transformer.h.{layer}.{Module((DecoderLinear)(tensor - DecoderTensor.QueryBias))}.bias",
        _ => throw new ArgumentOutOfRangeException(nameof(tensor), tensor, "Falcon has no such weight."),
    };

    private static string AttentionNorm(DecoderDescription description) =>
        description.Layout == BlockLayout.ParallelTwoNorms ? "ln_attn" : "input_layernorm";

    private static string MlpNorm(DecoderDescription description) =>
        description.Layout == BlockLayout.ParallelTwoNorms ? "ln_mlp" : "post_attention_layernorm";

    /// <summary>Modules of a block as Falcon and BLOOM name them.</summary>
    internal static string Module(DecoderLinear linear) => linear switch
    {
        DecoderLinear.Output => "self_attention.dense",
        DecoderLinear.Up => "mlp.dense_h_to_4h",
        DecoderLinear.Down => "mlp.dense_4h_to_h",
        _ => "self_attention.query_key_value",
    };
}
