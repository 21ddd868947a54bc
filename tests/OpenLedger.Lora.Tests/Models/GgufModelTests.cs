using CsCheck;
using OpenLedger.Lora.Adapters;
using OpenLedger.Lora.Gguf;
using OpenLedger.Lora.Inference;
using OpenLedger.Lora.Models;
using OpenLedger.Lora.Tests.Inference;
using OpenLedger.Testing;

namespace OpenLedger.Lora.Tests.Models;

/// <summary>GGUF files packed by hand as ggml's converter packs them load to the model that the loose weights give.</summary>
public class GgufModelTests
{
    private const int Vocabulary = 37, Hidden = 32, Inner = 64, Layers = 2;

    private static readonly DecoderDescription Llama = new()
    {
        VocabularySize = Vocabulary,
        HiddenSize = Hidden,
        IntermediateSize = Inner,
        LayerCount = Layers,
        HeadCount = 4,
        KeyValueHeadCount = 2,
        HeadSize = 8,
        MaxPositions = 64,
        NormEpsilon = 1e-5f,
    };

    private static readonly DecoderDescription Gemma2 = Llama with
    {
        Family = "gemma2",
        Layout = BlockLayout.Sandwich,
        EmbeddingScale = (float)Math.Sqrt(Hidden),
        Activation = Activation.GeluTanh,
        TiedEmbeddings = true,
        AttentionScale = 1 / Math.Sqrt(8),
        AttentionSoftCap = 50,
        LogitSoftCap = 30,
        Window = 5,
        WindowedLayers = [0],
    };

    private static readonly DecoderDescription Falcon = Llama with
    {
        Family = "falcon",
        Norm = NormKind.LayerNorm,
        GatedMlp = false,
        Activation = Activation.Gelu,
        Layout = BlockLayout.ParallelTwoNorms,
    };

    private static readonly DecoderDescription Gpt2 = Llama with
    {
        Family = "gpt2",
        Norm = NormKind.LayerNorm,
        GatedMlp = false,
        Activation = Activation.GeluTanh,
        Positions = PositionKind.Learned,
        KeyValueHeadCount = 4,
        QueryKeyValueBias = true,
        AttentionOutputBias = true,
        MlpBias = true,
        TiedEmbeddings = true,
    };

    private static readonly Dictionary<string, DecoderDescription> Models = new()
    {
        ["llama"] = Llama,
        ["llama with biases"] = Llama with { QueryKeyValueBias = true },
        ["llama, tied, linear"] = Llama with { TiedEmbeddings = true, Rope = new() { Theta = 500_000, Scaling = new() { Kind = RotaryScalingKind.Linear, Factor = 4 } } },
        ["llama, yarn"] = Llama with { MaxPositions = 256, Rope = new() { Scaling = new() { Kind = RotaryScalingKind.Yarn, Factor = 4, OriginalMaxPositions = 64 } } },
        ["llama 3.1"] = Llama with
        {
            Rope = new() { Scaling = new() { Kind = RotaryScalingKind.LongRope, OriginalMaxPositions = 64, AttentionFactor = 1, ShortFactors = [1, 2, 4, 8], LongFactors = [1, 2, 4, 8] } },
        },
        ["mistral with a window"] = Llama with { Window = 6 },
        ["qwen"] = Llama with { Family = "qwen", KeyValueHeadCount = 4, QueryKeyValueBias = true },
        ["qwen2"] = Llama with { Family = "qwen2", QueryKeyValueBias = true },
        ["qwen3"] = Llama with { Family = "qwen3", QueryKeyNorm = true, TiedEmbeddings = true },
        ["chatglm"] = Llama with { Family = "chatglm", QueryKeyValueBias = true, Rope = new() { Dimensions = 4, Interleaved = true } },
        ["glm4"] = Llama with { Family = "glm4", Layout = BlockLayout.Sandwich, Rope = new() { Dimensions = 4, Interleaved = true } },
        ["gemma"] = Gemma2 with { Family = "gemma", Layout = BlockLayout.Sequential, AttentionScale = null, AttentionSoftCap = null, LogitSoftCap = null, Window = null, WindowedLayers = [] },
        ["gemma2"] = Gemma2,
        ["gemma3"] = Gemma2 with
        {
            Family = "gemma3",
            QueryKeyNorm = true,
            AttentionSoftCap = null,
            LogitSoftCap = null,
            WindowedLayers = [],
            Rope = new() { Theta = 1e6, Scaling = new() { Kind = RotaryScalingKind.Linear, Factor = 8 } },
            LocalRope = new(),
        },
        ["falcon 40B"] = Falcon,
        ["falcon 7B"] = Falcon with { Layout = BlockLayout.ParallelOneNorm, KeyValueHeadCount = 1 },
        ["bloom"] = Gpt2 with { Family = "bloom", Positions = PositionKind.Alibi, Alibi = new(), EmbeddingNorm = true },
        ["gpt2"] = Gpt2,
    };

