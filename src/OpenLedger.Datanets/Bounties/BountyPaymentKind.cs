namespace OpenLedger.Datanets.Bounties;

/// <summary>What a payment is for.</summary>
public enum BountyPaymentKind
{
    /// <summary>A reward to a contributor.</summary>
    Reward = 1,

    /// <summary>What was left in the pool, back to the owner.</summary>
    Refund = 2,

    /// <summary>A bond, back to who posted it.</summary>
    BondReturn = 3,
}
