namespace OpenLedger.Datanets.Bounties;

/// <summary>What happens to an acceptance when the pool does not hold a whole reward any more.</summary>
public enum BountyExhaustion
{
    /// <summary>It earns nothing, for good.</summary>
    Skip = 1,

    /// <summary>It waits for the next deposit; who waited first is served first.</summary>
    Wait = 2,

    /// <summary>It earns what is left; when nothing is left, nothing.</summary>
    PayRest = 3,
}
