namespace OpenLedger.Datanets.Versions;

/// <summary>What a merge did.</summary>
/// <param name="Version">The new version, with two parents.</param>
/// <param name="AddedCount">How many records became part of the branch.</param>
/// <param name="RemovedCount">How many records left it.</param>
/// <param name="Conflicts">The conflicts, in the order of the log, each with the decision about it.</param>
public sealed record MergeResult(
    DatanetVersion Version, int AddedCount, int RemovedCount, IReadOnlyList<(MergeConflict Conflict, MergeResolution Resolution)> Conflicts);
