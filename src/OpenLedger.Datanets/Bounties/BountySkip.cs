namespace OpenLedger.Datanets.Bounties;

/// <summary>Why an acceptance earned nothing. Names are written into journals and never change.</summary>
public enum BountySkip
{
    /// <summary>The pool was exhausted.</summary>
    Exhausted = 1,

    /// <summary>The contributor had earned as much as one day allows.</summary>
    DailyCap = 2,

    /// <summary>The contributor had posted no bond.</summary>
    NoBond = 3,

    /// <summary>Rewards go to contributions, and the review queue was not told which one the record came with.</summary>
    NoContribution = 4,

    /// <summary>The record was taken out while the acceptance waited for a deposit.</summary>
    Cancelled = 5,
}
