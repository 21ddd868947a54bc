namespace OpenLedger.Lora.Adapters;

/// <summary>Which modules an adapter changes: names, one regular expression, or all linear layers. Immutable.</summary>
/// <remarks>Matching follows PEFT's <c>check_target_module_exists</c> (huggingface/peft, <c>tuners/tuners_utils.py</c>).</remarks>
public sealed class TargetModules
{
    private readonly string[] _names;
    private readonly ModulePattern? _pattern;

    private TargetModules(string[] names, string? expression, bool allLinear)
    {
        _names = names;
        Expression = expression;
        IsAllLinear = allLinear;
        _pattern = expression is null ? null : new ModulePattern(expression, prefixed: false);
    }

    /// <summary>Every linear layer except the output head: PEFT's <c>"all-linear"</c>.</summary>
    public static TargetModules AllLinear { get; } = new([], null, allLinear: true);

    /// <summary>Names or dotted endings of modules; empty for the other two kinds.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>A regular expression that must match the whole module path, or <see langword="null"/>.</summary>
    public string? Expression { get; }

    /// <summary>Whether every linear layer except the output head is meant.</summary>
    public bool IsAllLinear { get; }

    /// <summary>Modules whose path equals a name or ends with a dot and the name.</summary>
    /// <param name="names">For example <c>q_proj</c>; at least one.</param>
    /// <returns>The selection.</returns>
    /// <exception cref="ArgumentException">There are no names, or one is empty.</exception>
    public static TargetModules Named(params IEnumerable<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        string[] copy = [.. names];
        return copy.Length > 0 && !copy.Any(string.IsNullOrEmpty)
            ? new TargetModules(copy, null, allLinear: false)
            : throw new ArgumentException("Name at least one module, such as 'q_proj', and no empty name.", nameof(names));
    }

    /// <summary>Modules whose whole path a regular expression matches.</summary>
    /// <param name="expression">The expression, in the subset that Python and .NET share.</param>
    /// <returns>The selection.</returns>
    /// <exception cref="ArgumentException">The expression is invalid.</exception>
    public static TargetModules Matching(string expression)
    {
        ArgumentException.ThrowIfNullOrEmpty(expression);
        return new TargetModules([], expression, allLinear: false);
    }

    /// <summary>Whether a linear module is selected.</summary>
    /// <param name="modulePath">Path of a linear layer, for example <c>model.layers.0.self_attn.q_proj</c>.</param>
    /// <returns><see langword="true"/> if it is.</returns>
    /// <exception cref="ArgumentException">The expression needs more than a second on this path.</exception>
    public bool Matches(string modulePath)
    {
        ArgumentNullException.ThrowIfNull(modulePath);
        if (IsAllLinear)
        {
            return modulePath != "lm_head" && !modulePath.EndsWith(".lm_head", StringComparison.Ordinal);
        }

        return _pattern?.IsMatch(modulePath) ?? MatchesName(_names, modulePath);
    }

    internal static bool MatchesName(IEnumerable<string> names, string modulePath) =>
        names.Any(n => modulePath == n || (modulePath.EndsWith(n, StringComparison.Ordinal) && modulePath[^(n.Length + 1)] == '.'));
}