    private static readonly int[] Tokens = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 36, 0];

    public static TheoryData<string> Names { get; } = new(Models.Keys);

    [Theory]
    [MemberData(nameof(Names))]
    public void Load_FilePackedAsTheConverterDoes_GivesTheModelOfTheLooseWeights(string name)
    {
        DecoderDescription description = Models[name];
        using TemporaryFolder folder = new();
        Dictionary<(DecoderTensor, int), float[]> weights = Weights(description);
        Write(folder.File("m.gguf"), description, weights);
        float[] expected = CausalLM.FromWeights("loose", description, (t, l) => weights[(t, l)]).ComputeLogits(Tokens);
        Assert.True(expected.Distinct().Count() > 400);
        foreach (bool map in (bool[])[false, true])
        {
            CausalLM model = CausalLM.Load(folder.File("m.gguf"), new InferenceOptions { MapWeights = map });
            Assert.Equal(description, model.Description);
            Assert.Equal(1, model.BeginToken);
            Assert.Equal([2, 7], model.EndTokens);
            Assert.Equal(expected, model.ComputeLogits(Tokens));
        }
    }

    [Theory]
    [InlineData(GgufTensorType.F16, 0.01)]
    [InlineData(GgufTensorType.BF16, 0.1)]
    [InlineData(GgufTensorType.Q8_0, 0.3)]
    [InlineData(GgufTensorType.Q4_0, 2)]
    public void Load_PackedNumbers_EqualTheirConvertedValues(GgufTensorType type, double rounding)
    {
        using TemporaryFolder folder = new();
        Dictionary<(DecoderTensor, int), float[]> weights = Weights(Llama);
        Write(folder.File("m.gguf"), Llama, weights, type);
        float[] exact = CausalLM.FromWeights("loose", Llama, (t, l) => weights[(t, l)]).ComputeLogits(Tokens);
        Dictionary<(DecoderTensor, int), float[]> rounded = [];
        using (GgufModel file = GgufModel.Open(folder.File("m.gguf")))
        {
            foreach (TensorSource source in file.Sources)
            {
                rounded[(source.Tensor, source.Layer)] = SourceRows.Gather<float>(source, file.ReadSingles(source.Name), source.Shape.Count == 1 ? 1 : source.Shape[1]);
            }
        }

        float[] converted = CausalLM.FromWeights("rounded", Llama, (t, l) => rounded[(t, l)]).ComputeLogits(Tokens);
        float[] actual = CausalLM.Load(folder.File("m.gguf")).ComputeLogits(Tokens);

        // Block formats round activations to bytes as well, so that their products differ a little from converted weights.
        bool blocks = type is GgufTensorType.Q8_0 or GgufTensorType.Q4_0;
        AssertClose(converted, actual, blocks ? 0.3 : 1e-4);
        AssertClose(exact, actual, rounding);
        Assert.NotEqual(exact, actual);
    }

    [Fact]
    public void ComputeLogits_AdapterMadeForTheFolder_FitsTheGgufFile()
    {
        using TemporaryFolder folder = new();
        TinyLlama tiny = new();
        Dictionary<(DecoderTensor, int), float[]> weights = ModelFamily.Of(tiny.Description).Locate(tiny.Description)
            .ToDictionary(s => (s.Tensor, s.Layer), s => tiny.Weights[s.Name].ToArray());
        Write(folder.File("m.gguf"), tiny.Description, weights);
        CausalLM model = CausalLM.Load(folder.File("m.gguf"));
        LoraAdapter adapter = tiny.RandomAdapter();
        float[] expected = tiny.Model.ComputeLogits(Tokens, adapter);
        Assert.Equal(expected, model.ComputeLogits(Tokens, adapter));
        AssertClose(expected, model.Merge(adapter).ComputeLogits(Tokens), 1e-4);
        Assert.NotEqual(expected, model.ComputeLogits(Tokens));
    }

    [Theory]
    [InlineData("general.architecture", "deepseek2", ModelFormatError.ConfigUnsupported, "'deepseek2'; implemented are 'llama'")]
    [InlineData("llama.expert_count", 8u, ModelFormatError.ConfigUnsupported, "a mixture of experts")]
    [InlineData("llama.rope.scaling.type", "ntk", ModelFormatError.ConfigUnsupported, "'ntk'")]
    [InlineData("split.count", 6u, ModelFormatError.ConfigUnsupported, "one of 6 parts")]
    [InlineData("llama.attention.causal", false, ModelFormatError.ConfigUnsupported, "'llama.attention.causal' is false")]
    [InlineData("llama.rope.dimension_count", 4u, ModelFormatError.ConfigUnsupported, "'llama.rope.dimension_count' is 4")]
    [InlineData("llama.attention.value_length", 16u, ModelFormatError.ConfigUnsupported, "differs from the length of keys")]
    [InlineData("llama.residual_scale", 0.5f, ModelFormatError.ConfigUnsupported, "'llama.residual_scale' is 0.5")]
    [InlineData("llama.attention.head_count", 5u, ModelFormatError.ConfigInvalid, "not a multiple")]
    [InlineData("llama.block_count", 0u, ModelFormatError.ConfigInvalid, "'llama.block_count' is 0")]
    [InlineData("llama.block_count", 4097u, ModelFormatError.ConfigInvalid, "'llama.block_count' is 4097")]
    [InlineData("llama.block_count", 3u, ModelFormatError.TensorsMismatch, "'blk.2.attn_q.weight' is missing")]
    [InlineData("llama.feed_forward_length", 65u, ModelFormatError.TensorsMismatch, "'blk.0.ffn_gate.weight' is [64, 32], expected [65, 32]")]
    [InlineData("llama.context_length", "long", ModelFormatError.ConfigInvalid, "llama.context_length")]
    [InlineData("tokenizer.ggml.eos_token_id", 37u, ModelFormatError.ConfigInvalid, "'tokenizer.ggml.eos_token_id' is 37")]
    public void Open_MetadataOfAnotherModel_IsRefusedByName(string key, object value, ModelFormatError error, string expected)
    {
        using TemporaryFolder folder = new();
        Write(folder.File("m.gguf"), Llama, Weights(Llama), change: metadata => metadata[key] = value);
        ModelFormatException exception = Assert.Throws<ModelFormatException>(() => GgufModel.Open(folder.File("m.gguf")));
        Assert.Equal(error, exception.Error);
        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_ScalingFactorWithoutAType_IsLinearAndContradictsNone()
    {
        using TemporaryFolder folder = new();
        Write(folder.File("m.gguf"), Llama, Weights(Llama), change: metadata => metadata["llama.rope.scaling.factor"] = 4f);
        using (GgufModel model = GgufModel.Open(folder.File("m.gguf")))
        {
            Assert.Equal(new RotaryScaling { Kind = RotaryScalingKind.Linear, Factor = 4 }, model.Description.Rope.Scaling);
        }

        Write(folder.File("none.gguf"), Llama, Weights(Llama), change: metadata =>
        {
            metadata["llama.rope.scaling.factor"] = 4f;
            metadata["llama.rope.scaling.type"] = "none";
        });
        Assert.Contains("contradict", Assert.Throws<ModelFormatException>(() => GgufModel.Open(folder.File("none.gguf"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_EpsilonAbsent_IsMissing()
    {
        using TemporaryFolder folder = new();
        Write(folder.File("m.gguf"), Llama, Weights(Llama), change: metadata => metadata.Remove("llama.attention.layer_norm_rms_epsilon"));
        Assert.Contains("layer_norm_rms_epsilon' is missing", Assert.Throws<ModelFormatException>(() => GgufModel.Open(folder.File("m.gguf"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_LayersOfDifferentShape_AreRefusedAndEqualOnesAreNot()
    {
        using TemporaryFolder folder = new();
        Write(folder.File("m.gguf"), Llama, Weights(Llama), change: metadata => metadata["llama.attention.head_count_kv"] = new[] { 2, 2 });
        using (GgufModel model = GgufModel.Open(folder.File("m.gguf")))
        {
            Assert.Equal(Llama, model.Description);
        }

        Write(folder.File("m.gguf"), Llama, Weights(Llama), change: metadata => metadata["llama.attention.head_count_kv"] = new[] { 2, 4 });
        Assert.Contains("differs between layers", Assert.Throws<ModelFormatException>(() => GgufModel.Open(folder.File("m.gguf"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_UnknownTensorAndAbsentFile_AreRefused()
    {
        using TemporaryFolder folder = new();
        Assert.Equal(ModelFormatError.FileMissing, Assert.Throws<ModelFormatException>(() => CausalLM.Load(folder.File("m.gguf"))).Error);
        Write(folder.File("m.gguf"), Llama, Weights(Llama), extra: new GgufTensor { Name = "blk.0.ffn_gate_inp.weight", Shape = [1], Values = new float[1], Type = GgufTensorType.F32 });
        Assert.Contains("'blk.0.ffn_gate_inp.weight' is unexpected", Assert.Throws<ModelFormatException>(() => GgufModel.Open(folder.File("m.gguf"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_VocabularyOnlyFile_IsRefused()
    {
        ModelFormatException exception = Assert.Throws<ModelFormatException>(() => GgufModel.Open(RealData.Require("tokenizers/deepseek-coder/deepseek-coder-vocab.gguf")));
        Assert.Contains("token_embd.weight", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_FlippedBytes_GiveTheExceptionOrAModelThatFits()
    {
        using TemporaryFolder folder = new();
        string[] kinds = ["llama 3.1", "gemma3", "falcon 40B", "chatglm"];
        byte[][] valid = [.. kinds.Select(k =>
        {
            Write(folder.File("m.gguf"), Models[k], Weights(Models[k]));
            return File.ReadAllBytes(folder.File("m.gguf"));
        })];
        int refused = 0, opened = 0;
        Gen.Select(Gen.Int[0, kinds.Length - 1], Gen.Select(Gen.Int[0, 3500], Gen.Byte).Array[1, 3]).Sample(
            (kind, flips) =>
            {
                byte[] bytes = [.. valid[kind]];
                foreach ((int at, byte value) in flips)
                {
                    bytes[at] ^= value;
                }

                File.WriteAllBytes(folder.File("f.gguf"), bytes);
                try
                {
                    using GgufModel model = GgufModel.Open(folder.File("f.gguf"));
                    model.Description.Validate();
                    opened++;
                }
                catch (ModelFormatException)
                {
                    refused++;
                }
            },
            iter: 3000,
            threads: 1);
        Assert.True(refused > 300 && opened > 30, $"{refused} refused, {opened} opened");
    }

    private static Dictionary<(DecoderTensor, int), float[]> Weights(DecoderDescription description)
    {
        int seed = 1;
        return description.Tensors().ToDictionary(
            t => (t.Tensor, t.Layer), t => TinyLlama.RandomArray(new Random(seed++), t.Shape.Aggregate((a, b) => a * b), t.Shape.Count == 1 ? 0.8 : 0, t.Tensor == DecoderTensor.Embedding ? 1 : 0.4));
    }

    /// <summary>Writes what <c>convert_hf_to_gguf.py</c> writes for a model of these loose weights.</summary>
    private static void Write(
        string path,
        DecoderDescription d,
        Dictionary<(DecoderTensor, int), float[]> weights,
        GgufTensorType type = GgufTensorType.F32,
        Action<Dictionary<string, object>>? change = null,
        GgufTensor? extra = null)
    {
        string a = d.Family;
        bool yarn = d.Rope.Scaling?.Kind == RotaryScalingKind.Yarn, normal = d.Norm == NormKind.LayerNorm;
        Dictionary<string, object> metadata = new()
        {
            ["general.architecture"] = a,
            [$"{a}.block_count"] = (uint)d.LayerCount,
            [$"{a}.context_length"] = (uint)(yarn ? d.Rope.Scaling!.OriginalMaxPositions : d.MaxPositions),
            [$"{a}.embedding_length"] = (uint)d.HiddenSize,
            [$"{a}.feed_forward_length"] = (uint)(a == "qwen" ? 2 * d.IntermediateSize : d.IntermediateSize),
            [$"{a}.attention.head_count"] = (uint)d.HeadCount,
            [$"{a}.attention.head_count_kv"] = (uint)d.KeyValueHeadCount,
            [$"{a}.attention.key_length"] = (uint)d.HeadSize,
            [$"{a}.attention.{(normal ? "layer_norm_epsilon" : "layer_norm_rms_epsilon")}"] = (float)d.NormEpsilon,
            [$"{a}.vocab_size"] = (uint)d.VocabularySize,
            ["tokenizer.ggml.bos_token_id"] = 1u,
            ["tokenizer.ggml.eos_token_id"] = 2u,
            ["tokenizer.ggml.eot_token_id"] = 7u,
        };
        if (d.Positions == PositionKind.Rotary)
        {
            metadata[$"{a}.rope.freq_base"] = (float)d.Rope.Theta;
            metadata[$"{a}.rope.dimension_count"] = (uint)(d.Rope.Dimensions ?? d.HeadSize);
        }

        if (d.Rope.Scaling is { Kind: RotaryScalingKind.Linear or RotaryScalingKind.Yarn } scaling)
        {
            metadata[$"{a}.rope.scaling.type"] = yarn ? "yarn" : "linear";
            metadata[$"{a}.rope.scaling.factor"] = (float)scaling.Factor;
            metadata[$"{a}.rope.scaling.original_context_length"] = (uint)scaling.OriginalMaxPositions;
            if (!yarn)
            {
                metadata.Remove($"{a}.rope.scaling.original_context_length");
            }
        }

        if (d.Window is int window)
        {
            metadata[$"{a}.attention.sliding_window"] = (uint)window;
        }

        if (d.AttentionSoftCap is double cap)
        {
            metadata[$"{a}.attn_logit_softcapping"] = (float)cap;
            metadata[$"{a}.final_logit_softcapping"] = (float)d.LogitSoftCap!.Value;
        }

        if (a == "bloom")
        {
            metadata["general.file_type"] = 0u;
        }

        change?.Invoke(metadata);
        List<GgufTensor> tensors = [];
        Add("token_embd.weight", DecoderTensor.Embedding, -1);
        Add("position_embd.weight", DecoderTensor.PositionEmbedding, -1);
        Add("token_embd_norm.weight", DecoderTensor.EmbeddingNorm, -1);
        Add("token_embd_norm.bias", DecoderTensor.EmbeddingNormBias, -1);
        Add("output_norm.weight", DecoderTensor.FinalNorm, -1);
        Add("output_norm.bias", DecoderTensor.FinalNormBias, -1);
        Add("output.weight", DecoderTensor.Head, -1);
        if (d.Rope.Scaling?.Kind == RotaryScalingKind.LongRope)
        {
            Store("rope_freqs.weight", [.. d.Rope.Scaling.ShortFactors.Select(f => (float)f)], 1, GgufTensorType.F32);
        }

        for (int i = 0; i < d.LayerCount; i++)
        {
            string b = $"blk.{i}.";
            bool two = d.Layout == BlockLayout.ParallelTwoNorms;
            Add(b + (two ? "attn_norm_2.weight" : "attn_norm.weight"), DecoderTensor.AttentionNorm, i);
            Add(b + (two ? "attn_norm_2.bias" : "attn_norm.bias"), DecoderTensor.AttentionNormBias, i);
            Add(b + (two ? "attn_norm.weight" : "ffn_norm.weight"), DecoderTensor.MlpNorm, i);
            Add(b + (two ? "attn_norm.bias" : "ffn_norm.bias"), DecoderTensor.MlpNormBias, i);
            Add(b + "post_attention_norm.weight", DecoderTensor.AttentionOutputNorm, i);
            Add(b + "post_ffw_norm.weight", DecoderTensor.MlpOutputNorm, i);
            Add(b + "attn_q_norm.weight", DecoderTensor.QueryNorm, i);
            Add(b + "attn_k_norm.weight", DecoderTensor.KeyNorm, i);
            Add(b + "attn_output.weight", DecoderTensor.Output, i, d.HeadCount * d.HeadSize);
            Add(b + "attn_output.bias", DecoderTensor.OutputBias, i);
            Add(b + "ffn_down.weight", DecoderTensor.Down, i, d.IntermediateSize);
            Add(b + "ffn_down.bias", DecoderTensor.DownBias, i);
            if (a is "qwen" or "chatglm" or "falcon" or "bloom" or "gpt2")
            {
                Fuse(b + "attn_qkv.weight", i, d.HiddenSize, DecoderTensor.Query, DecoderTensor.Key, DecoderTensor.Value);
                Fuse(b + "attn_qkv.bias", i, 1, DecoderTensor.QueryBias, DecoderTensor.KeyBias, DecoderTensor.ValueBias);
            }
            else
            {
                Add(b + "attn_q.weight", DecoderTensor.Query, i);
                Add(b + "attn_q.bias", DecoderTensor.QueryBias, i);
                Add(b + "attn_k.weight", DecoderTensor.Key, i);
                Add(b + "attn_k.bias", DecoderTensor.KeyBias, i);
                Add(b + "attn_v.weight", DecoderTensor.Value, i);
                Add(b + "attn_v.bias", DecoderTensor.ValueBias, i);
            }

            if (a is "chatglm" or "glm4")
            {
                Fuse(b + "ffn_up.weight", i, d.HiddenSize, DecoderTensor.Gate, DecoderTensor.Up);
            }
            else
            {
                Add(b + "ffn_gate.weight", DecoderTensor.Gate, i);
                Add(b + "ffn_up.weight", DecoderTensor.Up, i);
                Add(b + "ffn_up.bias", DecoderTensor.UpBias, i);
            }
        }

        if (extra is not null)
        {
            tensors.Add(extra);
        }

        GgufWriter.Write(path, metadata, tensors);

        void Add(string name, DecoderTensor tensor, int layer, int? columns = null)
        {
            if (weights.TryGetValue((tensor, layer), out float[]? values))
            {
                bool matrix = tensor is DecoderTensor.Embedding or DecoderTensor.PositionEmbedding or DecoderTensor.Head or (>= DecoderTensor.Query and <= DecoderTensor.Down);
                int width = matrix ? columns ?? d.HiddenSize : 1;
                int heads = tensor is DecoderTensor.Query or DecoderTensor.QueryBias ? d.HeadCount : tensor is DecoderTensor.Key or DecoderTensor.KeyBias ? d.KeyValueHeadCount : 0;
                Store(name, a == "llama" && heads > 0 ? Permute(values, heads, d.HeadSize, width) : values, width, matrix ? type : GgufTensorType.F32);
            }
        }

        void Fuse(string name, int layer, int width, params DecoderTensor[] parts)
        {
            if (weights.ContainsKey((parts[0], layer)))
            {
                Store(name, [.. parts.SelectMany(p => weights[(p, layer)])], width, width > 1 ? type : GgufTensorType.F32);
            }
        }

        void Store(string name, float[] values, int width, GgufTensorType stored) =>
            tensors.Add(new GgufTensor { Name = name, Shape = width == 1 ? [values.Length] : [values.Length / width, width], Values = values, Type = stored });
    }

    /// <summary><c>w.reshape(heads, 2, headSize / 2, width).swapaxes(1, 2)</c></summary>
    private static float[] Permute(float[] values, int heads, int headSize, int width)
    {
        float[] permuted = new float[values.Length];
        for (int head = 0; head < heads; head++)
        {
            for (int half = 0; half < 2; half++)
            {
                for (int i = 0; i < headSize / 2; i++)
                {
                    int from = (head * headSize) + (half * (headSize / 2)) + i, to = (head * headSize) + (i * 2) + half;
                    values.AsSpan(from * width, width).CopyTo(permuted.AsSpan(to * width));
                }
            }
        }

        return permuted;
    }

    private static void AssertClose(float[] expected, float[] actual, double tolerance)
    {
        double largest = expected.Zip(actual, (a, b) => float.IsNaN(b) ? double.PositiveInfinity : Math.Abs(a - b)).Max();
        Assert.True(largest <= tolerance, $"largest difference {largest:E2} exceeds {tolerance:E1}");
        TestContext.Current.TestOutputHelper?.WriteLine($"largest difference {largest:E2}");
    }
}
