using OpenLedger.Datanets.Records;

namespace OpenLedger.Datanets.Validation;

/// <summary>Holds records against a profile.</summary>
/// <remarks>
/// Pure: the report follows from the record and the profile alone, as far as the rules keep their contract. Safe for concurrent use.
/// Time is linear in the record.
/// </remarks>
public sealed class RecordValidator
{
    /// <summary>Creates a validator.</summary>
    /// <param name="profile">The rules.</param>
    public RecordValidator(ValidationProfile profile)
    {
        ArgumentNullException.ThrowIfNull(profile);
        Profile = profile;
    }

    /// <summary>The rules.</summary>
    public ValidationProfile Profile { get; }

    /// <summary>Validates one record.</summary>
    /// <param name="record">Any record.</param>
    /// <returns>Score, verdict and findings in the order of the rules.</returns>
    /// <exception cref="ArgumentException">A rule broke its contract; see <see cref="FindingCollector.Add"/>.</exception>
    public RecordReport Validate(DatanetRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        ExaminedRecord examined = new(record, Profile.Fields);
        FindingCollector findings = new();
        foreach (ProfileRule rule in Profile.Rules)
        {
            findings.Enter(rule);
            rule.Rule.Examine(examined, findings);
            findings.Leave();
        }

        double score = Profile.Scoring.Score(findings.Findings);
        return new RecordReport(
            record.Digest, Profile.Digest, score, Profile.Scoring.Verdict(score), [.. findings.Findings], findings.Unlisted);
    }

    /// <summary>Validates records one after the other, as the sequence is walked.</summary>
    /// <param name="records">The records; walked once per walk of the result.</param>
    /// <returns>One report per record, in order.</returns>
    public IEnumerable<RecordReport> ValidateEach(IEnumerable<DatanetRecord> records)
    {
        ArgumentNullException.ThrowIfNull(records);
        return records.Select(Validate);
    }

    /// <summary>Validates a batch.</summary>
    /// <param name="records">The records; walked once and not kept.</param>
    /// <returns>Statistics of every rule, and the reports of records that were not accepted, up to a limit.</returns>
    public ValidationReport ValidateBatch(IEnumerable<DatanetRecord> records)
    {
        ArgumentNullException.ThrowIfNull(records);
        ValidationReportBuilder builder = new(Profile);
        foreach (DatanetRecord record in records)
        {
            builder.Add(Validate(record));
        }

        return builder.Build();
    }
}
