using System.Text.Json;

namespace OpenLedger.Lora.Models;

/// <summary>
/// One family of checkpoints: how its <c>config.json</c> becomes a <see cref="DecoderDescription"/> and where its tensors lie. It computes
/// nothing: every family runs on the same decoder.
/// </summary>
/// <remarks>Instances are immutable and thread-safe.</remarks>
public abstract class ModelFamily
{
    private protected ModelFamily()
    {
    }

    /// <summary>Every family this package runs.</summary>
    public static IReadOnlyList<ModelFamily> All { get; } =
    [
        new LlamaFamily(), new MistralFamily(), new QwenFamily(), new Qwen2Family(), new Qwen3Family(), new ChatGlm1Family(), new ChatGlmFamily(),
        new GlmFamily(), new Glm4Family(), new GemmaFamily(), new Gemma2Family(), new Gemma3Family(), new FalconFamily(), new BloomFamily(), new Gpt2Family(),
    ];

    /// <summary>The name that <see cref="DecoderDescription.Family"/> carries.</summary>
    public abstract string Name { get; }

    /// <summary>The family of a description.</summary>
    /// <param name="description">A description.</param>
    /// <returns>The family whose <see cref="Name"/> the description carries.</returns>
    /// <exception cref="ArgumentException">No family has that name.</exception>
    public static ModelFamily Of(DecoderDescription description)
    {
        ArgumentNullException.ThrowIfNull(description);
        return All.FirstOrDefault(family => family.Name == description.Family)
            ?? throw new ArgumentException(
                $"There is no model family '{description.Family}'; legal are {string.Join(", ", All.Select(f => $"'{f.Name}'"))}.", nameof(description));
    }

    /// <summary>Reads <c>config.json</c> of any family.</summary>
    /// <param name="configPath">Path of the file.</param>
    /// <returns>A description that passed <see cref="DecoderDescription.Validate"/>.</returns>
    /// <exception cref="ModelFormatException">
    /// <see cref="ModelFormatError.ConfigUnsupported"/> lists every feature that is asked for and not implemented;
    /// <see cref="ModelFormatError.ConfigInvalid"/> lists every missing or impossible field.
    /// </exception>
    public static DecoderDescription ReadDescription(string configPath)
    {
        ArgumentException.ThrowIfNullOrEmpty(configPath);
        return ReadDescription(JsonConfig.Load(configPath));
    }

    /// <summary>Where every weight of a description lies in a checkpoint of its family.</summary>
    /// <param name="description">A valid description of this family.</param>
    /// <returns>One source per weight that <see cref="DecoderDescription.Tensors"/> lists.</returns>
    public IReadOnlyList<TensorSource> Locate(DecoderDescription description)
    {
        ArgumentNullException.ThrowIfNull(description);
        FusedRows rows = RowsOf(description);
        return
        [
            .. description.Tensors().Select(t => Place(
                new TensorSource { Tensor = t.Tensor, Layer = t.Layer, Name = NameOf(description, t.Tensor, t.Layer), Shape = t.Shape }, rows)),
        ];
    }

    /// <summary>The tensors that a checkpoint must hold: the distinct names of <see cref="Locate"/> with their shapes, in that order.</summary>
    /// <param name="description">A valid description of any family.</param>
    /// <returns>Names and shapes; the head is absent when embeddings are tied.</returns>
    public static IReadOnlyList<TensorSpecification> ExpectedTensors(DecoderDescription description)
    {
        ArgumentNullException.ThrowIfNull(description);
        description.Validate();
        return [.. Of(description).Locate(description).DistinctBy(s => s.Name).Select(s => new TensorSpecification { Name = s.Name, Shape = s.Shape })];
    }

    /// <summary>The first part of every name but the head's, with its dot: checkpoints of the inner model lack it.</summary>
    internal virtual string InnerPrefix => "model.";

    /// <summary>Whether this family reads a configuration.</summary>
    internal abstract bool Reads(string modelType, JsonConfig config);

    /// <summary>Whether a tensor that no source names may be ignored because it cannot change the model, such as a stored mask.</summary>
    internal virtual bool IsInert(string tensorName, DecoderDescription description) =>

        // Old checkpoints store the rotary frequencies as buffers, and tied ones often a copy of the embedding as head.
        tensorName.EndsWith(".inv_freq", StringComparison.Ordinal)
        || (description.TiedEmbeddings && tensorName == NameOf(description, DecoderTensor.Head, -1));

