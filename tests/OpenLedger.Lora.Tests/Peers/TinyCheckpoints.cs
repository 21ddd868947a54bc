using System.Globalization;

namespace OpenLedger.Lora.Tests.Peers;

/// <summary>
/// The checkpoints of the oracle. DeepSeek's dense models and the R1 distillates are llama or qwen2 models to the letter and have none
/// of their own; llama.cpp has no ChatGLM v1, no Falcon-RW (ALiBi), no dynamic rotary scaling and no window for Mistral.
/// </summary>
internal static partial class TinyCheckpoints
{
    public static IEnumerable<TinyCheckpoint> Create() =>
    [
        Llama("llama", new TinyDecoder { PermuteRotary = true }, 1e-5f, 10000, "", null),
        Llama(
            "llama-biases", new TinyDecoder { PermuteRotary = true, HeadLength = 24, KeyValueHeads = 4, QueryKeyValueBias = true, OutputBias = true, FeedForwardBias = true, Tied = true },
            1e-6f, 500000, "", null),
        Llama(
            "llama-rope-llama3", new TinyDecoder { PermuteRotary = true }, 1e-5f, 10000,
            """{"rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0, "original_max_position_embeddings": 64}""",
            builder => builder.Gguf("rope_freqs.weight", Llama3Factors(16, 10000, 8, 1, 4, 64))),
        Llama(
            "llama-rope-linear", new TinyDecoder { PermuteRotary = true }, 1e-5f, 10000,
            """{"type": "linear", "factor": 4.0}""",
            builder => Scaling(builder, "linear", 4),
            ("rope.scaling.factor", 2f)),
        Llama(
            "llama-rope-yarn", new TinyDecoder { PermuteRotary = true }, 1e-5f, 1000,
            """{"rope_type": "yarn", "factor": 4.0, "original_max_position_embeddings": 1024}""",
            builder => Yarn(builder, 4, 1024),
            ("rope.scaling.factor", 2f), ("rope.scaling.original_context_length", 64u)),
        LongRope("llama-rope-longrope-long", original: 16),
        LongRope("llama-rope-longrope-short", original: 512),
        Mistral(),
        Qwen1(),
        Qwen2("qwen2", 1000000, "", null),
        Qwen2("qwen2-rope-yarn", 1000, ""","rope_scaling": {"type": "yarn", "factor": 4.0, "original_max_position_embeddings": 1024}""", builder => Yarn(builder, 4, 1024)),
        Qwen3(),
        ChatGlm("chatglm2", ropeRatio: 1, ratioInConfig: false),
        ChatGlm("chatglm4", ropeRatio: 500, ratioInConfig: true),
        Glm(),
        Glm4(),
        Gemma(),
        Gemma2(),
        Gemma3("gemma3", linear: false),
        Gemma3("gemma3-rope-linear", linear: true),
        Falcon("falcon-7b", newDecoder: false, norms: 1, tied: true),
        Falcon("falcon-40b", newDecoder: true, norms: 2, tied: false),
        Falcon("falcon-11b", newDecoder: true, norms: 1, tied: false),
        Bloom("bloom", heads: 4, prefix: ""),
        Bloom("bloom-6-heads", heads: 6, prefix: "transformer."),
        Gpt2(),
    ];

    private static TinyCheckpoint Llama(
        string name, TinyDecoder decoder, float epsilon, float theta, string scaling, Action<TinyCheckpointBuilder>? extend,
        params (string Key, object Value)[] probes)
    {
        TinyCheckpointBuilder builder = new(name, "llama");
        decoder.Describe(builder, epsilon, theta);
        builder.Set("rope.dimension_count", (uint)decoder.HeadLength);
        extend?.Invoke(builder);
        decoder.Fill(builder);
        string config = $$"""
            {
              "architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_act": "silu", {{Shape(decoder)}},
              "rms_norm_eps": {{Text(epsilon)}}, "rope_theta": {{Text(theta)}}, "rope_scaling": {{(scaling.Length > 0 ? scaling : "null")}},
              "attention_bias": {{Text(decoder.QueryKeyValueBias)}}, "mlp_bias": {{Text(decoder.FeedForwardBias)}}, "max_position_embeddings": 2048
            }
            """;
        return builder.Build(config, false, [("rope.freq_base", 2 * theta), ("attention.layer_norm_rms_epsilon", 0.1f), .. probes]);
    }

