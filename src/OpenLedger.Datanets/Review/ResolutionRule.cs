namespace OpenLedger.Datanets.Review;

/// <summary>When answers are enough for a decision. What no rule decides goes to the owner.</summary>
public enum ResolutionRule
{
    /// <summary>All answers agree.</summary>
    Unanimous = 1,

    /// <summary>More than half of all answers agree.</summary>
    Majority = 2,

    /// <summary>The decision that first reaches <see cref="ReviewQueueOptions.Quorum"/> answers wins, without waiting for the rest.</summary>
    FirstToQuorum = 3,
}
