namespace OpenLedger.Lora.Tests.Peers;

/// <content>The models with layer norms: Falcon, BLOOM and GPT-2.</content>
internal static partial class TinyCheckpoints
{
    private static TinyCheckpoint Falcon(string name, bool newDecoder, int norms, bool tied)
    {
        const int Hidden = 64;
        const int Heads = 4;
        const int HeadLength = 16;
        int groups = newDecoder ? 2 : 1;
        int fused = (Heads + (2 * groups)) * HeadLength;
        TinyCheckpointBuilder builder = new(name, "falcon");
        DescribeLayerNormModel(builder, Hidden, Heads, groups);
        builder.Gguf("token_embd.weight", builder.Embedding("transformer.word_embeddings.weight", TinyCheckpoint.Vocabulary, Hidden), TinyCheckpoint.Vocabulary, Hidden);
        for (int i = 0; i < 2; i++)
        {
            string from = $"transformer.h.{i}.";
            string to = $"blk.{i}.";
            if (norms == 2)
            {
                // llama.cpp takes the second norm for attention and the first for the feed-forward network.
                LayerNorm(builder, $"{from}ln_attn", $"{to}attn_norm_2", Hidden);
                LayerNorm(builder, $"{from}ln_mlp", $"{to}attn_norm", Hidden);
            }
            else
            {
                LayerNorm(builder, $"{from}input_layernorm", $"{to}attn_norm", Hidden);
            }

            float[] qkv = builder.Matrix($"{from}self_attention.query_key_value.weight", fused, Hidden, 1.5f);
            builder.Gguf($"{to}attn_qkv.weight", Ungroup(qkv, groups, Heads / groups, HeadLength, Hidden), fused, Hidden);
            builder.Gguf($"{to}attn_output.weight", builder.Matrix($"{from}self_attention.dense.weight", Hidden, Hidden, 1.5f), Hidden, Hidden);
            builder.Gguf($"{to}ffn_up.weight", builder.Matrix($"{from}mlp.dense_h_to_4h.weight", 4 * Hidden, Hidden, 1.5f), 4 * Hidden, Hidden);
            builder.Gguf($"{to}ffn_down.weight", builder.Matrix($"{from}mlp.dense_4h_to_h.weight", Hidden, 4 * Hidden), Hidden, 4 * Hidden);
        }

        LayerNorm(builder, "transformer.ln_f", "output_norm", Hidden);
        if (!tied)
        {
            builder.Gguf("output.weight", builder.Matrix("lm_head.weight", TinyCheckpoint.Vocabulary, Hidden), TinyCheckpoint.Vocabulary, Hidden);
        }

        string groupConfig = newDecoder
            ? $"\"new_decoder_architecture\": true, \"num_kv_heads\": 2, \"num_ln_in_parallel_attn\": {(norms == 2 ? "2" : "1")},"
            : "\"new_decoder_architecture\": false, \"multi_query\": true,";
        return builder.Build(
            $$"""
            {
              "architectures": ["FalconForCausalLM"], "model_type": "falcon", "vocab_size": {{TinyCheckpoint.Vocabulary}}, "hidden_size": 64,
              "num_hidden_layers": 2, "num_attention_heads": 4, {{groupConfig}} "parallel_attn": true, "alibi": false, "bias": false,
              "layer_norm_epsilon": 1e-05, "rope_theta": 10000.0, "activation": "gelu", "tie_word_embeddings": {{Text(tied)}}
            }
            """,
            exactGelu: true,
            ("rope.freq_base", 20000f), ("attention.layer_norm_epsilon", 0.1f));
    }

    private static TinyCheckpoint Bloom(string name, int heads, string prefix)
    {
        int hidden = heads * 16;
        TinyCheckpointBuilder builder = new(name, "bloom");
        DescribeLayerNormModel(builder, hidden, heads, heads);
        builder.Gguf("token_embd.weight", builder.Embedding($"{prefix}word_embeddings.weight", TinyCheckpoint.Vocabulary, hidden), TinyCheckpoint.Vocabulary, hidden);
        LayerNorm(builder, $"{prefix}word_embeddings_layernorm", "token_embd_norm", hidden);
        for (int i = 0; i < 2; i++)
        {
            string from = $"{prefix}h.{i}.";
            string to = $"blk.{i}.";
            LayerNorm(builder, $"{from}input_layernorm", $"{to}attn_norm", hidden);

            // Every head is a group of its own: query, key and value of one head lie together.
            builder.Gguf($"{to}attn_qkv.weight", Ungroup(builder.Matrix($"{from}self_attention.query_key_value.weight", 3 * hidden, hidden, 1.5f), heads, 1, 16, hidden), 3 * hidden, hidden);
            builder.Gguf($"{to}attn_qkv.bias", Ungroup(builder.Bias($"{from}self_attention.query_key_value.bias", 3 * hidden), heads, 1, 16, 1));
            Linear(builder, $"{from}self_attention.dense", $"{to}attn_output", hidden, hidden, 1.5f);
            LayerNorm(builder, $"{from}post_attention_layernorm", $"{to}ffn_norm", hidden);
            Linear(builder, $"{from}mlp.dense_h_to_4h", $"{to}ffn_up", 4 * hidden, hidden, 1.5f);
            Linear(builder, $"{from}mlp.dense_4h_to_h", $"{to}ffn_down", hidden, 4 * hidden, 1);
        }

        LayerNorm(builder, $"{prefix}ln_f", "output_norm", hidden);
        return builder.Build(
            $$"""
            {
              "architectures": ["BloomForCausalLM"], "model_type": "bloom", "vocab_size": {{TinyCheckpoint.Vocabulary}}, "hidden_size": {{hidden}},
              "n_layer": 2, "n_head": {{heads}}, "layer_norm_epsilon": 1e-05, "apply_residual_connection_post_layernorm": false, "seq_length": 2048,
              "bos_token_id": 1, "eos_token_id": 2
            }
            """,
            false,
            ("attention.layer_norm_epsilon", 0.1f));
    }

