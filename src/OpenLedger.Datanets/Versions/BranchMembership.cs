using OpenLedger.Datanets.Storage;

namespace OpenLedger.Datanets.Versions;

/// <summary>Tells whether a branch holds one record by a few look-ups in the store; the same answer as <see cref="DatanetLog.ContentAt"/> folds.</summary>
internal static class BranchMembership
{
    /// <summary>Whether a branch exists when the log has <paramref name="size"/> steps.</summary>
    public static bool Exists(IReadOnlyList<DatanetStep> forks, string branch, long size) =>
        branch == BranchName.Main || LastFork(forks, branch, size) is not null;

    /// <summary>The step by which a record entered a branch that held it when the log had <paramref name="size"/> steps; erasures do not count.</summary>
    public static long? EntryOf(IDatanetReader reader, string datanetId, IReadOnlyList<DatanetStep> forks, DatanetStep added, string branch, long size)
    {
        while (true)
        {
            DatanetStep? fork = LastFork(forks, branch, size);
            long after = fork?.Position ?? -1;
            if (reader.FindChange(datanetId, branch, added.Position, after, size) is DatanetStep change)
            {
                return change.Kind == StepKind.Include ? change.Position : null;
            }

            if (added.Branch == branch && added.Position > after && added.Position < size)
            {
                return added.Position;
            }

            if (fork is null)
            {
                return null;
            }

            branch = fork.Source;
            size = Math.Min(fork.Target, fork.Position);
        }
    }

    private static DatanetStep? LastFork(IReadOnlyList<DatanetStep> forks, string branch, long size)
    {
        for (int i = forks.Count - 1; i >= 0; i--)
        {
            if (forks[i].Branch == branch && forks[i].Position < size)
            {
                return forks[i];
            }
        }

        return null;
    }
}
