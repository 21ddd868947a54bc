using OpenLedger.Datanets.Canonical;
using OpenLedger.Datanets.Records;

namespace OpenLedger.Datanets.Validation;

/// <summary>What a validation says of one record. Immutable; safe for concurrent use.</summary>
public sealed class RecordReport
{
    internal RecordReport(
        RecordDigest record, Sha256Digest profile, double score, RecordVerdict verdict, IReadOnlyList<RuleFinding> findings, long unlistedFindings)
    {
        Record = record;
        Profile = profile;
        Score = score;
        Verdict = verdict;
        Findings = findings;
        UnlistedFindings = unlistedFindings;
    }

    /// <summary>The record.</summary>
    public RecordDigest Record { get; }

    /// <summary>Digest of the profile.</summary>
    public Sha256Digest Profile { get; }

    /// <summary>0, bad, to 1, nothing wrong; see <see cref="ScoreOptions"/>.</summary>
    public double Score { get; }

    /// <summary>What the score advises.</summary>
    public RecordVerdict Verdict { get; }

    /// <summary>What was found, in the order of the rules.</summary>
    public IReadOnlyList<RuleFinding> Findings { get; }

    /// <summary>How many findings are not listed, because their code has <see cref="FindingCollector.MaxPerCode"/> already.</summary>
    public long UnlistedFindings { get; }

    /// <summary>The report as canonical JSON, UTF-8; <see cref="Parse"/> reads it back.</summary>
    public byte[] ToDocument() => CanonicalJson.Serialize(RecordReportDocument.Describe(this));

    /// <summary>Reads a stored report.</summary>
    /// <param name="document">JSON as <see cref="ToDocument"/> writes it, in any spelling; at most 1 MiB.</param>
    /// <exception cref="DatanetException">
    /// <see cref="DatanetError.InvalidJson"/>, <see cref="DatanetError.InvalidUtf8"/>, <see cref="DatanetError.LimitExceeded"/> or
    /// <see cref="DatanetError.InvalidValidationDocument"/>.
    /// </exception>
    public static RecordReport Parse(ReadOnlySpan<byte> document) => RecordReportDocument.Parse(document);
}
