using OpenLedger.Chain.Evm;
using OpenLedger.Datanets.Contributions;

namespace OpenLedger.Chain.Settlement;

/// <summary>One datanet row's weight in an answer.</summary>
/// <param name="DatanetId">The datanet: 1 to 128 printable ASCII characters without blank, quotation mark and backslash.</param>
/// <param name="Contributor">Who contributed the row and is paid for it.</param>
/// <param name="RowHash">The digest of the row's canonical form.</param>
/// <param name="WeightPpb">The weight in parts per billion, 1 to 1,000,000,000. Weights of one answer sum to exactly 1,000,000,000.</param>
public sealed record AttributionShare(string DatanetId, ContributorId Contributor, Bytes32 RowHash, ulong WeightPpb)
{
    /// <summary>Orders by datanet id (ordinal), then contributor, then row hash: the order of the attribution list and of its
    /// ties.</summary>
    public static IComparer<AttributionShare> CanonicalOrder { get; } = Comparer<AttributionShare>.Create(static (left, right) =>
    {
        int order = string.CompareOrdinal(left.DatanetId, right.DatanetId);
        order = order != 0 ? order : left.Contributor.CompareTo(right.Contributor);
        return order != 0 ? order : left.RowHash.CompareTo(right.RowHash);
    });
}
