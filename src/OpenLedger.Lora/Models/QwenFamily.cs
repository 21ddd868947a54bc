namespace OpenLedger.Lora.Models;

/// <summary>
/// The first Qwen (<c>model_type</c> <c>qwen</c>): one fused projection with bias, and an MLP whose <c>intermediate_size</c> counts both halves.
/// </summary>
/// <remarks>
/// Beyond <c>seq_length</c> its authors stretch the rotary base and scale queries by the logarithm of the position. Neither changes anything
/// up to <c>seq_length</c>, which is therefore the longest sequence here.
/// </remarks>
internal sealed class QwenFamily : ModelFamily
{
    public override string Name => "qwen";

    internal override string InnerPrefix => "transformer.";

    internal override bool Reads(string modelType, JsonConfig config) => modelType == "qwen";

    internal override bool IsInert(string tensorName, DecoderDescription description) =>
        base.IsInert(tensorName, description) || tensorName.EndsWith(".attn.masked_bias", StringComparison.Ordinal);

    private protected override DecoderDescription Describe(JsonConfig config)
    {
        FieldDefaults.Require(config, "scale_attn_weights", true, "implemented are scores scaled by the root of the head size");
        FieldDefaults.Require(config, "use_cache_quantization", false, "implemented are unquantised caches");

        // They act beyond seq_length only.
        config.Ignore("use_dynamic_ntk", "use_logn_attn", "use_cache_kernel", "max_position_embeddings");
        int hidden = config.RequiredInt32("hidden_size"), heads = config.RequiredInt32("num_attention_heads");
        int headSize = config.OptionalInt32("kv_channels") ?? (heads > 0 ? hidden / heads : 0);
        int both = config.RequiredInt32("intermediate_size"), length = config.OptionalInt32("seq_length") ?? 2048;
        if (both % 2 != 0)
        {
            config.Faults.Add($"'intermediate_size' is {both}; it counts gate and up and must be even");
        }

        bool bias = !config.OptionalBoolean("no_bias", true);
        RotaryConfig rotary = new(config, headSize, length);
        return new DecoderDescription
        {
            VocabularySize = config.RequiredInt32("vocab_size"),
            HiddenSize = hidden,
            IntermediateSize = both / 2,
            LayerCount = config.RequiredInt32("num_hidden_layers"),
            HeadCount = heads,
            KeyValueHeadCount = heads,
            HeadSize = headSize,
            MaxPositions = length,
            NormEpsilon = config.OptionalDouble("layer_norm_epsilon", 1e-6),
            Rope = new RotaryDescription
            {
                Theta = config.OptionalDouble("rotary_emb_base", 10_000),
                Dimensions = rotary.ReadDimensions(config.OptionalDouble("rotary_pct", 1)),
            },
            QueryKeyValueBias = true,
            AttentionOutputBias = bias,
            MlpBias = bias,
            TiedEmbeddings = config.OptionalBoolean("tie_word_embeddings", false),
        };
    }

    private protected override FusedRows RowsOf(DecoderDescription description) => FusedRows.Contiguous(description);

    private protected override TensorSource Place(TensorSource source, FusedRows rows) => rows.Apply(source);

    private protected override string NameOf(DecoderDescription description, DecoderTensor tensor, int layer) => tensor switch
    {
        DecoderTensor.Embedding => "transformer.wte.weight",
        DecoderTensor.FinalNorm => "transformer.ln_f.weight",
        DecoderTensor.Head => "lm_head.weight",
        DecoderTensor.AttentionNorm => $"transformer.h.{layer}.ln_1.weight",
        DecoderTensor.MlpNorm => $"transformer.h.{layer}.ln_2.weight",
        >= DecoderTensor.Query and <= DecoderTensor.Down => $"transformer.h.{layer}.{Module((DecoderLinear)(tensor - DecoderTensor.Query))}.weight",
        >= DecoderTensor.QueryBias and <= DecoderTensor.DownBias => $"transformer.h.{layer}.{Module((DecoderLinear)(tensor - DecoderTensor.QueryBias))}.bias",
        _ => throw new ArgumentOutOfRangeException(nameof(tensor), tensor, "Qwen has no such weight."),
    };

    // c_proj(w1(x) · silu(w2(x)))
    private static string Module(DecoderLinear linear) => linear switch
    {
        DecoderLinear.Output => "attn.c_proj",
        DecoderLinear.Up => "mlp.w1",
        DecoderLinear.Gate => "mlp.w2",
        DecoderLinear.Down => "mlp.c_proj",
        _ => "attn.c_attn",
    };
}
