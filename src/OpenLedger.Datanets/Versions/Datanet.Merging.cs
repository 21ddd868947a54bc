using OpenLedger.Datanets.Canonical;
using OpenLedger.Datanets.Contributions;
using OpenLedger.Datanets.Records;
using OpenLedger.Datanets.Storage;

namespace OpenLedger.Datanets.Versions;

// Three-way merges. The unit is the record: what one side added, removed or replaced since the last common version.
public sealed partial class Datanet
{
    /// <summary>Brings what a branch changed since the last common version into another branch, as a new version with two parents.</summary>
    /// <param name="fromBranch">The branch to merge, as its latest version has it; what was not committed there is left out.</param>
    /// <param name="intoBranch">The branch to change, as it is at present.</param>
    /// <param name="options">How conflicts are decided.</param>
    /// <param name="message">Why, 1 to 10,000 characters, not only white space.</param>
    /// <param name="author">Who merges; not the default value.</param>
    /// <returns>The new version and the decisions that were taken.</returns>
    /// <exception cref="ArgumentException">A parameter is not legal.</exception>
    /// <exception cref="DatanetException">
    /// <see cref="DatanetError.MergeConflict"/>: a conflict was not decided, see <see cref="FindConflicts"/>;
    /// <see cref="DatanetError.NothingToCommit"/>: there is nothing to merge; <see cref="DatanetError.BranchNotFound"/>; or a fault of the store.
    /// Then nothing was changed.
    /// </exception>
    public MergeResult Merge(string fromBranch, string intoBranch, MergeOptions options, string message, ContributorId author)
    {
        ThrowIfSameBranch(fromBranch, intoBranch);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        ThrowIfIllegal(message, intoBranch, author);
        return Change(writer =>
        {
            MergePlan plan = PlanMerge(writer, fromBranch, intoBranch, options);
            if (plan.Decided.Find(decided => decided.Resolution == MergeResolution.None) is { Conflict: MergeConflict first })
            {
                int count = plan.Decided.Count(decided => decided.Resolution == MergeResolution.None);
                throw new DatanetException(
                    DatanetError.MergeConflict,
                    $"Merging '{fromBranch}' into '{intoBranch}' met {count} conflicts, the first being {first}; give a resolution in the options.");
            }

            long next = writer.CountSteps(Id);
            long nowMs = _timeProvider.GetUtcNow().ToUnixTimeMilliseconds();
            HashSet<long> added = [.. plan.Added];
            foreach ((long record, long? replacement) in plan.Removed)
            {
                long? kept = replacement is long position && added.Contains(position) ? replacement : null;
                writer.AppendStep(Id, DatanetStep.Remove(next++, intoBranch, nowMs, record, kept));
            }

            foreach (long record in plan.Added)
            {
                writer.AppendStep(Id, DatanetStep.Include(next++, intoBranch, nowMs, record));
            }

            DatanetVersion version = CommitInside(writer, message, intoBranch, author, plan.Theirs);
            return new MergeResult(version, plan.Added.Count, plan.Removed.Count, plan.Decided);
        });
    }

    /// <summary>Lists what would stand in the way of a merge, changing nothing.</summary>
    /// <param name="fromBranch">The branch to merge, as its latest version has it.</param>
    /// <param name="intoBranch">The branch to merge into, as it is at present.</param>
    /// <exception cref="ArgumentException">A name is not legal, or the names are the same.</exception>
    /// <exception cref="DatanetException">
    /// <see cref="DatanetError.NothingToCommit"/>: there is nothing to merge; <see cref="DatanetError.BranchNotFound"/>; or a fault of the store.
    /// </exception>
    public IReadOnlyList<MergeConflict> FindConflicts(string fromBranch, string intoBranch)
    {
        ThrowIfSameBranch(fromBranch, intoBranch);
        lock (_logGate)
        {
            // What cannot be decided is left out of the plan, so that each conflict is found whatever becomes of the others.
            return _store.Read(reader => PlanMerge(reader, fromBranch, intoBranch, new MergeOptions()).Decided.ConvertAll(decided => decided.Conflict));
        }
    }

    private MergePlan PlanMerge(IDatanetReader reader, string fromBranch, string intoBranch, MergeOptions options)
    {
        _ = new BranchView(this, reader, fromBranch);
        long size = new BranchView(this, reader, intoBranch).Size;
        DatanetVersion? oursHead = ReadHead(reader, intoBranch, size);
        DatanetVersion theirsHead = ReadHead(reader, fromBranch, size)
            ?? throw new DatanetException(DatanetError.NothingToCommit, $"The branch '{fromBranch}' of '{Id}' has no version to merge; commit it first.");
        DatanetVersion? common = oursHead is null ? null : LastCommon(reader, oursHead, theirsHead);
        if (common?.Id == theirsHead.Id)
        {
            throw new DatanetException(
                DatanetError.NothingToCommit, $"The latest version of '{fromBranch}' is part of '{intoBranch}' already; there is nothing to merge.");
        }

        GrowLog(reader, size);
        ThrowIfRootDiffers(theirsHead);
        BranchContent ours = _log.ContentAt(intoBranch, size);
        BranchContent theirs = _log.ContentAt(theirsHead.Branch, theirsHead.TreeSize);
        BranchContent before = common is null ? new BranchContent() : _log.ContentAt(common.Branch, common.TreeSize);
        foreach (DatanetStep erasure in _log.Erasures)
        {
            theirs.Remove(erasure.Target);
            before.Remove(erasure.Target);
        }

        MergePlan plan = new(theirsHead, options);
        PlanRemovals(reader, plan, ours, theirs, before, size);
        PlanAdditions(reader, plan, ours, theirs, before);
        return plan;
    }