    private static TinyCheckpoint LongRope(string name, int original)
    {
        float[] longFactors = [1f, 1.25f, 1.75f, 2.5f, 4f, 6f, 9f, 13f];
        float[] shortFactors = [1f, 1.05f, 1.1f, 1.2f, 1.4f, 1.7f, 2f, 2.5f];
        const int Context = 2048;
        string scaling = $$"""
            {"rope_type": "longrope", "factor": {{Text((float)Context / original)}}, "original_max_position_embeddings": {{original}},
              "long_factor": [{{string.Join(", ", longFactors.Select(Text))}}], "short_factor": [{{string.Join(", ", shortFactors.Select(Text))}}]}
            """;
        return Llama(
            name, new TinyDecoder { PermuteRotary = true }, 1e-5f, 100, scaling,
            builder =>
            {
                builder.Set("rope.scaling.type", "longrope");
                builder.Set("rope.scaling.original_context_length", (uint)original);

                // LongRoPE (Ding et al. 2024), equation of the attention temperature; the converter computes it, not llama.cpp.
                builder.Set("rope.scaling.attn_factor", (float)Math.Sqrt(1 + (Math.Log((double)Context / original) / Math.Log(original))));
                builder.Gguf("rope_factors_long.weight", longFactors);
                builder.Gguf("rope_factors_short.weight", shortFactors);
            },
            ("rope.scaling.attn_factor", 0.9f), ("rope.scaling.original_context_length", original < 256 ? 512u : 16u));
    }

    private static TinyCheckpoint Mistral()
    {
        // Nemo: heads wider than hidden size / heads.
        TinyDecoder decoder = new() { PermuteRotary = true, HeadLength = 24, KeyValueHeads = 1 };
        TinyCheckpointBuilder builder = new("mistral", "llama");
        decoder.Describe(builder, 1e-5f, 1000000);
        builder.Set("rope.dimension_count", 24u);
        decoder.Fill(builder);
        return builder.Build(
            $$"""
            {
              "architectures": ["MistralForCausalLM"], "model_type": "mistral", "hidden_act": "silu", {{Shape(decoder)}},
              "rms_norm_eps": 1e-05, "rope_theta": 1000000.0, "sliding_window": null, "max_position_embeddings": 2048
            }
            """,
            false,
            ("rope.freq_base", 10000f));
    }

    private static void Scaling(TinyCheckpointBuilder builder, string type, float factor)
    {
        builder.Set("rope.scaling.type", type);
        builder.Set("rope.scaling.factor", factor);
    }

    private static void Yarn(TinyCheckpointBuilder builder, float factor, int original)
    {
        Scaling(builder, "yarn", factor);
        builder.Set("rope.scaling.original_context_length", (uint)original);
    }

    /// <summary>Divisors of the frequencies as llama.cpp's converter derives them from the configuration (<c>generate_extra_tensors</c>).</summary>
    private static float[] Llama3Factors(int headLength, double theta, double factor, double lowFactor, double highFactor, double original)
    {
        float[] factors = new float[headLength / 2];
        for (int i = 0; i < factors.Length; i++)
        {
            double wavelength = 2 * Math.PI * Math.Pow(theta, 2.0 * i / headLength);
            double smooth = ((original / wavelength) - lowFactor) / (highFactor - lowFactor);
            factors[i] = (float)(wavelength < original / highFactor ? 1
                : wavelength > original / lowFactor ? factor
                : 1 / (((1 - smooth) / factor) + smooth));
        }

        return factors;
    }

    private static string Shape(TinyDecoder decoder) => $"""
        "vocab_size": {TinyCheckpoint.Vocabulary}, "hidden_size": {decoder.Hidden}, "intermediate_size": {decoder.FeedForward},
          "num_hidden_layers": {decoder.Layers}, "num_attention_heads": {decoder.Heads}, "num_key_value_heads": {decoder.KeyValueHeads},
          "head_dim": {decoder.HeadLength}, "tie_word_embeddings": {Text(decoder.Tied)}, "bos_token_id": 1, "eos_token_id": 2, "torch_dtype": "float32"
        """;

    private static string Text(float value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static string Text(bool value) => value ? "true" : "false";
}
