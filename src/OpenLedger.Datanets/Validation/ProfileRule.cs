using System.Collections.Frozen;
using System.Text.Json.Nodes;

namespace OpenLedger.Datanets.Validation;

/// <summary>A rule as a profile configures it. Immutable; safe for concurrent use.</summary>
public sealed class ProfileRule
{
    private readonly FrozenDictionary<string, RuleSeverity> _severities;

    internal ProfileRule(IRecordRule rule, ProfileRuleOptions options)
    {
        Rule = rule;
        Description = rule.Describe();
        Name = Description["rule"]?.GetValueKind() == System.Text.Json.JsonValueKind.String ? Description["rule"]!.GetValue<string>() : "";
        Mostly = options.Mostly;
        Severity = options.Severity;
        _severities = options.SeverityByCode.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>The rule.</summary>
    public IRecordRule Rule { get; }

    /// <summary>The rule's name.</summary>
    public string Name { get; }

    /// <summary>The fraction of a batch, 0 to 1, that must be without a warning or an error of this rule.</summary>
    public double Mostly { get; }

    /// <summary>The severity of all the rule's findings, or <see langword="null"/> to leave it to the rule.</summary>
    public RuleSeverity? Severity { get; }

    internal JsonObject Description { get; }

    internal RuleSeverity SeverityOf(string code, RuleSeverity suggested) =>
        _severities.TryGetValue(code, out RuleSeverity severity) ? severity : Severity ?? suggested;

    internal JsonObject Describe()
    {
        JsonObject severities = [];
        foreach ((string code, RuleSeverity severity) in _severities)
        {
            severities[code] = SeverityName.Of(severity);
        }

        return new JsonObject
        {
            ["mostly"] = Mostly,
            ["rule"] = Description.DeepClone(),
            ["severities"] = severities,
            ["severity"] = Severity is RuleSeverity all ? SeverityName.Of(all) : null,
        };
    }
}
