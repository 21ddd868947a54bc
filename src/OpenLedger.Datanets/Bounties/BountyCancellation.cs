namespace OpenLedger.Datanets.Bounties;

/// <summary>Why a reward is cancelled before it is released. Names are written into journals and never change.</summary>
public enum BountyCancellation
{
    /// <summary>The record was erased.</summary>
    Erased = 1,

    /// <summary>The record was removed from the datanet.</summary>
    Removed = 2,

    /// <summary>Somebody disputed the acceptance, and the contributor lost.</summary>
    DisputeLost = 3,

    /// <summary>The record was made to collect rewards.</summary>
    Abuse = 4,
}
