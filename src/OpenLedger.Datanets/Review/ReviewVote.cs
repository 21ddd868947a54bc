using OpenLedger.Datanets.Contributions;

namespace OpenLedger.Datanets.Review;

/// <summary>One reviewer's answer.</summary>
/// <param name="Reviewer">Who judged.</param>
/// <param name="Round">1, or 2 for the second level after a dispute.</param>
/// <param name="Answer">The judgement.</param>
/// <param name="At">When.</param>
public sealed record ReviewVote(ContributorId Reviewer, int Round, ReviewAnswer Answer, DateTimeOffset At);
