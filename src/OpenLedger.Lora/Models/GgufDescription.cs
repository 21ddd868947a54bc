using OpenLedger.Lora.Gguf;

namespace OpenLedger.Lora.Models;

/// <summary>
/// Reads the metadata of a GGUF file, keys as in <see href="https://github.com/ggml-org/ggml/blob/master/docs/gguf.md"/>. Fields that ggml
/// leaves to the code of an architecture (biases, tied heads, which layers have a window) follow from its tensors or that code.
/// </summary>
internal sealed class GgufDescription
{
    /// <summary>Keys below the architecture's that say nothing about the computation, or repeat what tensors say.</summary>
    private static readonly string[] Harmless =
        ["vocab_size", "tensor_data_layout", "rope.scaling.finetuned", "context_length_train", "attention.value_length"];

    private readonly GgufFile _file;
    private readonly GgufMetadata _metadata;
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private string _architecture = "";

    public GgufDescription(GgufFile file)
    {
        _file = file;
        _metadata = file.Metadata;
    }

    /// <summary>The description; valid, and of the family whose adapters fit.</summary>
    /// <exception cref="ModelFormatException">Something is missing, impossible or not implemented.</exception>
    public DecoderDescription Read()
    {
        _architecture = _metadata.GetString("general.architecture");
        Func<DecoderDescription, DecoderDescription> complete = _architecture switch
        {
            "llama" => d => d with { Window = Int32("attention.sliding_window") is int window and > 0 ? window : null },
            "qwen" => d => d with { IntermediateSize = d.IntermediateSize / 2 },
            "qwen2" or "qwen3" or "glm4" or "chatglm" => Interleave,
            "gemma" or "gemma2" or "gemma3" => ReadGemma,
            "falcon" => ReadFalcon,
            "bloom" => d => WithLayerNorm(d) with
            {
                EmbeddingNorm = true,
                Positions = PositionKind.Alibi,
                Alibi = new AlibiDescription(),
                Rope = new RotaryDescription(),
                Activation = Activation.GeluTanh,
            },
            "gpt2" => d => WithLayerNorm(d) with { Positions = PositionKind.Learned, Rope = new RotaryDescription(), Activation = Activation.GeluTanh },
            _ => throw new ModelFormatException(
                ModelFormatError.ConfigUnsupported,
                _file.Path,
                $"'general.architecture' is '{_architecture}'; implemented are 'llama', 'qwen', 'qwen2', 'qwen3', 'chatglm', 'glm4', 'gemma', 'gemma2', 'gemma3', " +
                "'falcon', 'bloom' and 'gpt2'"),
        };
        if (_metadata.FindInt32("split.count") is int parts and > 1)
        {
            throw Unsupported($"this is one of {parts} parts of a model; merge them with llama.cpp's gguf-split");
        }

        _known.Add("attention.causal");
        if (_metadata.FindBoolean(Key("attention.causal")) == false)
        {
            throw Unsupported($"'{Key("attention.causal")}' is false; implemented are decoders, which see earlier tokens only");
        }

        DecoderDescription description = complete(ReadCommon());
        RefuseOthers();
        List<string> faults = [.. description.FindFaults()];
        return faults.Count == 0
            ? description
            : throw ModelFormatException.FromFaults(ModelFormatError.ConfigInvalid, _file.Path, "the metadata are invalid:", faults);
    }

    private DecoderDescription ReadCommon()
    {
        int layers = RequiredInt32("block_count"), hidden = RequiredInt32("embedding_length");
        if (layers is < 1 or > DecoderDescription.MaxLayers)
        {
            throw new ModelFormatException(ModelFormatError.ConfigInvalid, _file.Path, $"'{Key("block_count")}' is {layers}; legal is 1 to {DecoderDescription.MaxLayers}");
        }

        int heads = PerLayer("attention.head_count", layers) ?? throw Missing("attention.head_count");
        int headSize = Int32("attention.key_length") ?? (heads > 0 ? hidden / heads : 0);
        if ((Int32("attention.value_length") ?? headSize) != headSize)
        {
            throw Unsupported($"'{Key("attention.value_length")}' differs from the length of keys, {headSize}");
        }

        if (Int32("expert_count") is int experts and > 0)
        {
            throw Unsupported($"'{Key("expert_count")}' is {experts}: a mixture of experts; implemented are dense decoders");
        }

        int context = RequiredInt32("context_length");
        RotaryDescription rope = ReadRope(headSize, context, out int longest);
        return new DecoderDescription
        {
            // Architectures are called as families are; Mistral is stored as a LLaMA, GLM-4-9B as ChatGLM even where transformers says "glm".
            Family = _architecture,
            VocabularySize = RowsOf("token_embd.weight"),
            HiddenSize = hidden,
            IntermediateSize = PerLayer("feed_forward_length", layers) ?? throw Missing("feed_forward_length"),
            LayerCount = layers,
            HeadCount = heads,
            KeyValueHeadCount = PerLayer("attention.head_count_kv", layers) ?? heads,
            HeadSize = headSize,
            MaxPositions = longest,
            NormEpsilon = Double("attention.layer_norm_rms_epsilon") ?? Double("attention.layer_norm_epsilon") ?? throw Missing("attention.layer_norm_rms_epsilon"),
            Rope = rope,
            QueryKeyNorm = _file.Contains("blk.0.attn_q_norm.weight"),
            QueryKeyValueBias = _file.Contains("blk.0.attn_q.bias") || _file.Contains("blk.0.attn_qkv.bias"),
            AttentionOutputBias = _file.Contains("blk.0.attn_output.bias"),
            MlpBias = _file.Contains("blk.0.ffn_down.bias"),
            Layout = _file.Contains("blk.0.post_attention_norm.weight") && _file.Contains("blk.0.ffn_norm.weight") ? BlockLayout.Sandwich : BlockLayout.Sequential,
            TiedEmbeddings = !_file.Contains("output.weight"),
        };
    }

