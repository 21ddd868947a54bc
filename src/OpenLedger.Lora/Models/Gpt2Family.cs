namespace OpenLedger.Lora.Models;

/// <summary>GPT-2 (<c>model_type</c> <c>gpt2</c>): learned positions, LayerNorm, biases everywhere, weights stored as <c>[in, out]</c>.</summary>
internal sealed class Gpt2Family : ModelFamily
{
    public override string Name => "gpt2";

    internal override string InnerPrefix => "transformer.";

    internal override bool Reads(string modelType, JsonConfig config) => modelType == "gpt2";

    // Stored masks, which every decoder builds itself.
    internal override bool IsInert(string tensorName, DecoderDescription description) => base.IsInert(tensorName, description)
        || tensorName.EndsWith(".attn.bias", StringComparison.Ordinal)
        || tensorName.EndsWith(".attn.masked_bias", StringComparison.Ordinal);

    private protected override DecoderDescription Describe(JsonConfig config)
    {
        FieldDefaults.Require(config, "scale_attn_by_inverse_layer_idx", false, "implemented are scores scaled alike in every layer");
        FieldDefaults.Require(config, "add_cross_attention", false, "implemented are decoders without an encoder");

        // n_ctx repeats n_positions; the flag computes the same numbers in another order.
        config.Ignore("n_ctx", "reorder_and_upcast_attn");
        int hidden = FieldDefaults.RequiredOfEither(config, "n_embd", "hidden_size"), heads = FieldDefaults.RequiredOfEither(config, "n_head", "num_attention_heads");
        bool scaled = config.OptionalBoolean("scale_attn_weights", true);
        return new DecoderDescription
        {
            VocabularySize = config.RequiredInt32("vocab_size"),
            HiddenSize = hidden,
            IntermediateSize = config.OptionalInt32("n_inner") ?? ChatGlmFamily.FourTimes(hidden),
            LayerCount = FieldDefaults.RequiredOfEither(config, "n_layer", "num_hidden_layers"),
            HeadCount = heads,
            KeyValueHeadCount = heads,
            HeadSize = heads > 0 ? hidden / heads : 0,
            MaxPositions = FieldDefaults.OfEither(config, "n_positions", "max_position_embeddings") ?? 1024,
            Norm = NormKind.LayerNorm,
            NormEpsilon = config.OptionalDouble("layer_norm_epsilon", 1e-5),
            Positions = PositionKind.Learned,
            AttentionScale = scaled ? null : 1,
            QueryKeyValueBias = true,
            AttentionOutputBias = true,
            MlpBias = true,
            GatedMlp = false,
            Activation = FieldDefaults.ReadActivation(config, "activation_function", "gelu_new"),
            TiedEmbeddings = config.OptionalBoolean("tie_word_embeddings", true),
        };
    }

    private protected override FusedRows RowsOf(DecoderDescription description) => FusedRows.Contiguous(description);

    private protected override TensorSource Place(TensorSource source, FusedRows rows)
    {
        TensorSource placed = rows.Apply(source);
        return source.Tensor is >= DecoderTensor.Query and <= DecoderTensor.Down
            ? placed with { Transposed = true, Shape = [placed.Shape[1], placed.Shape[0]] }
            : placed;
    }

    private protected override string NameOf(DecoderDescription description, DecoderTensor tensor, int layer) => tensor switch
    {
        DecoderTensor.Embedding => "transformer.wte.weight",
        DecoderTensor.PositionEmbedding => "transformer.wpe.weight",
        DecoderTensor.FinalNorm => "transformer.ln_f.weight",
        DecoderTensor.FinalNormBias => "transformer.ln_f.bias",
        DecoderTensor.Head => "lm_head.weight",
        DecoderTensor.AttentionNorm => $"transformer.h.{layer}.ln_1.weight",
        DecoderTensor.AttentionNormBias => $"transformer.h.{layer}.ln_1.bias",
        DecoderTensor.MlpNorm => $"transformer.h.{layer}.ln_2.weight",
        DecoderTensor.MlpNormBias => $"transformer.h.{layer}.ln_2.bias",
        >= DecoderTensor.Query and <= DecoderTensor.Down => $"transformer.h.{layer}.{Module((DecoderLinear)(tensor - DecoderTensor.Query))}.weight",
        >= DecoderTensor.QueryBias and <= DecoderTensor.DownBias => $"transformer.h.{layer}.{Module((DecoderLinear)(tensor - DecoderTensor.QueryBias))}.bias",
        _ => throw new ArgumentOutOfRangeException(nameof(tensor), tensor, "GPT-2 has no such weight."),
    };

    private static string Module(DecoderLinear linear) => linear switch
    {
        DecoderLinear.Output => "attn.c_proj",
        DecoderLinear.Up => "mlp.c_fc",
        DecoderLinear.Down => "mlp.c_proj",
        _ => "attn.c_attn",
    };
}
