namespace OpenLedger.Lora.Tests.Peers;

/// <content>Gemma 1, 2 and 3.</content>
internal static partial class TinyCheckpoints
{
    private static readonly string[] FourNorms =
        ["input_layernorm", "post_attention_layernorm", "pre_feedforward_layernorm", "post_feedforward_layernorm"];

    private static TinyCheckpoint Gemma()
    {
        TinyDecoder decoder = new() { HeadLength = 24, KeyValueHeads = 1, Tied = true, NormsAroundZero = true };
        TinyCheckpointBuilder builder = new("gemma", "gemma");
        decoder.Describe(builder, 1e-6f, 10000);
        decoder.Fill(builder);
        return builder.Build(
            $$"""
            {
              "architectures": ["GemmaForCausalLM"], "model_type": "gemma", "hidden_act": "gelu", "hidden_activation": null, {{Shape(decoder)}},
              "rms_norm_eps": 1e-06, "rope_theta": 10000.0, "attention_bias": false, "max_position_embeddings": 2048
            }
            """,
            false,
            ("rope.freq_base", 20000f));
    }

    private static TinyCheckpoint Gemma2()
    {
        // Caps and window far below the usual ones, so that 24 tokens feel them.
        TinyDecoder decoder = new() { Layers = 4, HeadLength = 24, Tied = true, NormsAroundZero = true, Norms = FourNorms };
        TinyCheckpointBuilder builder = new("gemma2", "gemma2");
        decoder.Describe(builder, 1e-6f, 10000);
        builder.Set("attn_logit_softcapping", 2f);
        builder.Set("final_logit_softcapping", 5f);
        builder.Set("attention.sliding_window", 8u);
        decoder.Fill(builder);
        return builder.Build(
            $$"""
            {
              "architectures": ["Gemma2ForCausalLM"], "model_type": "gemma2", "hidden_act": "gelu_pytorch_tanh", "hidden_activation": "gelu_pytorch_tanh",
              {{Shape(decoder)}}, "rms_norm_eps": 1e-06, "rope_theta": 10000.0, "attention_bias": false, "query_pre_attn_scalar": 24,
              "attn_logit_softcapping": 2.0, "final_logit_softcapping": 5.0, "sliding_window": 8, "max_position_embeddings": 2048
            }
            """,
            false,
            ("attn_logit_softcapping", 50f), ("final_logit_softcapping", 30f), ("attention.sliding_window", 9u));
    }

    private static TinyCheckpoint Gemma3(string name, bool linear)
    {
        // Seven layers: the sixth is global, the others see their window only.
        TinyDecoder decoder = new() { Layers = 7, HeadLength = 24, Tied = true, NormsAroundZero = true, Norms = FourNorms, QueryKeyNorm = true };
        TinyCheckpointBuilder builder = new(name, "gemma3");
        decoder.Describe(builder, 1e-6f, 1000000);
        builder.Set("rope.freq_base_swa", 10000f);
        builder.Set("attention.sliding_window", 8u);
        if (linear)
        {
            Scaling(builder, "linear", 8);
        }

        decoder.Fill(builder);
        return builder.Build(
            $$"""
            {
              "architectures": ["Gemma3ForCausalLM"], "model_type": "gemma3_text", "hidden_activation": "gelu_pytorch_tanh", {{Shape(decoder)}},
              "rms_norm_eps": 1e-06, "rope_theta": 1000000.0, "rope_local_base_freq": 10000.0, "attention_bias": false,
              "rope_scaling": {{(linear ? """{"rope_type": "linear", "factor": 8.0}""" : "null")}}, "query_pre_attn_scalar": 24, "attn_logit_softcapping": null,
              "final_logit_softcapping": null, "sliding_window": 8, "sliding_window_pattern": 6, "max_position_embeddings": 2048
            }
            """,
            false,
            ("rope.freq_base_swa", 20000f), ("rope.freq_base", 10000f), ("attention.sliding_window", 9u));
    }
}
