namespace OpenLedger.Datanets.Review;

/// <summary>Where a review task stands. The steps between the states are tabled in <c>docs/datanets/review.md</c>.</summary>
public enum ReviewTaskState
{
    /// <summary>Reviewers may claim it.</summary>
    Open = 1,

    /// <summary>The reviewers agreed as the rule demands; the owner is asked to confirm.</summary>
    Resolved = 2,

    /// <summary>The reviewers did not agree; the owner decides.</summary>
    Escalated = 3,

    /// <summary>The record, or its correction, is taken. Final.</summary>
    Accepted = 4,

    /// <summary>The record is not taken; the contributor may dispute that for a while when reviewers decided it.</summary>
    Rejected = 5,

    /// <summary>The contributor disputed the rejection; other reviewers may claim it.</summary>
    Disputed = 6,

    /// <summary>The contributor took the record back. Final.</summary>
    Withdrawn = 7,

    /// <summary>It was a gold task and served its purpose. Final.</summary>
    Closed = 8,
}
