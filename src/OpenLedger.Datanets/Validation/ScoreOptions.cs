using System.Text.Json.Nodes;

namespace OpenLedger.Datanets.Validation;

/// <summary>How findings become a score and a verdict.</summary>
/// <remarks>
/// <c>score = (1 - ErrorPenalty)^e * (1 - WarningPenalty)^w</c>, where e is the number of distinct codes whose worst finding is an
/// error and w the number whose worst is a warning. One more finding, or a worse one, never raises the score, and a lower score never
/// gets a milder verdict.
/// </remarks>
public sealed record ScoreOptions
{
    /// <summary>The part of the score that an error takes.</summary>
    /// <value>0.5; 0 to 1, at least <see cref="WarningPenalty"/>.</value>
    public double ErrorPenalty { get; init; } = 0.5;

    /// <summary>The part of the score that a warning takes.</summary>
    /// <value>0.1; 0 to 1.</value>
    public double WarningPenalty { get; init; } = 0.1;

    /// <summary>The least score of a record that is accepted.</summary>
    /// <value>0.9, so that one warning passes and two are reviewed; above <see cref="RejectTo"/>, at most 1.</value>
    public double AcceptFrom { get; init; } = 0.9;

    /// <summary>The greatest score of a record that is rejected.</summary>
    /// <value>0.5, so that one error rejects; 0 to below <see cref="AcceptFrom"/>.</value>
    public double RejectTo { get; init; } = 0.5;

    /// <summary>Throws when a value is illegal, naming every fault.</summary>
    /// <exception cref="ArgumentException">A value is outside its range.</exception>
    public void Validate()
    {
        OptionFaults faults = new();
        faults.Fraction(nameof(ErrorPenalty), ErrorPenalty);
        faults.Fraction(nameof(WarningPenalty), WarningPenalty);
        faults.Fraction(nameof(AcceptFrom), AcceptFrom);
        faults.Fraction(nameof(RejectTo), RejectTo);
        faults.Order(nameof(WarningPenalty), WarningPenalty, nameof(ErrorPenalty), ErrorPenalty);
        if (RejectTo >= AcceptFrom)
        {
            faults.Add(FormattableString.Invariant($"RejectTo is {RejectTo} and AcceptFrom {AcceptFrom}; the first must be less."));
        }

        faults.Throw();
    }

    /// <summary>The score of a record with these findings: 0, bad, to 1, nothing wrong; rounded to six decimal places.</summary>
    /// <param name="findings">In any order.</param>
    public double Score(IEnumerable<RuleFinding> findings)
    {
        ArgumentNullException.ThrowIfNull(findings);
        Dictionary<string, RuleSeverity> worst = new(StringComparer.Ordinal);
        foreach (RuleFinding finding in findings)
        {
            if (!worst.TryGetValue(finding.Code, out RuleSeverity severity) || severity < finding.Severity)
            {
                worst[finding.Code] = finding.Severity;
            }
        }

        double score = 1;
        for (int i = worst.Values.Count(severity => severity == RuleSeverity.Error); i > 0; i--)
        {
            score *= 1 - ErrorPenalty;
        }

        for (int i = worst.Values.Count(severity => severity == RuleSeverity.Warning); i > 0; i--)
        {
            score *= 1 - WarningPenalty;
        }

        return Math.Round(score, 6, MidpointRounding.AwayFromZero);
    }

    /// <summary>The verdict over a score.</summary>
    /// <param name="score">0 to 1.</param>
    public RecordVerdict Verdict(double score) =>
        score <= RejectTo ? RecordVerdict.Reject : score >= AcceptFrom ? RecordVerdict.Accept : RecordVerdict.Review;

    internal JsonObject Describe() => new()
    {
        ["acceptFrom"] = AcceptFrom,
        ["errorPenalty"] = ErrorPenalty,
        ["rejectTo"] = RejectTo,
        ["warningPenalty"] = WarningPenalty,
    };
}
