namespace OpenLedger.Datanets.Versions;

/// <summary>Why two branches cannot be merged without a decision.</summary>
public enum MergeConflictKind
{
    /// <summary>Both branches replaced the same record, with different ones.</summary>
    BothReplaced = 1,

    /// <summary>The branch merged into removed a record that the other one replaced.</summary>
    RemovedAndReplaced = 2,

    /// <summary>The branch merged into replaced a record that the other one removed.</summary>
    ReplacedAndRemoved = 3,

    /// <summary>Both branches came to hold records that differ only in case, white space or the composition of accents.</summary>
    SameText = 4,
}
