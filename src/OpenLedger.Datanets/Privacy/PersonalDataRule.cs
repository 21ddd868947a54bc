using System.Text.Json.Nodes;
using OpenLedger.Datanets.Validation;

namespace OpenLedger.Datanets.Privacy;

/// <summary>Does a record hold personal data or secrets?</summary>
/// <remarks>
/// One code per entity of the scanner, <see cref="PersonalDataEntity.Code"/>: <c>pii_email</c>, <c>secret_jwt</c>; all of severity
/// <see cref="RuleSeverity.Error"/> unless the profile says otherwise. Findings quote nothing of the record; the score is measured against
/// the scanner's threshold. The description names the recognisers, so a recogniser of your own changes its name when it changes its mind;
/// lists of words enter it as digests. Immutable; safe for concurrent use when the recognisers are; time linear in the record.
/// </remarks>
public sealed class PersonalDataRule : IRecordRule
{
    private readonly PersonalDataScanner _scanner;

    /// <summary>Creates the rule.</summary>
    /// <param name="scanner">What is looked for.</param>
    public PersonalDataRule(PersonalDataScanner scanner)
    {
        ArgumentNullException.ThrowIfNull(scanner);
        _scanner = scanner;
        Codes = [.. scanner.Entities.Select(entity => entity.Code)];
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Codes { get; }

    /// <inheritdoc/>
    public JsonObject Describe()
    {
        JsonObject description = _scanner.Describe();
        description["rule"] = "personal_data";
        return description;
    }

    /// <inheritdoc/>
    public void Examine(ExaminedRecord record, FindingCollector findings)
    {
        ArgumentNullException.ThrowIfNull(record);
        ArgumentNullException.ThrowIfNull(findings);
        foreach (PersonalDataFinding finding in _scanner.Scan(record.Record))
        {
            PersonalDataSpan span = finding.Span;
            findings.Add(
                span.Entity.Code,
                finding.Path,
                $"{span.Entity.Name} at characters {span.Start} to {span.End}: {span.Why}.",
                span.Score,
                _scanner.Threshold);
        }
    }
}
