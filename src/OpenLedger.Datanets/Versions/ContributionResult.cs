using OpenLedger.Datanets.Canonical;

namespace OpenLedger.Datanets.Versions;

/// <summary>What a datanet decided about a contribution, record by record.</summary>
public sealed class ContributionResult
{
    internal ContributionResult(Sha256Digest contribution, IEnumerable<RecordOutcome> outcomes)
    {
        Contribution = contribution;
        Outcomes = Array.AsReadOnly(outcomes.ToArray());
        AcceptedCount = Outcomes.Count(outcome => outcome.IsAccepted);
    }

    /// <summary>The digest of the contribution.</summary>
    public Sha256Digest Contribution { get; }

    /// <summary>One outcome per record, in the order of the contribution.</summary>
    public IReadOnlyList<RecordOutcome> Outcomes { get; }

    /// <summary>How many records were accepted.</summary>
    public int AcceptedCount { get; }

    /// <summary>How many records were refused.</summary>
    public int RefusedCount => Outcomes.Count - AcceptedCount;
}
