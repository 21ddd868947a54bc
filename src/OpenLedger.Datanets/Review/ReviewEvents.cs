namespace OpenLedger.Datanets.Review;

/// <summary>The kinds of events that make up the history of reviews.</summary>
internal static class ReviewEvents
{
    public const string Enqueued = "review.enqueued";
    public const string Related = "review.related";
    public const string Claimed = "review.claimed";
    public const string GivenBack = "review.given-back";
    public const string Answered = "review.answered";
    public const string Resolved = "review.resolved";
    public const string Decided = "review.decided";
    public const string Disputed = "review.disputed";
    public const string Withdrawn = "review.withdrawn";
    public const string Revealed = "review.revealed";
    public const string Delivered = "review.delivered";
}
