using OpenLedger.Datanets.Canonical;
using OpenLedger.Datanets.Contributions;
using OpenLedger.Datanets.Transparency;

namespace OpenLedger.Datanets.Versions;

/// <summary>The steps of a datanet as far as they were read: the tree over them, and what is needed to tell what a branch held at any time.</summary>
/// <remarks>About 77 bytes per step, 64 of them for the tree. Not safe for concurrent use.</remarks>
internal sealed class DatanetLog
{
    private readonly List<byte> _kinds = [];
    private readonly List<int> _branches = [];
    private readonly List<long> _targets = []; // of an addition the index of its contribution
    private readonly Dictionary<string, int> _branchIndexes = new(StringComparer.Ordinal);
    private readonly Dictionary<Sha256Digest, int> _contributionIndexes = [];
    private readonly List<(Sha256Digest Digest, ContributorId Contributor)> _contributions = [];
    private readonly List<DatanetStep> _forks = [];
    private readonly List<DatanetStep> _erasures = [];
    private readonly Dictionary<long, List<(long Position, long Replacement)>> _replacements = [];

    public TransparencyTree Tree { get; } = new();

    public long Size => Tree.Size;

    public IReadOnlyList<DatanetStep> Forks => _forks;

    public IReadOnlyList<DatanetStep> Erasures => _erasures;

    public IReadOnlyList<(Sha256Digest Digest, ContributorId Contributor)> Contributions => _contributions;

    public void Append(DatanetStep step)
    {
        Note(step);
        Tree.AppendHash(step.Hash());
    }

    /// <summary>Appends steps, whose nodes are hashed on all processors.</summary>
    public void Append(IReadOnlyList<DatanetStep> steps)
    {
        Sha256Digest[] leafHashes = [.. steps.Select(step => step.Hash())];
        foreach (DatanetStep step in steps)
        {
            Note(step);
        }

        Tree.AppendLeafHashes(leafHashes, Environment.ProcessorCount);
    }

    private void Note(DatanetStep step)
    {
        if (!_branchIndexes.TryGetValue(step.Branch, out int branch))
        {
            branch = _branchIndexes.Count;
            _branchIndexes.Add(step.Branch, branch);
        }

        long target = step.Target;
        switch (step.Kind)
        {
            case StepKind.Add:
                target = ContributionIndex(step);
                break;
            case StepKind.Erase:
                _erasures.Add(step);
                break;
            case StepKind.Fork:
                _forks.Add(step);
                break;
            case StepKind.Remove when step.Replacement is long replacement:
                if (!_replacements.TryGetValue(step.Target, out List<(long, long)>? list))
                {
                    list = [];
                    _replacements.Add(step.Target, list);
                }

                list.Add((step.Position, replacement));
                break;
        }

        _kinds.Add((byte)step.Kind);
        _branches.Add(branch);
        _targets.Add(target);
    }

    /// <summary>The index in <see cref="Contributions"/> of the contribution that gave a record.</summary>
    public int ContributionOf(long record) => (int)_targets[(int)record];

    public bool IsRecord(long position) => position < Size && _kinds[(int)position] == (byte)StepKind.Add;

    /// <summary>What a branch held when the log had <paramref name="size"/> steps; linear in the size.</summary>
    public BranchContent ContentAt(string branch, long size)
    {
        BranchContent content = Fold(branch, size);
        foreach (DatanetStep erasure in _erasures)
        {
            if (erasure.Position >= size)
            {
                break;
            }

            content.Remove(erasure.Target);
        }

        return content;
    }

    /// <summary>Collects up to <paramref name="count"/> members in the order in which they entered, looking at steps from <paramref name="next"/> on.</summary>
    /// <returns>The members; <paramref name="next"/> is where to go on, <paramref name="size"/> at the end.</returns>
    public List<long> InOrder(BranchContent content, long size, int count, ref long next)
    {
        List<long> found = [];
        for (; next < size && found.Count < count; next++)
        {
            StepKind kind = (StepKind)_kinds[(int)next];
            long record = kind == StepKind.Add ? next : kind == StepKind.Include ? _targets[(int)next] : -1;
            if (record >= 0 && content.Contains(record) && content.EntryOf(record) == next)
            {
                found.Add(record);
            }
        }

        return found;
    }

    /// <summary>
    /// The record that took the place of another one, followed as long as it was itself replaced before the log had <paramref name="size"/>
    /// steps; only one that <paramref name="content"/> holds. <see langword="null"/> when there is none.
    /// </summary>
    public long? ReplacementOf(long record, BranchContent content, long size)
    {
        // Positions of replacements need not grow: a branch may bring an older record back. Each record is visited once.
        HashSet<long> seen = [record];
        Queue<long> open = new([record]);
        while (open.TryDequeue(out long next))
        {
            if (!_replacements.TryGetValue(next, out List<(long Position, long Replacement)>? list))
            {
                continue;
            }

            for (int i = list.Count - 1; i >= 0; i--)
            {
                if (list[i].Position < size && seen.Add(list[i].Replacement))
                {
                    if (content.Contains(list[i].Replacement))
                    {
                        return list[i].Replacement;
                    }

                    open.Enqueue(list[i].Replacement);
                }
            }
        }

        return null;
    }

    private BranchContent Fold(string branch, long size)
    {
        DatanetStep? fork = _forks.FindLast(step => step.Branch == branch && step.Position < size);
        BranchContent content = fork is null ? new BranchContent() : Fold(fork.Source, Math.Min(fork.Target, fork.Position));
        if (_branchIndexes.TryGetValue(branch, out int index))
        {
            for (int i = fork is null ? 0 : (int)fork.Position + 1; i < size; i++)
            {
                if (_branches[i] == index)
                {
                    Apply(content, i);
                }
            }
        }

        return content;
    }

    private void Apply(BranchContent content, int position)
    {
        switch ((StepKind)_kinds[position])
        {
            case StepKind.Add:
                content.Add(position, position);
                break;
            case StepKind.Include:
                content.Add(_targets[position], position);
                break;
            case StepKind.Remove:
                content.Remove(_targets[position]);
                break;
        }
    }

    private int ContributionIndex(DatanetStep step)
    {
        if (!_contributionIndexes.TryGetValue(step.Contribution, out int index))
        {
            index = _contributions.Count;
            _contributions.Add((step.Contribution, step.Contributor));
            _contributionIndexes.Add(step.Contribution, index);
        }

        return index;
    }
}
