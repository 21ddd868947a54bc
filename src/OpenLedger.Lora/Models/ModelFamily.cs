using OpenLedger.Lora.Safetensors;

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
    public static IReadOnlyList<ModelFamily> All { get; } = [new LlamaFamily()];

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
    public abstract IReadOnlyList<TensorSource> Locate(DecoderDescription description);

    /// <summary>The tensors that a checkpoint must hold: the distinct names of <see cref="Locate"/> with their shapes, in that order.</summary>
    /// <param name="description">A valid description of any family.</param>
    /// <returns>Names and shapes; the head is absent when embeddings are tied.</returns>
    public static IReadOnlyList<TensorSpecification> ExpectedTensors(DecoderDescription description)
    {
        ArgumentNullException.ThrowIfNull(description);
        description.Validate();
        return [.. Of(description).Locate(description).DistinctBy(s => s.Name).Select(s => new TensorSpecification { Name = s.Name, Shape = s.Shape })];
    }

    /// <summary>Whether this family reads a configuration.</summary>
    internal abstract bool Reads(string modelType);

    internal abstract DecoderDescription Read(JsonConfig config);

    /// <summary>Whether a tensor that no source names may be ignored because it cannot change the model, such as a stored mask.</summary>
    internal virtual bool IsInert(string tensorName, DecoderDescription description) => false;

    internal static DecoderDescription ReadDescription(JsonConfig config)
    {
        string? modelType = config.OptionalString("model_type");
        ModelFamily? family = modelType is null ? null : All.FirstOrDefault(f => f.Reads(modelType));
        return family is not null
            ? family.Read(config)
            : throw new ModelFormatException(
                ModelFormatError.ConfigUnsupported,
                config.Path,
                $"'model_type' is {(modelType is null ? "missing" : $"'{modelType}'")}; implemented are {string.Join(", ", All.Select(f => $"'{f.Name}'"))}");
    }
}