    private static TinyCheckpoint Gpt2()
    {
        const int Hidden = 64;
        TinyCheckpointBuilder builder = new("gpt2", "gpt2");
        DescribeLayerNormModel(builder, Hidden, 4, 4, context: 48);
        builder.Gguf("token_embd.weight", builder.Embedding("wte.weight", TinyCheckpoint.Vocabulary, Hidden), TinyCheckpoint.Vocabulary, Hidden);
        builder.Gguf("position_embd.weight", builder.Embedding("wpe.weight", 48, Hidden), 48, Hidden);
        for (int i = 0; i < 2; i++)
        {
            string from = $"h.{i}.";
            string to = $"blk.{i}.";
            LayerNorm(builder, $"{from}ln_1", $"{to}attn_norm", Hidden);
            Transposed(builder, $"{from}attn.c_attn", $"{to}attn_qkv", Hidden, 3 * Hidden);
            Transposed(builder, $"{from}attn.c_proj", $"{to}attn_output", Hidden, Hidden);
            LayerNorm(builder, $"{from}ln_2", $"{to}ffn_norm", Hidden);
            Transposed(builder, $"{from}mlp.c_fc", $"{to}ffn_up", Hidden, 4 * Hidden);
            Transposed(builder, $"{from}mlp.c_proj", $"{to}ffn_down", 4 * Hidden, Hidden);
        }

        LayerNorm(builder, "ln_f", "output_norm", Hidden);
        return builder.Build(
            $$"""
            {
              "architectures": ["GPT2LMHeadModel"], "model_type": "gpt2", "vocab_size": {{TinyCheckpoint.Vocabulary}}, "n_embd": 64, "n_layer": 2, "n_head": 4,
              "n_positions": 48, "n_ctx": 48, "layer_norm_epsilon": 1e-05, "activation_function": "gelu_new", "bos_token_id": 1, "eos_token_id": 2
            }
            """,
            false,
            ("attention.layer_norm_epsilon", 0.1f));
    }

    private static void DescribeLayerNormModel(TinyCheckpointBuilder builder, int hidden, int heads, int groups, int context = 2048)
    {
        builder.Set("block_count", 2u);
        builder.Set("context_length", (uint)context);
        builder.Set("embedding_length", (uint)hidden);
        builder.Set("feed_forward_length", (uint)(4 * hidden));
        builder.Set("attention.head_count", (uint)heads);
        builder.Set("attention.head_count_kv", (uint)groups);
        builder.Set("attention.layer_norm_epsilon", 1e-5f);
    }

    private static void LayerNorm(TinyCheckpointBuilder builder, string from, string to, int length)
    {
        builder.Gguf($"{to}.weight", builder.Norm($"{from}.weight", length));
        builder.Gguf($"{to}.bias", builder.Bias($"{from}.bias", length));
    }

    private static void Linear(TinyCheckpointBuilder builder, string from, string to, int rows, int columns, float gain)
    {
        builder.Gguf($"{to}.weight", builder.Matrix($"{from}.weight", rows, columns, gain), rows, columns);
        builder.Gguf($"{to}.bias", builder.Bias($"{from}.bias", rows));
    }

    /// <summary>GPT-2 stores <c>[in, out]</c>.</summary>
    private static void Transposed(TinyCheckpointBuilder builder, string from, string to, int inputs, int outputs)
    {
        // The builder's gain belongs to columns; here the inputs are the rows.
        float[] weight = builder.Matrix($"{from}.weight", inputs, outputs, MathF.Sqrt((float)outputs / inputs));
        float[] transposed = new float[weight.Length];
        for (int i = 0; i < inputs; i++)
        {
            for (int o = 0; o < outputs; o++)
            {
                transposed[(o * inputs) + i] = weight[(i * outputs) + o];
            }
        }

        builder.Gguf($"{to}.weight", transposed, outputs, inputs);
        builder.Gguf($"{to}.bias", builder.Bias($"{from}.bias", outputs));
    }

    /// <summary>From groups of (queries, key, value) to all queries, all keys, all values (llama.cpp, converters of Falcon and BLOOM).</summary>
    private static float[] Ungroup(float[] values, int groups, int queriesPerGroup, int headLength, int columns)
    {
        int head = headLength * columns;
        int heads = queriesPerGroup + 2;
        float[] result = new float[values.Length];
        for (int group = 0; group < groups; group++)
        {
            for (int i = 0; i < heads; i++)
            {
                int target = i < queriesPerGroup ? (group * queriesPerGroup) + i
                    : i == queriesPerGroup ? (groups * queriesPerGroup) + group
                    : (groups * (queriesPerGroup + 1)) + group;
                values.AsSpan(((group * heads) + i) * head, head).CopyTo(result.AsSpan(target * head));
            }
        }

        return result;
    }
}
