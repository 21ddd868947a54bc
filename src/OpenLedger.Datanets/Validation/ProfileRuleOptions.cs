namespace OpenLedger.Datanets.Validation;

/// <summary>How a profile uses a rule.</summary>
public sealed record ProfileRuleOptions
{
    /// <summary>The fraction of a batch that must be without a warning or an error of the rule, as in Great Expectations.</summary>
    /// <value>1, every record; 0 to 1.</value>
    public double Mostly { get; init; } = 1;

    /// <summary>The severity of all findings of the rule, or <see langword="null"/> to leave it to the rule.</summary>
    /// <value><see langword="null"/>.</value>
    public RuleSeverity? Severity { get; init; }

    /// <summary>Severities of single codes; they go before <see cref="Severity"/>.</summary>
    /// <value>Empty.</value>
    public IReadOnlyDictionary<string, RuleSeverity> SeverityByCode { get; init; } = new Dictionary<string, RuleSeverity>();

    /// <summary>Throws when a value is illegal, naming every fault.</summary>
    /// <exception cref="ArgumentException">A value is outside its range.</exception>
    public void Validate()
    {
        OptionFaults faults = new();
        faults.Fraction(nameof(Mostly), Mostly);
        if (Severity is RuleSeverity severity && !Enum.IsDefined(severity))
        {
            faults.Add($"{nameof(Severity)} is {severity}; it must be Info, Warning or Error.");
        }

        faults.Present(nameof(SeverityByCode), SeverityByCode);
        foreach ((string code, RuleSeverity one) in SeverityByCode ?? new Dictionary<string, RuleSeverity>())
        {
            if (!Enum.IsDefined(one))
            {
                faults.Add($"{nameof(SeverityByCode)}['{code}'] is {one}; it must be Info, Warning or Error.");
            }
        }

        faults.Throw();
    }
}