    // GLM and ChatGLM rotate neighbours, which ggml stores as they are.
    private DecoderDescription Interleave(DecoderDescription description) => _architecture is "glm4" or "chatglm"
        ? description with { Rope = description.Rope with { Interleaved = true } }
        : description;

    private static DecoderDescription WithLayerNorm(DecoderDescription description) => description with { Norm = NormKind.LayerNorm, GatedMlp = false };

    // The layout follows from the tensors: 40B has a second norm. Falcon RW has no converter.
    private DecoderDescription ReadFalcon(DecoderDescription description) => WithLayerNorm(description) with
    {
        Layout = _file.Contains("blk.0.attn_norm_2.weight") ? BlockLayout.ParallelTwoNorms : BlockLayout.ParallelOneNorm,
        Activation = Activation.Gelu,
    };

    // The converter adds the one to the gains. Scales that have no key follow from the number of layers, as in ggml's code.
    private DecoderDescription ReadGemma(DecoderDescription description)
    {
        description = description with { EmbeddingScale = (float)Math.Sqrt(description.HiddenSize), Activation = Activation.GeluTanh };
        if (_architecture == "gemma")
        {
            return description;
        }

        bool two = _architecture == "gemma2", largest = description.LayerCount == (two ? 46 : 62);
        int pattern = Int32("attention.sliding_window_pattern") ?? (two ? 2 : 6);
        int? window = Int32("attention.sliding_window") ?? (two ? 4096 : null);
        if (pattern < 1 || window is null)
        {
            (pattern, window) = (1, null);
        }

        int[] windowed = [.. Enumerable.Range(0, description.LayerCount).Where(i => (i + 1) % pattern != 0)];
        double scalar = largest && description.HeadCount > 0 ? description.HiddenSize / description.HeadCount : description.HeadSize;
        return description.WithWindow(window, windowed) with
        {
            AttentionScale = 1 / Math.Sqrt(scalar),
            AttentionSoftCap = Double("attn_logit_softcapping") ?? (two ? 50 : null),
            LogitSoftCap = Double("final_logit_softcapping") ?? (two ? 30 : null),
            LocalRope = two || windowed.Length == 0 ? null : new RotaryDescription { Theta = Double("rope.freq_base_swa") ?? 10_000 },
        };
    }

    private RotaryDescription ReadRope(int headSize, int context, out int longest)
    {
        longest = context;
        int dimensions = Int32("rope.dimension_count") ?? headSize;
        if (_architecture == "llama" && dimensions != headSize)
        {
            throw Unsupported($"'{Key("rope.dimension_count")}' is {dimensions}; implemented for LLaMA is the whole head, {headSize}");
        }

        string kind = Text("rope.scaling.type") ?? (_metadata.FindSingle(Key("rope.scaling.factor")) is float f && f != 1 ? "linear" : "none");
        double factor = Double("rope.scaling.factor") ?? 1, oldFactor = Double("rope.scale_linear") ?? 1;
        double? attention = Double("rope.scaling.attn_factor");
        int original = Int32("rope.scaling.original_context_length") ?? context;
        RotaryScaling? scaling = null;
        switch (kind)
        {
            case "none" when factor != 1:
                throw Unsupported($"'{Key("rope.scaling.type")}' is 'none' and '{Key("rope.scaling.factor")}' is {factor}: they contradict each other");
            case "none":
                scaling = oldFactor != 1 ? new RotaryScaling { Kind = RotaryScalingKind.Linear, Factor = oldFactor } : null;
                break;
            case "linear":
                scaling = factor != 1 ? new RotaryScaling { Kind = RotaryScalingKind.Linear, Factor = factor } : null;
                break;
            case "yarn":
                longest = (int)Math.Clamp(original * factor, Math.Min(context, 1 << 24), 1 << 24);
                scaling = new RotaryScaling
                {
                    Kind = RotaryScalingKind.Yarn,
                    Factor = factor,
                    OriginalMaxPositions = original,
                    BetaFast = Double("rope.scaling.yarn_beta_fast") ?? 32,
                    BetaSlow = Double("rope.scaling.yarn_beta_slow") ?? 1,
                    AttentionFactor = attention is double a && a != 1 ? a * ((0.1 * Math.Log(factor)) + 1) : null,
                };
                break;
            case "longrope":
                scaling = new RotaryScaling
                {
                    Kind = RotaryScalingKind.LongRope,
                    Factor = Math.Max(1, (double)context / Math.Max(1, original)),
                    OriginalMaxPositions = original,
                    AttentionFactor = attention,
                    ShortFactors = Factors("rope_factors_short.weight"),
                    LongFactors = Factors("rope_factors_long.weight"),
                };
                break;
            default:
                throw Unsupported($"'{Key("rope.scaling.type")}' is '{kind}'; implemented are 'none', 'linear', 'yarn' and 'longrope'");
        }

        if (_file.Contains("rope_freqs.weight"))
        {
            scaling = WithDivisors(scaling, context);
        }

        return new RotaryDescription
        {
            Theta = Double("rope.freq_base") ?? 10_000,
            Dimensions = dimensions == headSize ? null : dimensions,
            Scaling = scaling,
        };
    }