    /// <summary>The description that a checkpoint shows, where its configuration leaves something open.</summary>
    /// <param name="description">What the configuration says.</param>
    /// <param name="holds">Whether the checkpoint holds a tensor of a name that <see cref="Locate"/> can give.</param>
    internal virtual DecoderDescription Complete(DecoderDescription description, Predicate<string> holds) => description;

    /// <summary>Reads a configuration that <see cref="Reads"/> accepts; refuses what it does not know.</summary>
    /// <exception cref="ModelFormatException">Something is missing, impossible or not implemented.</exception>
    internal DecoderDescription Read(JsonConfig config)
    {
        DecoderDescription description = Describe(config) with { Family = Name };
        if (config.TryGet("quantization_config", out JsonElement quantization))
        {
            string method = quantization.ValueKind == JsonValueKind.Object && quantization.TryGetProperty("quant_method", out JsonElement name)
                ? $" of method {JsonConfig.Show(name)}"
                : "";
            config.Unsupported.Add(
                $"'quantization_config'{method} is present; implemented are F32, F16, BF16 and F64 weights. Take the original checkpoint, or a GGUF file");
        }

        HarmlessFields.RefuseOthers(config);
        if (config.Unsupported.Count > 0)
        {
            throw ModelFormatException.FromFaults(
                ModelFormatError.ConfigUnsupported, config.Path, $"this model of family '{Name}' needs what is not implemented:", config.Unsupported);
        }

        List<string> faults = [.. config.Faults];
        if (faults.Count == 0)
        {
            faults.AddRange(description.FindFaults());
        }

        return faults.Count == 0
            ? description
            : throw ModelFormatException.FromFaults(ModelFormatError.ConfigInvalid, config.Path, "the configuration is invalid:", faults);
    }

    /// <summary>What the fields say. Faults and what is not implemented go to the lists of <paramref name="config"/>; nothing is thrown.</summary>
    private protected abstract DecoderDescription Describe(JsonConfig config);

    /// <summary>Name of a weight in checkpoints of this family.</summary>
    private protected abstract string NameOf(DecoderDescription description, DecoderTensor tensor, int layer);

    /// <summary>Rows of query, key and value in a fused tensor, the same in every layer.</summary>
    private protected virtual FusedRows RowsOf(DecoderDescription description) => FusedRows.None;

    /// <summary>Completes a source that has its own name and shape: fused tensors, transposed ones.</summary>
    private protected virtual TensorSource Place(TensorSource source, FusedRows rows) => source;

    internal static DecoderDescription ReadDescription(JsonConfig config)
    {
        string? modelType = config.OptionalString("model_type");
        config.Ignore("architectures", "torch_dtype", "dtype", "bos_token_id", "eos_token_id");
        ModelFamily? family = modelType is null ? null : All.FirstOrDefault(f => f.Reads(modelType, config));
        return family is not null ? family.Read(config) : throw NoFamily(modelType, config);
    }

    private static ModelFormatException NoFamily(string? modelType, JsonConfig config)
    {
        string reason = modelType is not null && KnownElsewhere(modelType) is string why
            ? $"'model_type' is '{modelType}': {why}. Implemented are dense decoders of the families "
            : $"'model_type' is {(modelType is null ? "missing" : $"'{modelType}'")}; implemented are ";
        return new ModelFormatException(
            ModelFormatError.ConfigUnsupported, config.Path, reason + string.Join(", ", All.Select(f => $"'{f.Name}'")));
    }

    /// <summary>What a well-known model type has that no family here can express.</summary>
    private static string? KnownElsewhere(string modelType) => modelType switch
    {
        "deepseek_v2" or "deepseek_v3" or "deepseek_v32" or "kimi_k2" => "a mixture of experts with multi-head latent attention",
        "deepseek" or "mixtral" or "qwen2_moe" or "qwen3_moe" or "qwen3_next" or "gpt_oss" or "glm4_moe" or "olmoe" or "phimoe" or "dbrx" or "llama4" or "grok-1" =>
            "a mixture of experts",
        "gemma3n" => "per-layer embeddings and alternating updates",
        "mamba" or "mamba2" or "falcon_mamba" or "falcon_h1" or "jamba" or "rwkv" => "a recurrent model",
        "t5" or "bart" or "mt5" => "an encoder and a decoder",
        "mistral3" or "qwen2_vl" or "qwen2_5_vl" or "qwen3_vl" or "mllama" or "llava" or "pixtral" => "a model of images and text",
        _ => null,
    };
}
