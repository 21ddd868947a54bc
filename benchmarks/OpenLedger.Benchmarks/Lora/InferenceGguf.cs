using OpenLedger.Lora.Gguf;
using OpenLedger.Lora.Models;

namespace OpenLedger.Benchmarks.Lora;

/// <summary>Writes weights as a GGUF file that llama.cpp and this package load: all matrices in one format.</summary>
internal static class InferenceGguf
{
    private static readonly (DecoderLinear Linear, string Name)[] Linears =
    [
        (DecoderLinear.Query, "attn_q"), (DecoderLinear.Key, "attn_k"), (DecoderLinear.Value, "attn_v"), (DecoderLinear.Output, "attn_output"),
        (DecoderLinear.Gate, "ffn_gate"), (DecoderLinear.Up, "ffn_up"), (DecoderLinear.Down, "ffn_down"),
    ];

    public static void Write(string path, InferenceWeights weights, GgufTensorType type)
    {
        InferenceShape shape = weights.Shape;
        List<GgufTensor> tensors = [];
        Add("token_embd", LlamaTensorNames.Embedding, shape.Vocabulary, shape.Hidden);
        for (int layer = 0; layer < shape.Layers; layer++)
        {
            AddNorm($"blk.{layer}.attn_norm", LlamaTensorNames.AttentionNorm(layer));
            AddNorm($"blk.{layer}.ffn_norm", LlamaTensorNames.MlpNorm(layer));
            foreach ((DecoderLinear linear, string name) in Linears)
            {
                (int rows, int columns) = shape.Describe().ShapeOf(linear);
                Add($"blk.{layer}.{name}", LlamaTensorNames.Module(layer, linear) + ".weight", rows, columns, linear is DecoderLinear.Query or DecoderLinear.Key);
            }
        }

        AddNorm("output_norm", LlamaTensorNames.FinalNorm);
        Add("output", LlamaTensorNames.Head, shape.Vocabulary, shape.Hidden);
        GgufWriter.Write(path, Metadata(shape, type), tensors);

        void AddNorm(string name, string source) => tensors.Add(new GgufTensor
        {
            Name = name + ".weight",
            Shape = [shape.Hidden],
            Type = GgufTensorType.F32,
            Values = weights.Tensors[source],
        });

        void Add(string name, string source, int rows, int columns, bool isRotated = false) => tensors.Add(new GgufTensor
        {
            Name = name + ".weight",
            Shape = [rows, columns],
            Type = type,
            Values = isRotated ? Interleave(weights.Tensors[source].Span, columns, shape.HeadSize) : weights.Tensors[source],
        });
    }

    /// <summary>Bytes of the matrices that every token reads.</summary>
    public static double BytesPerToken(InferenceShape shape, GgufTensorType type) => shape.WeightsPerToken * BytesPerWeight(type);

    private static double BytesPerWeight(GgufTensorType type) => type switch
    {
        GgufTensorType.F32 => 4,
        GgufTensorType.BF16 or GgufTensorType.F16 => 2,
        GgufTensorType.Q8_0 => 34 / 32.0,
        GgufTensorType.Q4_0 => 18 / 32.0,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Not measured."),
    };

    /// <summary>Rows of a head in the order of GGUF: element i of the first half, then its partner of the second half, and so on.</summary>
    private static float[] Interleave(ReadOnlySpan<float> weights, int columns, int headSize)
    {
        float[] interleaved = new float[weights.Length];
        int rows = weights.Length / columns;
        for (int row = 0; row < rows; row++)
        {
            int within = row % headSize;
            int half = headSize / 2;
            int target = row - within + (within < half ? 2 * within : (2 * (within - half)) + 1);
            weights.Slice(row * columns, columns).CopyTo(interleaved.AsSpan(target * columns));
        }

        return interleaved;
    }

    private static Dictionary<string, object> Metadata(InferenceShape shape, GgufTensorType type)
    {
        // A vocabulary without meaning: llama.cpp demands one, but token ids are fed directly.
        string[] tokens =
        [
            "<unk>", "<s>", "</s>",
            .. Enumerable.Range(0, 256).Select(value => $"<0x{value:X2}>"),
            .. Enumerable.Range(259, shape.Vocabulary - 259).Select(id => $"t{id:D5}"),
        ];
        uint fileType = type switch { GgufTensorType.F32 => 0, GgufTensorType.F16 => 1, GgufTensorType.Q4_0 => 2, GgufTensorType.Q8_0 => 7, _ => 32 };
        return new Dictionary<string, object>
        {
            ["general.architecture"] = "llama",
            ["general.name"] = $"random-{shape.Name}",
            ["general.file_type"] = fileType,
            ["general.quantization_version"] = 2u,
            ["llama.block_count"] = (uint)shape.Layers,
            ["llama.context_length"] = (uint)InferenceShape.Context,
            ["llama.embedding_length"] = (uint)shape.Hidden,
            ["llama.feed_forward_length"] = (uint)shape.Intermediate,
            ["llama.attention.head_count"] = (uint)shape.Heads,
            ["llama.attention.head_count_kv"] = (uint)shape.Heads,
            ["llama.attention.layer_norm_rms_epsilon"] = 1e-5f,
            ["llama.rope.dimension_count"] = (uint)shape.HeadSize,
            ["llama.rope.freq_base"] = 10_000f,
            ["llama.vocab_size"] = (uint)shape.Vocabulary,
            ["tokenizer.ggml.model"] = "llama",
            ["tokenizer.ggml.tokens"] = tokens,
            ["tokenizer.ggml.scores"] = Enumerable.Range(0, tokens.Length).Select(id => (float)-id).ToArray(),
            ["tokenizer.ggml.token_type"] = Enumerable.Range(0, tokens.Length).Select(id => id == 0 ? 2 : id < 3 ? 3 : id < 259 ? 6 : 1).ToArray(),
            ["tokenizer.ggml.bos_token_id"] = 1u,
            ["tokenizer.ggml.eos_token_id"] = 2u,
            ["tokenizer.ggml.unknown_token_id"] = 0u,
        };
    }
}
