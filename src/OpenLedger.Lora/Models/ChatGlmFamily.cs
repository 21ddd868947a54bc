using System.Text.Json;

namespace OpenLedger.Lora.Models;

/// <summary>ChatGLM2-6B, ChatGLM3-6B and GLM-4-9B in the layout of their own code (<c>model_type</c> <c>chatglm</c>).</summary>
internal sealed class ChatGlmFamily : ModelFamily
{
    public override string Name => "chatglm";

    internal override string InnerPrefix => "transformer.";

    internal override bool Reads(string modelType, JsonConfig config) => modelType == "chatglm";

    // The published code never ties; files of the inner model alone have no output layer, and then the embedding serves.
    internal override DecoderDescription Complete(DecoderDescription description, Predicate<string> holds) =>
        description with { TiedEmbeddings = !holds(NameOf(description, DecoderTensor.Head, -1)) && description.TiedEmbeddings };

    private protected override DecoderDescription Describe(JsonConfig config)
    {
        RefuseTuning(config);
        FieldDefaults.Require(config, "multi_query_attention", true, "implemented are groups of query heads that share keys and values");
        FieldDefaults.Require(config, "apply_residual_connection_post_layernorm", false, "implemented are residuals from before the norm");
        FieldDefaults.Require(config, "post_layer_norm", true, "implemented is a norm after the last layer");
        FieldDefaults.Require(config, "original_rope", true, "implemented are rotary positions over half of each head in neighbouring pairs");
        FieldDefaults.Require(config, "interleaved_qkv", false, "implemented are queries, keys and values in three blocks");
        if (config.TryGet("vision_config", out JsonElement _))
        {
            config.Unsupported.Add("'vision_config' is present; implemented are models of text");
        }

        // Scores are divided by the layer and multiplied again; the others concern precision and repeat other fields.
        config.Ignore("apply_query_key_layer_scaling", "fp32_residual_connection", "vocab_size", "prefix_projection");
        int hidden = config.RequiredInt32("hidden_size"), heads = config.RequiredInt32("num_attention_heads");
        int layers = FieldDefaults.RequiredOfEither(config, "num_layers", "num_hidden_layers");
        int headSize = config.OptionalInt32("kv_channels") ?? 128;
        bool bias = config.OptionalBoolean("add_bias_linear", false), queryBias = config.OptionalBoolean("add_qkv_bias", false);
        RotaryDescription rope = new() { Dimensions = headSize / 2, Interleaved = true };
        double ratio = config.OptionalDouble("rope_ratio", 1);

        // ChatGLM3 and GLM-4 multiply the base. ChatGLM2-6B-32k divides positions by the field of the same name, and only its name tells.
        bool dividesPositions = ratio != 1 && (config.OptionalString("_name_or_path") ?? "").Contains("chatglm2", StringComparison.OrdinalIgnoreCase);
        rope = dividesPositions
            ? rope with { Scaling = new RotaryScaling { Kind = RotaryScalingKind.Linear, Factor = ratio } }
            : rope with { Theta = 10_000 * ratio };
        return new DecoderDescription
        {
            VocabularySize = config.RequiredInt32("padded_vocab_size"),
            HiddenSize = hidden,
            IntermediateSize = config.RequiredInt32("ffn_hidden_size"),
            LayerCount = layers,
            HeadCount = heads,
            KeyValueHeadCount = config.RequiredInt32("multi_query_group_num"),
            HeadSize = headSize,
            MaxPositions = config.OptionalInt32("seq_length") ?? 2048,
            Norm = config.OptionalBoolean("rmsnorm", true) ? NormKind.RootMeanSquare : NormKind.LayerNorm,
            NormEpsilon = config.OptionalDouble("layernorm_epsilon", 1e-5),
            Rope = rope,
            QueryKeyValueBias = bias || queryBias,
            AttentionOutputBias = bias,
            MlpBias = bias,
            TiedEmbeddings = config.OptionalBoolean("tie_word_embeddings", true),
        };
    }

    /// <summary>Refuses prompts tuned as prefixes and weights packed as integers.</summary>
    internal static void RefuseTuning(JsonConfig config)
    {
        if (config.OptionalInt32("pre_seq_len") is int prefix and not 0)
        {
            config.Unsupported.Add($"'pre_seq_len' is {prefix}; implemented are models without a tuned prefix");
        }

        if (config.OptionalInt32("quantization_bit") is int bits and not 0)
        {
            config.Unsupported.Add($"'quantization_bit' is {bits}; implemented are F32, F16, BF16 and F64 weights");
        }
    }

    internal static int FourTimes(int size) => size is > 0 and < int.MaxValue / 4 ? 4 * size : size;

    private protected override FusedRows RowsOf(DecoderDescription description) => FusedRows.Contiguous(description);

    private protected override TensorSource Place(TensorSource source, FusedRows rows) => FusedRows.ApplyGateUp(rows.Apply(source));

    private protected override string NameOf(DecoderDescription description, DecoderTensor tensor, int layer) => tensor switch
    {
        DecoderTensor.Embedding => "transformer.embedding.word_embeddings.weight",
        DecoderTensor.FinalNorm => "transformer.encoder.final_layernorm.weight",
        DecoderTensor.FinalNormBias => "transformer.encoder.final_layernorm.bias",
        DecoderTensor.Head => "transformer.output_layer.weight",
        DecoderTensor.AttentionNorm => $"transformer.encoder.layers.{layer}.input_layernorm.weight",
        DecoderTensor.AttentionNormBias => $"transformer.encoder.layers.{layer}.input_layernorm.bias",
        DecoderTensor.MlpNorm => $"transformer.encoder.layers.{layer}.post_attention_layernorm.weight",
        DecoderTensor.MlpNormBias => $"transformer.encoder.layers.{layer}.post_attention_layernorm.bias",
        >= DecoderTensor.Query and <= DecoderTensor.Down =>
            $"transformer.encoder.layers.{layer}.{Module((DecoderLinear)(tensor - DecoderTensor.Query))}.weight",
        >= DecoderTensor.QueryBias and <= DecoderTensor.DownBias =>
            $"transformer.encoder.layers.{layer}.{Module((DecoderLinear)(tensor - DecoderTensor.QueryBias))}.bias",
        _ => throw new ArgumentOutOfRangeException(nameof(tensor), tensor, "ChatGLM has no such weight."),
    };

    private static string Module(DecoderLinear linear) => linear switch
    {
        DecoderLinear.Output => "self_attention.dense",
        DecoderLinear.Gate or DecoderLinear.Up => "mlp.dense_h_to_4h",
        DecoderLinear.Down => "mlp.dense_4h_to_h",
        _ => "self_attention.query_key_value",
    };
}
