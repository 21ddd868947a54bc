using System.Collections.ObjectModel;
using OpenLedger.Lora.Safetensors;

namespace OpenLedger.Lora.Adapters;

/// <summary>A LoRA adapter: a configuration and one low-rank update per changed module, in PEFT's folder layout on disk.</summary>
/// <remarks>Immutable and thread-safe. Any number of sessions and models may share one adapter.</remarks>
public sealed class LoraAdapter
{
    /// <summary>Name of the configuration file.</summary>
    public const string ConfigFile = "adapter_config.json";

    /// <summary>Name of the weight file.</summary>
    public const string WeightsFile = "adapter_model.safetensors";

    private const string Prefix = "base_model.model.";

    /// <summary>Creates an adapter, for example from trained weights.</summary>
    /// <param name="config">How it was built.</param>
    /// <param name="modules">The updates; every path occurs once and is targeted by <paramref name="config"/>.</param>
    /// <exception cref="ArgumentException">The configuration is invalid, or lists every module that contradicts it.</exception>
    public LoraAdapter(LoraConfig config, IEnumerable<LoraModule> modules)
        : this(config, modules, new Dictionary<string, float[]>(0))
    {
        List<string> faults = [.. FindFaults()];
        if (faults.Count > 0)
        {
            throw new ArgumentException($"The modules contradict the configuration:\n  - {string.Join("\n  - ", faults)}", nameof(modules));
        }
    }

    private LoraAdapter(LoraConfig config, IEnumerable<LoraModule> modules, IReadOnlyDictionary<string, float[]> otherTensors)
    {
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(modules);
        config.Validate();
        SortedDictionary<string, LoraModule> sorted = new(StringComparer.Ordinal);
        foreach (LoraModule module in modules)
        {
            if (!sorted.TryAdd(module.ModulePath, module))
            {
                throw new ArgumentException($"Module '{module.ModulePath}' occurs twice.", nameof(modules));
            }
        }

        if (sorted.Count == 0)
        {
            throw new ArgumentException("An adapter needs at least one module.", nameof(modules));
        }

        Config = config;
        Modules = new ReadOnlyDictionary<string, LoraModule>(sorted);
        TaskHead = otherTensors;
    }

    /// <summary>How the adapter was built.</summary>
    public LoraConfig Config { get; }

    /// <summary>Updates by module path, in ordinal order of the paths.</summary>
    public IReadOnlyDictionary<string, LoraModule> Modules { get; }

    /// <summary>
    /// Whole tensors of a classifier head that PEFT saves beside the updates of <c>SEQ_CLS</c> and <c>TOKEN_CLS</c> adapters, by plain
    /// name (<c>score.weight</c>), row-major. Empty for language models.
    /// </summary>
    public IReadOnlyDictionary<string, float[]> TaskHead { get; }

    /// <summary>Loads an adapter from a PEFT folder.</summary>
    /// <param name="folder">The folder with <see cref="ConfigFile"/> and <see cref="WeightsFile"/>.</param>
    /// <returns>The adapter; no file stays open.</returns>
    /// <exception cref="ModelFormatException">
    /// A file is absent, broken or unsupported; the weights are a pickle; or tensors contradict the configuration (lists every fault).
    /// </exception>
    /// <remarks>
    /// Accepts the prefixes <c>base_model.model.</c>, <c>base_model.</c> and none, and the adapter name <c>default</c> inside keys.
    /// Weights in F16, BF16 and F64 are converted to singles.
    /// </remarks>
    public static LoraAdapter Load(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        LoraConfig config = LoraConfig.Read(Path.Combine(folder, ConfigFile));
        string weights = Path.Combine(folder, WeightsFile);
        if (!File.Exists(weights))
        {
            throw File.Exists(Path.Combine(folder, "adapter_model.bin"))
                ? new ModelFormatException(
                    ModelFormatError.PickleRefused,
                    folder,
                    "holds only 'adapter_model.bin', a Python pickle, which can run code when loaded; save it again with PEFT and safe_serialization=True")
                : new ModelFormatException(ModelFormatError.FileMissing, weights, "the file does not exist");
        }

        return LoraAdapterReader.Read(config, weights, (modules, head) => new LoraAdapter(config, modules, head), adapter => adapter.FindFaults());
    }

    /// <summary>Saves the adapter as a PEFT folder.</summary>
    /// <param name="folder">Created if absent; files of the same names are replaced.</param>
    /// <param name="dataType">Element type on disk: <see cref="SafetensorsDataType.F32"/> or <see cref="SafetensorsDataType.BF16"/>.</param>
    /// <exception cref="InvalidOperationException">The adapter has a <see cref="TaskHead"/>, whose shapes this writer does not keep.</exception>
    /// <exception cref="ArgumentException"><paramref name="dataType"/> is another type.</exception>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public void Save(string folder, SafetensorsDataType dataType = SafetensorsDataType.F32)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        if (TaskHead.Count > 0)
        {
            throw new InvalidOperationException("Adapters with a classifier head can be read, not written.");
        }

        Directory.CreateDirectory(folder);
        List<SafetensorsTensor> tensors = [];
        foreach (LoraModule module in Modules.Values)
        {
            tensors.Add(new SafetensorsTensor
            {
                Name = $"{Prefix}{module.ModulePath}.lora_A.weight",
                Shape = [module.Rank, module.InFeatures],
                Values = module.LoraA,
                DataType = dataType,
            });
            tensors.Add(new SafetensorsTensor
            {
                Name = $"{Prefix}{module.ModulePath}.lora_B.weight",
                Shape = [module.OutFeatures, module.Rank],
                Values = module.LoraB,
                DataType = dataType,
            });
        }

        SafetensorsWriter.Write(Path.Combine(folder, WeightsFile), tensors, new Dictionary<string, string> { ["format"] = "pt" });
        Config.Write(Path.Combine(folder, ConfigFile));
    }

    private IEnumerable<string> FindFaults()
    {
        foreach (LoraModule module in Modules.Values)
        {
            if (!Config.Targets(module.ModulePath))
            {
                yield return $"'{module.ModulePath}' has weights and is no target of the configuration";
            }

            int rank = Config.RankOf(module.ModulePath);
            if (rank != module.Rank)
            {
                yield return $"'{module.ModulePath}' has rank {module.Rank}; the configuration says {rank}";
            }

            // The scaling of a module is derived, so a disagreement means that somebody computed it from another configuration.
            double scaling = Config.ScalingOf(module.ModulePath);
            if (Math.Abs(scaling - module.Scaling) > 1e-9 * Math.Max(1, Math.Abs(scaling)))
            {
                yield return $"'{module.ModulePath}' has scaling {module.Scaling}; the configuration says {scaling}";
            }
        }
    }
}
