using OpenLedger.Datanets.Contributions;
using OpenLedger.Datanets.Records;

namespace OpenLedger.Datanets.Versions;

/// <summary>A record as a version holds it.</summary>
public sealed class CommittedRecord
{
    internal CommittedRecord(long leafIndex, DatanetRecord record, DatanetLeaf leaf)
    {
        LeafIndex = leafIndex;
        Record = record;
        Leaf = leaf;
    }

    /// <summary>0-based position in the datanet and in the tree.</summary>
    public long LeafIndex { get; }

    /// <summary>The record.</summary>
    public DatanetRecord Record { get; }

    /// <summary>What the version's root commits to for this record.</summary>
    public DatanetLeaf Leaf { get; }

    /// <summary>Who gave it.</summary>
    public ContributorId Contributor => Leaf.Contributor;

    /// <summary>When the datanet accepted it.</summary>
    public DateTimeOffset RegisteredAt => DateTimeOffset.FromUnixTimeMilliseconds(Leaf.RegisteredAtUnixMs);
}
