using OpenLedger.Datanets.Canonical;
using OpenLedger.Datanets.Contributions;
using OpenLedger.Datanets.Records;

namespace OpenLedger.Datanets.Review;

/// <summary>A review task as the owner sees it, at one moment. Immutable.</summary>
public sealed record ReviewTask
{
    /// <summary>The task: the sequence number of the event that added it.</summary>
    public required long Id { get; init; }

    /// <summary>The record.</summary>
    public required RecordDigest Record { get; init; }

    /// <summary>Who gave it.</summary>
    public required ContributorId Contributor { get; init; }

    /// <summary>The contribution it came with, where the queue was told.</summary>
    public Sha256Digest? Contribution { get; init; }

    /// <summary>Higher is reviewed earlier.</summary>
    public required int Priority { get; init; }

    /// <summary>Reviews needed in the current round.</summary>
    public required int Overlap { get; init; }

    /// <summary>Where it stands.</summary>
    public required ReviewTaskState State { get; init; }

    /// <summary>1, or 2 after a dispute.</summary>
    public required int Round { get; init; }

    /// <summary>All answers, in the order they came.</summary>
    public required IReadOnlyList<ReviewVote> Votes { get; init; }

    /// <summary>Claims that have not run out.</summary>
    public required int ActiveClaims { get; init; }

    /// <summary>What the reviewers decided together, before the owner confirmed it.</summary>
    public ReviewAnswer? Proposal { get; init; }

    /// <summary>What was decided.</summary>
    public ReviewAnswer? Decision { get; init; }

    /// <summary>When it was decided, taken back or closed.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Until when the contributor may dispute the rejection, where that is possible at all.</summary>
    public DateTimeOffset? DisputableUntil { get; init; }

    /// <summary>The known answer of a gold task; secret until the task is closed.</summary>
    public ReviewAnswer? GoldAnswer { get; init; }
}
