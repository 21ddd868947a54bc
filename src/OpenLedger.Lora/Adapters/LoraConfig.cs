using System.Globalization;
using System.Text.RegularExpressions;

namespace OpenLedger.Lora.Adapters;

/// <summary>How a LoRA adapter was built: PEFT's <c>adapter_config.json</c> as far as this package implements it.</summary>
/// <remarks>
/// Field meanings and defaults follow huggingface/peft, <c>tuners/lora/config.py</c>. Immutable and thread-safe, provided that the
/// lists given to it are not changed.
/// </remarks>
public sealed partial record LoraConfig
{
    /// <summary>Inner dimension of the update, <c>r</c>.</summary>
    /// <value>8</value>
    public int Rank { get; init; } = 8;

    /// <summary><c>lora_alpha</c>: the update is scaled by alpha / rank, or alpha / √rank with <see cref="UseRsLora"/>.</summary>
    /// <value>8</value>
    public double Alpha { get; init; } = 8;

    /// <summary>Probability of dropping an input of A while training; inference ignores it.</summary>
    /// <value>0</value>
    public double Dropout { get; init; }

    /// <summary>Which modules are changed.</summary>
    public required TargetModules TargetModules { get; init; }

    /// <summary>Names or dotted endings of modules never changed.</summary>
    /// <value>empty</value>
    public IReadOnlyList<string> ExcludeModules { get; init; } = [];

    /// <summary>Ranks of modules that differ from <see cref="Rank"/>: the first expression that matches a module path wins.</summary>
    /// <value>empty</value>
    public IReadOnlyList<KeyValuePair<string, int>> RankPattern { get; init; } = [];

    /// <summary>Alphas of modules that differ from <see cref="Alpha"/>: the first expression that matches a module path wins.</summary>
    /// <value>empty</value>
    public IReadOnlyList<KeyValuePair<string, double>> AlphaPattern { get; init; } = [];

    /// <summary>Whether to scale by alpha / √rank (rank-stabilised LoRA, arXiv 2312.03732).</summary>
    /// <value><see langword="false"/></value>
    public bool UseRsLora { get; init; }

    /// <summary>Zero-based layers that are changed; empty for all.</summary>
    /// <value>empty</value>
    public IReadOnlyList<int> LayersToTransform { get; init; } = [];

    /// <summary>Names before the layer index in module paths, such as <c>layers</c>; empty finds the first number.</summary>
    /// <value>empty</value>
    public IReadOnlyList<string> LayersPattern { get; init; } = [];

    /// <summary>Whether the base stores its weights as <c>[in, out]</c> (GPT-2's Conv1D). The adapter's own tensors do not change.</summary>
    /// <value><see langword="false"/></value>
    public bool FanInFanOut { get; init; }

    /// <summary>Name or path of the base model.</summary>
    /// <value><see langword="null"/></value>
    public string? BaseModelNameOrPath { get; init; }

    /// <summary>Revision of the base model.</summary>
    /// <value><see langword="null"/></value>
    public string? Revision { get; init; }

    /// <summary>What the adapted model is for.</summary>
    /// <value><see cref="LoraTaskType.CausalLM"/></value>
    public LoraTaskType TaskType { get; init; } = LoraTaskType.CausalLM;

    /// <summary>Whether the adapter is meant for inference only, as PEFT records when it saves.</summary>
    /// <value><see langword="true"/></value>
    public bool InferenceMode { get; init; } = true;

