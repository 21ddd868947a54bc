namespace OpenLedger.Datanets.Deduplication.Near;

/// <summary>What a <see cref="NearDuplicateGate"/> does with a near-duplicate. Names and numbers are stable.</summary>
public enum NearDuplicateAction
{
    /// <summary>It is refused with the code <c>near_duplicate</c>.</summary>
    Refuse = 1,

    /// <summary>It is accepted, and what it resembles is kept: see <see cref="NearDuplicateGate.FindMark"/>.</summary>
    Mark = 2,
}