    // Llama 3.1 and later: the converter stores the stretch of every frequency instead of the formula.
    private RotaryScaling WithDivisors(RotaryScaling? scaling, int context)
    {
        if (scaling is not null)
        {
            throw Unsupported($"'rope_freqs.weight' is present together with '{Key("rope.scaling.type")}'");
        }

        ValueList<double> divisors = Factors("rope_freqs.weight");
        return new RotaryScaling
        {
            Kind = RotaryScalingKind.LongRope,
            OriginalMaxPositions = context,
            AttentionFactor = 1,
            ShortFactors = divisors,
            LongFactors = divisors,
        };
    }

    private ValueList<double> Factors(string name)
    {
        const int MaxFactors = 1 << 13;
        if (!_file.Contains(name) || _file.GetInfo(name).ElementCount > MaxFactors)
        {
            throw new ModelFormatException(ModelFormatError.TensorsMismatch, _file.Path, name, $"the tensor of rotary factors is missing or has over {MaxFactors} elements");
        }

        return ValueList.Create<double>([.. _file.ReadSingles(name).Select(f => (double)f)]);
    }

    private int RowsOf(string name)
    {
        if (!_file.Contains(name) || _file.GetInfo(name).Shape.Length != 2)
        {
            throw new ModelFormatException(ModelFormatError.TensorsMismatch, _file.Path, name, "the tensor is missing or no matrix");
        }

        return _file.GetInfo(name).Shape[0];
    }

    private void RefuseOthers()
    {
        string prefix = _architecture + ".";
        List<string> faults = [];
        foreach (string key in _metadata.Keys)
        {
            string name = key.StartsWith(prefix, StringComparison.Ordinal) ? key[prefix.Length..] : "";
            if (name.Length > 0 && !_known.Contains(name) && !Harmless.Contains(name) && _metadata.TryGetValue(key, out object? value) && !SaysNothing(value))
            {
                faults.Add($"'{key}' is {value}, which may change the computation");
            }
        }

        if (faults.Count > 0)
        {
            throw ModelFormatException.FromFaults(
                ModelFormatError.ConfigUnsupported, _file.Path, $"architecture '{_architecture}' has metadata that are not implemented:", faults);
        }
    }

    private static bool SaysNothing(object value) => value switch
    {
        bool flag => !flag,
        string text => text.Length == 0,
        Array array => array.Length == 0,
        IConvertible number => number.ToDouble(System.Globalization.CultureInfo.InvariantCulture) == 0,
        _ => false,
    };

    private string Key(string name) => $"{_architecture}.{name}";

    private int RequiredInt32(string name) => Int32(name) ?? throw Missing(name);

    private int? Int32(string name)
    {
        _known.Add(name);
        return _metadata.FindInt32(Key(name));
    }

    private double? Double(string name)
    {
        _known.Add(name);
        return _metadata.FindSingle(Key(name));
    }

    private string? Text(string name)
    {
        _known.Add(name);
        return _metadata.FindString(Key(name));
    }

    /// <summary>A number for all layers, which may be stored once or per layer.</summary>
    private int? PerLayer(string name, int layers)
    {
        _known.Add(name);
        IReadOnlyList<int>? values = _metadata.FindInt32PerLayer(Key(name), layers);
        return values is null ? null
            : values.Distinct().Count() == 1 ? values[0]
            : throw Unsupported($"'{Key(name)}' differs between layers; implemented are layers of one shape");
    }

    private ModelFormatException Missing(string name) => new(ModelFormatError.ConfigInvalid, _file.Path, $"metadata '{Key(name)}' is missing");

    private ModelFormatException Unsupported(string reason) => new(ModelFormatError.ConfigUnsupported, _file.Path, reason);
}
