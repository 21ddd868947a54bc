using System.Globalization;

namespace OpenLedger.Datanets.Validation;

/// <summary>Takes the findings of the rules for one record and applies the severities of the profile. Not safe for concurrent use.</summary>
public sealed class FindingCollector
{
    /// <summary>Most findings of one code that a report lists; more are counted in <see cref="RecordReport.UnlistedFindings"/>.</summary>
    public const int MaxPerCode = 16;

    private const int MaxMessageLength = 240;

    private readonly List<RuleFinding> _findings = [];
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, RuleSeverity> _unlistedWorst = new(StringComparer.Ordinal);
    private ProfileRule? _rule;

    internal FindingCollector()
    {
    }

    internal IReadOnlyList<RuleFinding> Findings => _findings;

    internal long Unlisted { get; private set; }

    /// <summary>Adds a finding.</summary>
    /// <param name="code">One of the rule's <see cref="IRecordRule.Codes"/>.</param>
    /// <param name="path">Where, as a JSON path; see <see cref="RecordText.Path"/>.</param>
    /// <param name="message">One sentence, cut to 240 characters; it must not quote the record.</param>
    /// <param name="measured">What was measured, finite, or <see langword="null"/>.</param>
    /// <param name="threshold">The limit that was crossed, finite, or <see langword="null"/>.</param>
    /// <param name="severity">What the rule thinks of it; the profile may set another.</param>
    /// <param name="excerpt">The text at fault, or <see langword="null"/>; cut to 80 characters, invisible characters escaped.</param>
    /// <exception cref="ArgumentException">The code is not one of the rule's, a number is not finite, or the severity is undefined.</exception>
    public void Add(
        string code,
        string path,
        string message,
        double? measured = null,
        double? threshold = null,
        RuleSeverity severity = RuleSeverity.Error,
        string? excerpt = null)
    {
        ArgumentNullException.ThrowIfNull(code);
        ArgumentNullException.ThrowIfNull(path);
        ArgumentException.ThrowIfNullOrEmpty(message);
        if (_rule is null || !_rule.Rule.Codes.Contains(code))
        {
            throw new ArgumentException($"'{code}' is not a code of this rule; a rule names all its codes in {nameof(IRecordRule.Codes)}.", nameof(code));
        }

        if ((measured is double m && !double.IsFinite(m)) || (threshold is double t && !double.IsFinite(t)))
        {
            throw new ArgumentException($"'{code}' reports a number that is not finite; guard the division.", nameof(measured));
        }

        if (!Enum.IsDefined(severity))
        {
            throw new ArgumentException($"{severity} is not a severity.", nameof(severity));
        }

        severity = _rule.SeverityOf(code, severity);
        int count = _counts.GetValueOrDefault(code) + 1;
        _counts[code] = count;
        if (count > MaxPerCode && !IsWorse(code, severity))
        {
            Unlisted++;
            return;
        }

        _findings.Add(new RuleFinding(
            code,
            severity,
            Excerpt.Of(path, 2 * Excerpt.MaxLength),
            Excerpt.Of(message, MaxMessageLength),
            measured,
            threshold,
            excerpt is null ? null : Excerpt.Of(excerpt)));
    }

    /// <summary>Adds a finding when <paramref name="measured"/> is greater than <paramref name="limit"/>.</summary>
    internal void Above(string code, RecordText text, string what, double measured, double limit, RuleSeverity severity = RuleSeverity.Error)
    {
        if (measured > limit)
        {
            Add(code, text.Path, Message(what, measured, "at most", limit), measured, limit, severity);
        }
    }

    /// <summary>Adds a finding when <paramref name="measured"/> is less than <paramref name="limit"/>.</summary>
    internal void Below(string code, RecordText text, string what, double measured, double limit, RuleSeverity severity = RuleSeverity.Error)
    {
        if (measured < limit)
        {
            Add(code, text.Path, Message(what, measured, "at least", limit), measured, limit, severity);
        }
    }

    internal void Enter(ProfileRule rule) => _rule = rule;

    internal void Leave() => _rule = null;

    // The worst severity of a code decides the score, so a worse finding is listed even when the list of its code is full.
    private bool IsWorse(string code, RuleSeverity severity)
    {
        if (!_unlistedWorst.TryGetValue(code, out RuleSeverity worst))
        {
            worst = _findings.Where(finding => finding.Code == code).Max(finding => finding.Severity);
        }

        _unlistedWorst[code] = worst > severity ? worst : severity;
        return severity > worst;
    }

    private static string Message(string what, double measured, string relation, double limit) =>
        string.Create(CultureInfo.InvariantCulture, $"{what}: {measured:0.####}; {relation} {limit:0.####} is allowed.");
}
