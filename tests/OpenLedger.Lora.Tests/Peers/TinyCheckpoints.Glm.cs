namespace OpenLedger.Lora.Tests.Peers;

/// <content>ChatGLM 2 to 4 under the names of their authors, GLM-4 under those of transformers.</content>
internal static partial class TinyCheckpoints
{
    private static TinyCheckpoint ChatGlm(string name, int ropeRatio, bool ratioInConfig)
    {
        const int Hidden = 64;
        const int FeedForward = 96;
        const int Fused = Hidden + (2 * 2 * 16);
        TinyCheckpointBuilder builder = new(name, "chatglm");
        builder.Set("context_length", 2048u);
        builder.Set("embedding_length", (uint)Hidden);
        builder.Set("feed_forward_length", (uint)FeedForward);
        builder.Set("block_count", 2u);
        builder.Set("attention.head_count", 4u);
        builder.Set("attention.head_count_kv", 2u);
        builder.Set("attention.layer_norm_rms_epsilon", 1e-5f);

        // Half of each head is rotated, in neighbouring pairs.
        builder.Set("rope.dimension_count", 8u);
        builder.Set("rope.freq_base", 10000f * ropeRatio);
        const string Encoder = "transformer.encoder.";
        builder.Gguf("token_embd.weight", builder.Embedding("transformer.embedding.word_embeddings.weight", TinyCheckpoint.Vocabulary, Hidden), TinyCheckpoint.Vocabulary, Hidden);
        for (int i = 0; i < 2; i++)
        {
            string from = $"{Encoder}layers.{i}.";
            string to = $"blk.{i}.";
            builder.Gguf($"{to}attn_norm.weight", builder.Norm($"{from}input_layernorm.weight", Hidden));
            builder.Gguf($"{to}attn_qkv.weight", builder.Matrix($"{from}self_attention.query_key_value.weight", Fused, Hidden, 1.5f), Fused, Hidden);
            builder.Gguf($"{to}attn_qkv.bias", builder.Bias($"{from}self_attention.query_key_value.bias", Fused));
            builder.Gguf($"{to}attn_output.weight", builder.Matrix($"{from}self_attention.dense.weight", Hidden, Hidden, 1.5f), Hidden, Hidden);
            builder.Gguf($"{to}ffn_norm.weight", builder.Norm($"{from}post_attention_layernorm.weight", Hidden));
            builder.Gguf($"{to}ffn_up.weight", builder.Matrix($"{from}mlp.dense_h_to_4h.weight", 2 * FeedForward, Hidden, 1.5f), 2 * FeedForward, Hidden);
            builder.Gguf($"{to}ffn_down.weight", builder.Matrix($"{from}mlp.dense_4h_to_h.weight", Hidden, FeedForward), Hidden, FeedForward);
        }

        builder.Gguf("output_norm.weight", builder.Norm($"{Encoder}final_layernorm.weight", Hidden));
        builder.Gguf("output.weight", builder.Matrix("transformer.output_layer.weight", TinyCheckpoint.Vocabulary, Hidden), TinyCheckpoint.Vocabulary, Hidden);
        return builder.Build(
            $$"""
            {
              "architectures": ["ChatGLMModel"], "model_type": "chatglm", "padded_vocab_size": {{TinyCheckpoint.Vocabulary}}, "vocab_size": {{TinyCheckpoint.Vocabulary}},
              "hidden_size": 64, "ffn_hidden_size": 96, "num_layers": 2, "num_attention_heads": 4, "kv_channels": 16, "seq_length": 2048,
              "layernorm_epsilon": 1e-05, "rmsnorm": true, "post_layer_norm": true, "apply_residual_connection_post_layernorm": false,
              "add_bias_linear": false, "add_qkv_bias": true, "multi_query_attention": true, "multi_query_group_num": 2, "original_rope": true,
              {{(ratioInConfig ? $"\"rope_ratio\": {ropeRatio}, " : "")}}"apply_query_key_layer_scaling": true, "attention_softmax_in_fp32": true, "tie_word_embeddings": false
            }
            """,
            false,
            ("rope.freq_base", 20000f * ropeRatio), ("rope.dimension_count", 16u));
    }

    private static TinyCheckpoint Glm()
    {
        TinyDecoder decoder = new() { QueryKeyValueBias = true, FusedGateUp = true };
        TinyCheckpointBuilder builder = new("glm", "chatglm");
        decoder.Describe(builder, 1.5625e-7f, 10000);
        builder.Set("rope.dimension_count", 8u);
        decoder.Fill(builder);
        return builder.Build(
            $$"""
            {
              "architectures": ["GlmForCausalLM"], "model_type": "glm", "hidden_act": "silu", {{Shape(decoder)}},
              "rms_norm_eps": 1.5625e-07, "rope_theta": 10000.0, "partial_rotary_factor": 0.5, "attention_bias": true, "max_position_embeddings": 2048
            }
            """,
            false,
            ("rope.dimension_count", 16u));
    }

    private static TinyCheckpoint Glm4()
    {
        TinyDecoder decoder = new()
        {
            HeadLength = 24,
            FusedGateUp = true,
            Norms = ["input_layernorm", "post_self_attn_layernorm", "post_attention_layernorm", "post_mlp_layernorm"],
        };
        TinyCheckpointBuilder builder = new("glm4", "glm4");
        decoder.Describe(builder, 1e-5f, 10000);
        builder.Set("rope.dimension_count", 12u);
        decoder.Fill(builder);
        return builder.Build(
            $$"""
            {
              "architectures": ["Glm4ForCausalLM"], "model_type": "glm4", "hidden_act": "silu", {{Shape(decoder)}},
              "rms_norm_eps": 1e-05, "rope_theta": 10000.0, "partial_rotary_factor": 0.5, "attention_bias": false, "max_position_embeddings": 2048
            }
            """,
            false,
            ("rope.dimension_count", 24u));
    }
}
