namespace OpenLedger.Datanets.Validation;

/// <summary>Adds up reports of records to the report of a batch, in constant memory. Not safe for concurrent use.</summary>
public sealed class ValidationReportBuilder
{
    /// <summary>Most reports of records that were not accepted which the report of a batch lists.</summary>
    public const int MaxListed = 100;

    private readonly ValidationProfile _profile;
    private readonly Dictionary<string, int> _ruleOfCode = new(StringComparer.Ordinal);
    private readonly long[] _successful;
    private readonly SortedDictionary<string, long>[] _recordsByCode;
    private readonly List<RecordReport> _listed = [];
    private readonly long[] _verdicts = new long[(int)RecordVerdict.Reject + 1];
    private long _evaluated;
    private double _scores;

    /// <summary>Starts an empty batch.</summary>
    /// <param name="profile">The profile all reports were made with.</param>
    public ValidationReportBuilder(ValidationProfile profile)
    {
        ArgumentNullException.ThrowIfNull(profile);
        _profile = profile;
        _successful = new long[profile.Rules.Count];
        _recordsByCode = [.. profile.Rules.Select(_ => new SortedDictionary<string, long>(StringComparer.Ordinal))];
        for (int rule = 0; rule < profile.Rules.Count; rule++)
        {
            foreach (string code in profile.Rules[rule].Rule.Codes)
            {
                _ruleOfCode.Add(code, rule);
            }
        }
    }

    /// <summary>Adds the report of one record.</summary>
    /// <param name="report">A report made with the profile.</param>
    /// <exception cref="ArgumentException">The report was made with another profile, or holds a code that the profile has not.</exception>
    public void Add(RecordReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        if (report.Profile != _profile.Digest || report.Findings.FirstOrDefault(f => !_ruleOfCode.ContainsKey(f.Code)) is not null)
        {
            throw new ArgumentException($"The report of {report.Record} was made with another profile than {_profile}.", nameof(report));
        }

        HashSet<string> codes = new(StringComparer.Ordinal);
        HashSet<int> failed = [];
        foreach (RuleFinding finding in report.Findings)
        {
            int rule = _ruleOfCode[finding.Code];
            if (codes.Add(finding.Code))
            {
                _recordsByCode[rule][finding.Code] = _recordsByCode[rule].GetValueOrDefault(finding.Code) + 1;
            }

            if (finding.Severity > RuleSeverity.Info)
            {
                failed.Add(rule);
            }
        }

        for (int rule = 0; rule < _successful.Length; rule++)
        {
            _successful[rule] += failed.Contains(rule) ? 0 : 1;
        }

        _evaluated++;
        _scores += report.Score;
        _verdicts[(int)report.Verdict]++;
        if (report.Verdict != RecordVerdict.Accept && _listed.Count < MaxListed)
        {
            _listed.Add(report);
        }
    }

    /// <summary>The report of all that was added so far; more may be added after.</summary>
    public ValidationReport Build() => new(
        _profile.Name,
        _profile.Digest,
        _verdicts[(int)RecordVerdict.Accept],
        _verdicts[(int)RecordVerdict.Review],
        _verdicts[(int)RecordVerdict.Reject],
        _evaluated == 0 ? 1 : Math.Round(_scores / _evaluated, 6, MidpointRounding.AwayFromZero),
        [.. _profile.Rules.Select((rule, i) => new RuleStatistics(
            rule.Name, rule.Mostly, _evaluated, _successful[i], new SortedDictionary<string, long>(_recordsByCode[i], StringComparer.Ordinal)))],
        [.. _listed]);
}