    /// <summary>What they removed or replaced since <paramref name="before"/>, against what we did with the same records.</summary>
    private void PlanRemovals(IDatanetReader reader, MergePlan plan, BranchContent ours, BranchContent theirs, BranchContent before, long size)
    {
        foreach (long record in before.Except(theirs))
        {
            long? theirRecord = NewReplacement(record, theirs, before, plan.Theirs.TreeSize);
            if (ours.Contains(record))
            {
                plan.Remove(record, theirRecord);
                continue;
            }

            long? ourRecord = NewReplacement(record, ours, before, size);
            if ((ourRecord is null && theirRecord is null) || ourRecord == theirRecord)
            {
                continue;
            }

            RecordDigest? oursDigest = DigestOf(reader, ourRecord);
            RecordDigest? theirsDigest = DigestOf(reader, theirRecord);
            if (oursDigest == theirsDigest)
            {
                plan.Exclude(theirRecord!.Value);
                continue;
            }

            MergeConflictKind kind = oursDigest is null ? MergeConflictKind.RemovedAndReplaced
                : theirsDigest is null ? MergeConflictKind.ReplacedAndRemoved
                : MergeConflictKind.BothReplaced;
            MergeResolution resolution = plan.Decide(new MergeConflict(kind, DigestOf(reader, record), oursDigest, theirsDigest));
            if (resolution is MergeResolution.Ours or MergeResolution.None && theirRecord is long unwanted)
            {
                plan.Exclude(unwanted);
            }
            else if (resolution == MergeResolution.Theirs && ourRecord is long outdone)
            {
                plan.Remove(outdone, theirRecord);
            }
        }
    }

    /// <summary>What they added since <paramref name="before"/>, unless we hold it, in their order.</summary>
    private void PlanAdditions(IDatanetReader reader, MergePlan plan, BranchContent ours, BranchContent theirs, BranchContent before)
    {
        FingerprintKeys keys = new(reader.ReadFingerprintKeys(Id));
        for (long next = 0; next < plan.Theirs.TreeSize;)
        {
            foreach (long record in _log.InOrder(theirs, plan.Theirs.TreeSize, PageSize, ref next))
            {
                if (before.Contains(record) || ours.Contains(record) || plan.IsExcluded(record))
                {
                    continue;
                }

                DatanetStep added = ReadAddition(reader, record);
                Sha256Digest normalized = NormalizedOf(reader, record) ?? throw Damaged($"record {record} has no key");
                long fingerprint = keys.Of(normalized);
                long? same = reader.ReadFingerprints(Id, fingerprint, fingerprint)
                    .Select(found => (long?)found.Position)
                    .FirstOrDefault(position => ours.Contains(position!.Value)
                        && !plan.IsRemoved(position.Value)
                        && NormalizedOf(reader, position.Value) == normalized);
                if (same is null)
                {
                    plan.Add(record);
                    continue;
                }

                RecordDigest? held = DigestOf(reader, same);
                if (held == added.Record)
                {
                    continue;
                }

                MergeResolution resolution = plan.Decide(new MergeConflict(MergeConflictKind.SameText, null, held, added.Record));
                if (resolution is MergeResolution.Theirs or MergeResolution.Both)
                {
                    plan.Add(record);
                }

                if (resolution == MergeResolution.Theirs)
                {
                    plan.Remove(same.Value, record);
                }
            }
        }
    }

    /// <summary>The record that took the place of another one since <paramref name="before"/>.</summary>
    private long? NewReplacement(long record, BranchContent content, BranchContent before, long size) =>
        _log.ReplacementOf(record, content, size) is long replacement && !before.Contains(replacement) ? replacement : null;

    private RecordDigest? DigestOf(IDatanetReader reader, long? position) => position is long known ? ReadAddition(reader, known).Record : null;

    /// <summary>The latest version from which both descend; of several, as after crossed merges, the one with the greatest number.</summary>
    private DatanetVersion? LastCommon(IDatanetReader reader, DatanetVersion one, DatanetVersion other)
    {
        HashSet<int> ancestors = [];
        foreach (DatanetVersion version in Ancestors(reader, one))
        {
            ancestors.Add(version.Number);
        }

        return Ancestors(reader, other).Where(version => ancestors.Contains(version.Number)).MaxBy(version => version.Number);
    }

    private IEnumerable<DatanetVersion> Ancestors(IDatanetReader reader, DatanetVersion version)
    {
        HashSet<int> seen = [version.Number];
        Queue<DatanetVersion> open = new([version]);
        while (open.TryDequeue(out DatanetVersion? next))
        {
            yield return next;
            foreach (Sha256Digest parent in next.Parents)
            {
                int number = reader.FindVersionNumber(Id, parent);
                if (seen.Add(number))
                {
                    open.Enqueue(ReadVersion(reader, number));
                }
            }
        }
    }

    private static void ThrowIfSameBranch(string fromBranch, string intoBranch)
    {
        BranchName.ThrowIfInvalid(fromBranch, nameof(fromBranch));
        BranchName.ThrowIfInvalid(intoBranch, nameof(intoBranch));
        if (fromBranch == intoBranch)
        {
            throw new ArgumentException($"'{fromBranch}' cannot be merged into itself; name two branches.", nameof(intoBranch));
        }
    }
}
