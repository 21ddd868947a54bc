namespace OpenLedger.Lora.Tests.Peers;

/// <summary>What distinguishes the models with Hugging Face's <c>model.layers.N.self_attn.q_proj</c> naming from each other.</summary>
internal sealed record TinyDecoder
{
    public int Hidden { get; init; } = 64;

    public int Layers { get; init; } = 2;

    public int Heads { get; init; } = 4;

    public int KeyValueHeads { get; init; } = 2;

    public int HeadLength { get; init; } = 16;

    public int FeedForward { get; init; } = 96;

    public bool Tied { get; init; }

    public bool QueryKeyValueBias { get; init; }

    public bool OutputBias { get; init; }

    public bool FeedForwardBias { get; init; }

    public bool QueryKeyNorm { get; init; }

    /// <summary>Norms after attention and feed-forward besides those before them: the names of all four, in order.</summary>
    public string[] Norms { get; init; } = ["input_layernorm", "", "post_attention_layernorm", ""];

    /// <summary>Gemma: the model adds one to norm weights, the GGUF has it added.</summary>
    public bool NormsAroundZero { get; init; }

    /// <summary>GLM: gate and up projection are one matrix, gate first.</summary>
    public bool FusedGateUp { get; init; }

    /// <summary>llama.cpp rotates neighbours for this architecture while Hugging Face rotates halves: rows of q and k change places.</summary>
    public bool PermuteRotary { get; init; }

    /// <summary>Draws all weights.</summary>
    public void Fill(TinyCheckpointBuilder builder)
    {
        int queries = Heads * HeadLength;
        int keys = KeyValueHeads * HeadLength;
        builder.Gguf("token_embd.weight", builder.Embedding("model.embed_tokens.weight", TinyCheckpoint.Vocabulary, Hidden), TinyCheckpoint.Vocabulary, Hidden);
        for (int i = 0; i < Layers; i++)
        {
            string from = $"model.layers.{i}.";
            string to = $"blk.{i}.";
            foreach ((string source, string target) in Norms.Zip(["attn_norm", "post_attention_norm", "ffn_norm", "post_ffw_norm"]))
            {
                if (source.Length > 0)
                {
                    Norm(builder, $"{from}{source}.weight", $"{to}{target}.weight", Hidden);
                }
            }

            // More spread than usual in queries and keys, so that attention is far from uniform.
            Rotary(builder, $"{from}self_attn.q_proj", $"{to}attn_q", Heads);
            Rotary(builder, $"{from}self_attn.k_proj", $"{to}attn_k", KeyValueHeads);
            builder.Gguf($"{to}attn_v.weight", builder.Matrix($"{from}self_attn.v_proj.weight", keys, Hidden), keys, Hidden);
            if (QueryKeyValueBias)
            {
                builder.Gguf($"{to}attn_v.bias", builder.Bias($"{from}self_attn.v_proj.bias", keys));
            }

            builder.Gguf($"{to}attn_output.weight", builder.Matrix($"{from}self_attn.o_proj.weight", Hidden, queries, 1.5f), Hidden, queries);
            if (OutputBias)
            {
                builder.Gguf($"{to}attn_output.bias", builder.Bias($"{from}self_attn.o_proj.bias", Hidden));
            }

            if (QueryKeyNorm)
            {
                Norm(builder, $"{from}self_attn.q_norm.weight", $"{to}attn_q_norm.weight", HeadLength);
                Norm(builder, $"{from}self_attn.k_norm.weight", $"{to}attn_k_norm.weight", HeadLength);
            }

            FillFeedForward(builder, from, to);
        }

        Norm(builder, "model.norm.weight", "output_norm.weight", Hidden);
        if (!Tied)
        {
            builder.Gguf("output.weight", builder.Matrix("lm_head.weight", TinyCheckpoint.Vocabulary, Hidden), TinyCheckpoint.Vocabulary, Hidden);
        }
    }

    /// <summary>Metadata that every architecture of this shape has.</summary>
    public void Describe(TinyCheckpointBuilder builder, float epsilon, float theta, int context = 2048)
    {
        builder.Set("block_count", (uint)Layers);
        builder.Set("context_length", (uint)context);
        builder.Set("embedding_length", (uint)Hidden);
        builder.Set("feed_forward_length", (uint)FeedForward);
        builder.Set("attention.head_count", (uint)Heads);
        builder.Set("attention.head_count_kv", (uint)KeyValueHeads);
        builder.Set("attention.key_length", (uint)HeadLength);
        builder.Set("attention.value_length", (uint)HeadLength);
        builder.Set("attention.layer_norm_rms_epsilon", epsilon);
        builder.Set("rope.freq_base", theta);
    }

    private void FillFeedForward(TinyCheckpointBuilder builder, string from, string to)
    {
        if (FusedGateUp)
        {
            builder.Gguf($"{to}ffn_up.weight", builder.Matrix($"{from}mlp.gate_up_proj.weight", 2 * FeedForward, Hidden, 1.5f), 2 * FeedForward, Hidden);
        }
        else
        {
            foreach (string part in new[] { "gate", "up" })
            {
                builder.Gguf($"{to}ffn_{part}.weight", builder.Matrix($"{from}mlp.{part}_proj.weight", FeedForward, Hidden, 1.5f), FeedForward, Hidden);
                if (FeedForwardBias)
                {
                    builder.Gguf($"{to}ffn_{part}.bias", builder.Bias($"{from}mlp.{part}_proj.bias", FeedForward));
                }
            }
        }

        builder.Gguf($"{to}ffn_down.weight", builder.Matrix($"{from}mlp.down_proj.weight", Hidden, FeedForward), Hidden, FeedForward);
        if (FeedForwardBias)
        {
            builder.Gguf($"{to}ffn_down.bias", builder.Bias($"{from}mlp.down_proj.bias", Hidden));
        }
    }

    private void Norm(TinyCheckpointBuilder builder, string from, string to, int length)
    {
        float[] values = builder.Norm(from, length, NormsAroundZero);
        builder.Gguf(to, NormsAroundZero ? [.. values.Select(v => v + 1)] : values);
    }

    private void Rotary(TinyCheckpointBuilder builder, string from, string to, int heads)
    {
        int rows = heads * HeadLength;
        float[] weight = builder.Matrix($"{from}.weight", rows, Hidden, 1.5f);
        builder.Gguf($"{to}.weight", PermuteRotary ? Interleave(weight, heads, Hidden) : weight, rows, Hidden);
        if (QueryKeyValueBias)
        {
            float[] bias = builder.Bias($"{from}.bias", rows);
            builder.Gguf($"{to}.bias", PermuteRotary ? Interleave(bias, heads, 1) : bias);
        }
    }

    /// <summary>Row <c>half * d/2 + i</c> of each head moves to <c>2 i + half</c> (llama.cpp, <c>LlamaModel.permute</c>).</summary>
    private float[] Interleave(float[] values, int heads, int columns)
    {
        float[] result = new float[values.Length];
        for (int head = 0; head < heads; head++)
        {
            for (int row = 0; row < HeadLength; row++)
            {
                int half = row / (HeadLength / 2);
                int target = (2 * (row % (HeadLength / 2))) + half;
                values.AsSpan(((head * HeadLength) + row) * columns, columns).CopyTo(result.AsSpan(((head * HeadLength) + target) * columns));
            }
        }

        return result;
    }
}
