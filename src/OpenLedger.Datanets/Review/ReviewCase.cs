using OpenLedger.Datanets.Canonical;
using OpenLedger.Datanets.Contributions;
using OpenLedger.Datanets.Records;

namespace OpenLedger.Datanets.Review;

/// <summary>The state of one task inside <see cref="ReviewProjection"/>, which alone changes it.</summary>
internal sealed class ReviewCase
{
    public required long Id { get; init; }

    public required RecordDigest Record { get; init; }

    public required ContributorId Contributor { get; init; }

    public required Sha256Digest? Contribution { get; init; }

    public required int Priority { get; init; }

    public required Sha256Digest Seal { get; init; }

    public int Needed { get; set; }

    public int Round { get; set; } = 1;

    public ReviewTaskState State { get; set; } = ReviewTaskState.Open;

    public List<ReviewVote> Votes { get; } = [];

    public Dictionary<ContributorId, DateTimeOffset> Claims { get; } = [];

    public HashSet<ContributorId> GaveBack { get; } = [];

    public ReviewAnswer? Proposal { get; set; }

    public ReviewAnswer? Decision { get; set; }

    public ReviewAnswer? GoldAnswer { get; set; }

    public DateTimeOffset? EndedAt { get; set; }

    public DateTimeOffset? DisputableUntil { get; set; }

    public bool IsDelivered { get; set; }

    public bool IsClaimable => State is ReviewTaskState.Open or ReviewTaskState.Disputed;

    public int VotesInRound => Votes.Count(vote => vote.Round == Round);

    public int ActiveClaims(DateTimeOffset now) => Claims.Count(claim => claim.Value > now);

    public bool HasVote(ContributorId reviewer) => Votes.Exists(vote => vote.Reviewer == reviewer);

    public ReviewTask ToTask(DateTimeOffset now) => new()
    {
        Id = Id,
        Record = Record,
        Contributor = Contributor,
        Contribution = Contribution,
        Priority = Priority,
        Overlap = Needed,
        State = State,
        Round = Round,
        Votes = [.. Votes],
        ActiveClaims = ActiveClaims(now),
        Proposal = Proposal,
        Decision = Decision,
        EndedAt = EndedAt,
        DisputableUntil = DisputableUntil,
        GoldAnswer = GoldAnswer,
    };

    public ReviewOutcome ToOutcome() => new()
    {
        TaskId = Id,
        Record = Record,
        Contributor = Contributor,
        Contribution = Contribution,
        Answer = Decision!,
        DecidedAt = EndedAt!.Value,
    };
}