    /// <summary>Reads an <c>adapter_config.json</c>.</summary>
    /// <param name="path">Path of the file.</param>
    /// <returns>A configuration that passed <see cref="Validate"/>.</returns>
    /// <exception cref="ModelFormatException">
    /// <see cref="ModelFormatError.ConfigUnsupported"/> names every field that asks for something not implemented;
    /// <see cref="ModelFormatError.ConfigInvalid"/> lists every fault.
    /// </exception>
    public static LoraConfig Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return LoraConfigJson.Read(Models.JsonConfig.Load(path));
    }

    /// <summary>Writes an <c>adapter_config.json</c> that PEFT reads.</summary>
    /// <param name="path">Destination; replaced if present.</param>
    /// <exception cref="ArgumentException">The configuration is invalid.</exception>
    public void Write(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        Validate();
        LoraConfigJson.Write(this, path);
    }

    /// <summary>Checks all fields.</summary>
    /// <exception cref="ArgumentException">Lists every fault with its legal range.</exception>
    public void Validate()
    {
        List<string> faults = [.. FindFaults()];
        if (faults.Count > 0)
        {
            throw new ArgumentException($"The LoRA configuration is invalid:\n  - {string.Join("\n  - ", faults)}");
        }
    }

    /// <summary>Whether this configuration changes a linear module.</summary>
    /// <param name="modulePath">Path of a linear layer, for example <c>model.layers.0.self_attn.q_proj</c>.</param>
    /// <returns><see langword="true"/> if the module gets an update.</returns>
    /// <exception cref="ArgumentException">A regular expression is invalid or too slow.</exception>
    public bool Targets(string modulePath)
    {
        ArgumentNullException.ThrowIfNull(modulePath);
        if (Adapters.TargetModules.MatchesName(ExcludeModules, modulePath) || !TargetModules.Matches(modulePath))
        {
            return false;
        }

        return LayersToTransform.Count == 0 || (LayerOf(modulePath) is int layer && LayersToTransform.Contains(layer));
    }

    /// <summary>Rank of one module.</summary>
    /// <param name="modulePath">Path of the module without PEFT's prefix.</param>
    /// <returns>The first matching entry of <see cref="RankPattern"/>, else <see cref="Rank"/>.</returns>
    /// <exception cref="ArgumentException">A regular expression is invalid or too slow.</exception>
    public int RankOf(string modulePath) => FirstMatch(RankPattern, modulePath, Rank);

    /// <summary>Factor of one module's update.</summary>
    /// <param name="modulePath">Path of the module without PEFT's prefix.</param>
    /// <returns>alpha / rank, or alpha / √rank, with the module's own alpha and rank.</returns>
    /// <exception cref="ArgumentException">A regular expression is invalid or too slow.</exception>
    public double ScalingOf(string modulePath)
    {
        double alpha = FirstMatch(AlphaPattern, modulePath, Alpha);
        int rank = RankOf(modulePath);
        return UseRsLora ? alpha / Math.Sqrt(rank) : alpha / rank;
    }

    internal IEnumerable<string> FindFaults()
    {
        if (Rank is < 1 or > MaxRank)
        {
            yield return $"Rank (r) is {Rank}; legal is 1 to {MaxRank}";
        }

        if (!double.IsFinite(Alpha))
        {
            yield return $"Alpha (lora_alpha) is {Alpha}; legal is a finite number";
        }

        if (!(Dropout is >= 0 and < 1))
        {
            yield return $"Dropout (lora_dropout) is {Dropout}; legal is 0 up to but not including 1";
        }

        if (TargetModules.Expression is not null && (LayersToTransform.Count > 0 || LayersPattern.Count > 0))
        {
            yield return "layers_to_transform and layers_pattern cannot be combined with a regular expression in target_modules";
        }

        if (LayersPattern.Count > 0 && LayersToTransform.Count == 0)
        {
            yield return "layers_pattern has no meaning without layers_to_transform";
        }

        foreach (int layer in LayersToTransform.Where(l => l < 0))
        {
            yield return $"layers_to_transform holds {layer}; legal is 0 and up";
        }

        foreach ((string expression, int rank) in RankPattern)
        {
            if (rank is < 1 or > MaxRank)
            {
                yield return $"rank_pattern gives '{expression}' rank {rank}; legal is 1 to {MaxRank}";
            }
        }

        foreach ((string expression, double alpha) in AlphaPattern)
        {
            if (!double.IsFinite(alpha))
            {
                yield return $"alpha_pattern gives '{expression}' alpha {alpha}; legal is a finite number";
            }
        }

        foreach (string expression in RankPattern.Select(p => p.Key).Concat(AlphaPattern.Select(p => p.Key)))
        {
            if (!IsValidExpression(expression))
            {
                yield return $"'{expression}' is not a regular expression";
            }
        }
    }

    private const int MaxRank = 1 << 16;

    private static bool IsValidExpression(string expression)
    {
        try
        {
            _ = new ModulePattern(expression, prefixed: true);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static T FirstMatch<T>(IReadOnlyList<KeyValuePair<string, T>> pattern, string modulePath, T otherwise)
    {
        ArgumentNullException.ThrowIfNull(modulePath);
        foreach ((string expression, T value) in pattern)
        {
            if (new ModulePattern(expression, prefixed: true).IsMatch(modulePath))
            {
                return value;
            }
        }

        return otherwise;
    }

    private int? LayerOf(string modulePath)
    {
        if (LayersPattern.Count == 0)
        {
            Match match = FirstLayerNumber().Match(modulePath);
            return match.Success ? ParseLayer(match.Groups[1].Value) : null;
        }

        foreach (string name in LayersPattern)
        {
            // PEFT's expression is .*?\.{name}\.(\d+)\. : the name stands between dots and a number with a dot follows.
            string marker = $".{name}.";
            for (int at = modulePath.IndexOf(marker, StringComparison.Ordinal); at >= 0; at = modulePath.IndexOf(marker, at + 1, StringComparison.Ordinal))
            {
                int begin = at + marker.Length;
                int end = modulePath.IndexOf('.', begin);
                if (end > begin && ParseLayer(modulePath[begin..end]) is int layer)
                {
                    return layer;
                }
            }
        }

        return null;
    }

    private static int? ParseLayer(string digits) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int layer) ? layer : null;

    [GeneratedRegex(@"\A.*?\.[^.]*\.(\d+)\.", RegexOptions.CultureInvariant)]
    private static partial Regex FirstLayerNumber();
}
