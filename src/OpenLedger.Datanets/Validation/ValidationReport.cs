using OpenLedger.Datanets.Canonical;

namespace OpenLedger.Datanets.Validation;

/// <summary>What a validation says of a batch. Immutable; safe for concurrent use.</summary>
public sealed class ValidationReport
{
    internal ValidationReport(
        string profileName,
        Sha256Digest profile,
        long accepted,
        long toReview,
        long rejected,
        double meanScore,
        IReadOnlyList<RuleStatistics> rules,
        IReadOnlyList<RecordReport> listed)
    {
        ProfileName = profileName;
        Profile = profile;
        Accepted = accepted;
        ToReview = toReview;
        Rejected = rejected;
        MeanScore = meanScore;
        Rules = rules;
        Listed = listed;
    }

    /// <summary>The profile's name.</summary>
    public string ProfileName { get; }

    /// <summary>The profile's digest.</summary>
    public Sha256Digest Profile { get; }

    /// <summary>Records that were examined.</summary>
    public long Evaluated => Accepted + ToReview + Rejected;

    /// <summary>Records to take.</summary>
    public long Accepted { get; }

    /// <summary>Records that a person should look at.</summary>
    public long ToReview { get; }

    /// <summary>Records to refuse.</summary>
    public long Rejected { get; }

    /// <summary>Mean of the scores, 0 to 1; 1 when nothing was examined.</summary>
    public double MeanScore { get; }

    /// <summary>Whether every rule was met within its tolerance.</summary>
    public bool IsSuccess => Rules.All(rule => rule.IsMet);

    /// <summary>How each rule went, in the order of the profile.</summary>
    public IReadOnlyList<RuleStatistics> Rules { get; }

    /// <summary>The first records that were not accepted, at most <see cref="ValidationReportBuilder.MaxListed"/>.</summary>
    public IReadOnlyList<RecordReport> Listed { get; }

    /// <summary>The report as canonical JSON, UTF-8; <see cref="Parse"/> reads it back.</summary>
    public byte[] ToDocument() => CanonicalJson.Serialize(ValidationReportDocument.Describe(this));

    /// <summary>Reads a stored report.</summary>
    /// <param name="document">JSON as <see cref="ToDocument"/> writes it, in any spelling; at most 64 MiB.</param>
    /// <exception cref="DatanetException">
    /// <see cref="DatanetError.InvalidJson"/>, <see cref="DatanetError.InvalidUtf8"/>, <see cref="DatanetError.LimitExceeded"/> or
    /// <see cref="DatanetError.InvalidValidationDocument"/>.
    /// </exception>
    public static ValidationReport Parse(ReadOnlySpan<byte> document) => ValidationReportDocument.Parse(document);
}
