namespace OpenLedger.Datanets.Deduplication.Near;

/// <summary>Texts that are connected by pairs of near-duplicates; two members need not resemble each other directly.</summary>
public sealed class NearDuplicateCluster
{
    internal NearDuplicateCluster(IReadOnlyList<long> members) => Members = members;

    /// <summary>The earliest member, which stands for the others.</summary>
    public long Representative => Members[0];

    /// <summary>The positions of all members, at least two, ascending.</summary>
    public IReadOnlyList<long> Members { get; }
}
