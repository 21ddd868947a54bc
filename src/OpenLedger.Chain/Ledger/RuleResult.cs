namespace OpenLedger.Chain.Ledger;

/// <summary>The outcome of one rule; <paramref name="Fault"/> is null where it holds.</summary>
internal readonly record struct RuleResult(string Rule, string? Fault);
