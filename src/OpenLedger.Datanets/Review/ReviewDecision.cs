namespace OpenLedger.Datanets.Review;

/// <summary>What becomes of a record. Names are written into journals and never change.</summary>
public enum ReviewDecision
{
    /// <summary>The record is good as it is.</summary>
    Accept = 1,

    /// <summary>The record is good after a correction; the corrected record replaces it.</summary>
    Fix = 2,

    /// <summary>The record is not taken.</summary>
    Reject = 3,
}
