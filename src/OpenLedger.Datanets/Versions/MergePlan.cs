namespace OpenLedger.Datanets.Versions;

/// <summary>What a merge is going to do.</summary>
internal sealed class MergePlan(DatanetVersion theirs, MergeOptions options)
{
    private readonly SortedDictionary<long, long?> _removed = [];
    private readonly HashSet<long> _excluded = [];

    /// <summary>The version that is merged.</summary>
    public DatanetVersion Theirs { get; } = theirs;

    public List<(MergeConflict Conflict, MergeResolution Resolution)> Decided { get; } = [];

    /// <summary>Records to include, in the order of the merged branch.</summary>
    public List<long> Added { get; } = [];

    /// <summary>Records to remove, in the order of the log, each with what takes its place.</summary>
    public IReadOnlyDictionary<long, long?> Removed => _removed;

    public MergeResolution Decide(MergeConflict conflict)
    {
        MergeResolution resolution = options.Resolve?.Invoke(conflict) ?? MergeResolution.None;
        resolution = resolution == MergeResolution.None ? options.Resolution : resolution;
        Decided.Add((conflict, resolution));
        return resolution;
    }

    public void Add(long record) => Added.Add(record);

    public void Remove(long record, long? replacement) => _removed[record] = replacement;

    public void Exclude(long record) => _excluded.Add(record);

    public bool IsRemoved(long record) => _removed.ContainsKey(record);

    public bool IsExcluded(long record) => _excluded.Contains(record);
}
