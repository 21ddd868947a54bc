namespace OpenLedger.Datanets.Bounties;

/// <summary>What earns a reward.</summary>
public enum BountyRule
{
    /// <summary>Every accepted record.</summary>
    PerRecord = 1,

    /// <summary>The first accepted record of every contribution.</summary>
    PerContribution = 2,
}
