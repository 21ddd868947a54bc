namespace OpenLedger.Datanets.Validation;

/// <summary>How one rule went over a batch. Immutable; safe for concurrent use.</summary>
public sealed class RuleStatistics
{
    internal RuleStatistics(string rule, double mostly, long evaluated, long successful, IReadOnlyDictionary<string, long> recordsByCode)
    {
        Rule = rule;
        Mostly = mostly;
        Evaluated = evaluated;
        Successful = successful;
        RecordsByCode = recordsByCode;
    }

    /// <summary>The rule's name.</summary>
    public string Rule { get; }

    /// <summary>The fraction that must be successful.</summary>
    public double Mostly { get; }

    /// <summary>Records that were examined.</summary>
    public long Evaluated { get; }

    /// <summary>Records without a warning or an error of the rule.</summary>
    public long Successful { get; }

    /// <summary><see cref="Successful"/> in hundredths of <see cref="Evaluated"/>, 0 to 100; 100 when nothing was examined.</summary>
    public double SuccessPercent => Evaluated == 0 ? 100 : 100.0 * Successful / Evaluated;

    /// <summary>Whether at least <see cref="Mostly"/> of the records were successful.</summary>
    /// <remarks>Counted in whole records: of n, <c>ceil(mostly * n)</c> must be; 1e-9 of slack takes up what a binary fraction adds.</remarks>
    public bool IsMet => Successful >= Math.Ceiling((Mostly * Evaluated) - 1e-9);

    /// <summary>For each code that was found, in how many records, at any severity.</summary>
    public IReadOnlyDictionary<string, long> RecordsByCode { get; }
}
