namespace OpenLedger.Datanets.Versions;

/// <summary>How a conflict of a merge is decided.</summary>
public enum MergeResolution
{
    /// <summary>Not at all: the merge fails.</summary>
    None = 0,

    /// <summary>As the branch merged into has it.</summary>
    Ours = 1,

    /// <summary>As the merged branch has it.</summary>
    Theirs = 2,

    /// <summary>Both records stay; where one side removed the record, the other side's replacement stays.</summary>
    Both = 3,
}
