namespace OpenLedger.Datanets.Bounties;

/// <summary>Where a reward stands. The steps between the states are tabled in <c>docs/datanets/bounties.md</c>.</summary>
public enum BountyRewardState
{
    /// <summary>Earned; it can still be cancelled.</summary>
    Held = 1,

    /// <summary>The release is decided, the payment not confirmed yet. Nothing takes it back any more.</summary>
    Releasing = 2,

    /// <summary>Paid. Final.</summary>
    Paid = 3,

    /// <summary>Cancelled; the amount is available again. Final.</summary>
    Cancelled = 4,
}
