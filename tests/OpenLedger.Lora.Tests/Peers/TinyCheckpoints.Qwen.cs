namespace OpenLedger.Lora.Tests.Peers;

/// <content>Qwen 1, 2 and 3.</content>
internal static partial class TinyCheckpoints
{
    private static TinyCheckpoint Qwen1()
    {
        const int Hidden = 64;
        const int FeedForward = 96;
        TinyCheckpointBuilder builder = new("qwen", "qwen");
        builder.Set("block_count", 2u);
        builder.Set("context_length", 2048u);
        builder.Set("embedding_length", (uint)Hidden);

        // Twice the width of each of the two projections, as the configuration has it.
        builder.Set("feed_forward_length", 2u * FeedForward);
        builder.Set("attention.head_count", 4u);
        builder.Set("attention.layer_norm_rms_epsilon", 1e-6f);
        builder.Set("rope.freq_base", 10000f);
        builder.Set("rope.dimension_count", 16u);
        builder.Gguf("token_embd.weight", builder.Embedding("transformer.wte.weight", TinyCheckpoint.Vocabulary, Hidden), TinyCheckpoint.Vocabulary, Hidden);
        for (int i = 0; i < 2; i++)
        {
            string from = $"transformer.h.{i}.";
            string to = $"blk.{i}.";
            builder.Gguf($"{to}attn_norm.weight", builder.Norm($"{from}ln_1.weight", Hidden));
            builder.Gguf($"{to}attn_qkv.weight", builder.Matrix($"{from}attn.c_attn.weight", 3 * Hidden, Hidden, 1.5f), 3 * Hidden, Hidden);
            builder.Gguf($"{to}attn_qkv.bias", builder.Bias($"{from}attn.c_attn.bias", 3 * Hidden));
            builder.Gguf($"{to}attn_output.weight", builder.Matrix($"{from}attn.c_proj.weight", Hidden, Hidden, 1.5f), Hidden, Hidden);
            builder.Gguf($"{to}ffn_norm.weight", builder.Norm($"{from}ln_2.weight", Hidden));

            // The second matrix is the gate: c_proj(w1(x) * silu(w2(x))).
            builder.Gguf($"{to}ffn_up.weight", builder.Matrix($"{from}mlp.w1.weight", FeedForward, Hidden, 1.5f), FeedForward, Hidden);
            builder.Gguf($"{to}ffn_gate.weight", builder.Matrix($"{from}mlp.w2.weight", FeedForward, Hidden, 1.5f), FeedForward, Hidden);
            builder.Gguf($"{to}ffn_down.weight", builder.Matrix($"{from}mlp.c_proj.weight", Hidden, FeedForward), Hidden, FeedForward);
        }

        builder.Gguf("output_norm.weight", builder.Norm("transformer.ln_f.weight", Hidden));
        builder.Gguf("output.weight", builder.Matrix("lm_head.weight", TinyCheckpoint.Vocabulary, Hidden), TinyCheckpoint.Vocabulary, Hidden);
        return builder.Build(
            $$"""
            {
              "architectures": ["QWenLMHeadModel"], "model_type": "qwen", "vocab_size": {{TinyCheckpoint.Vocabulary}}, "hidden_size": 64,
              "intermediate_size": 192, "num_hidden_layers": 2, "num_attention_heads": 4, "kv_channels": 16, "layer_norm_epsilon": 1e-06,
              "rotary_emb_base": 10000, "rotary_pct": 1.0, "seq_length": 2048, "max_position_embeddings": 8192, "no_bias": true,
              "use_dynamic_ntk": true, "use_logn_attn": true, "scale_attn_weights": true, "tie_word_embeddings": false
            }
            """,
            false,
            ("rope.freq_base", 20000f));
    }

    private static TinyCheckpoint Qwen2(string name, float theta, string scaling, Action<TinyCheckpointBuilder>? extend)
    {
        TinyDecoder decoder = new() { QueryKeyValueBias = true, Tied = scaling.Length > 0 };
        TinyCheckpointBuilder builder = new(name, "qwen2");
        decoder.Describe(builder, 1e-6f, theta);
        extend?.Invoke(builder);
        decoder.Fill(builder);
        return builder.Build(
            $$"""
            {
              "architectures": ["Qwen2ForCausalLM"], "model_type": "qwen2", "hidden_act": "silu", {{Shape(decoder)}},
              "rms_norm_eps": 1e-06, "rope_theta": {{Text(theta)}}, "use_sliding_window": false, "sliding_window": 4,
              "max_position_embeddings": 2048{{scaling}}
            }
            """,
            false,
            ("rope.freq_base", 2 * theta));
    }

    private static TinyCheckpoint Qwen3()
    {
        TinyDecoder decoder = new() { HeadLength = 24, QueryKeyNorm = true, Tied = true };
        TinyCheckpointBuilder builder = new("qwen3", "qwen3");
        decoder.Describe(builder, 1e-6f, 1000000);
        decoder.Fill(builder);
        return builder.Build(
            $$"""
            {
              "architectures": ["Qwen3ForCausalLM"], "model_type": "qwen3", "hidden_act": "silu", {{Shape(decoder)}},
              "rms_norm_eps": 1e-06, "rope_theta": 1000000, "rope_scaling": null, "attention_bias": false, "use_sliding_window": false,
              "sliding_window": null, "max_position_embeddings": 2048
            }
            """,
            false,
            ("rope.freq_base", 10000f));
    }
}
