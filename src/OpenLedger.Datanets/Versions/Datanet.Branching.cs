using System.Text.Json.Nodes;
using OpenLedger.Datanets.Contributions;
using OpenLedger.Datanets.Journal;
using OpenLedger.Datanets.Records;
using OpenLedger.Datanets.Storage;

namespace OpenLedger.Datanets.Versions;

// Branches and tags, and moving records between branches.
public sealed partial class Datanet
{
    private const int MaxReasonLength = 1_000;

    /// <summary>Creates a branch that holds nothing, for example an inbox for records that await review.</summary>
    /// <param name="name">See <see cref="BranchName.IsValid"/>.</param>
    /// <exception cref="ArgumentException">The name is not legal.</exception>
    /// <exception cref="DatanetException"><see cref="DatanetError.BranchExists"/>, or a fault of the store.</exception>
    public void CreateBranch(string name)
    {
        BranchName.ThrowIfInvalid(name, nameof(name));
        Fork(name, _ => (BranchName.Main, 0));
    }

    /// <summary>Creates a branch with what another one holds at present, committed or not.</summary>
    /// <param name="name">See <see cref="BranchName.IsValid"/>.</param>
    /// <param name="fromBranch">A branch of the datanet.</param>
    /// <exception cref="ArgumentException">A name is not legal.</exception>
    /// <exception cref="DatanetException">
    /// <see cref="DatanetError.BranchExists"/>, <see cref="DatanetError.BranchNotFound"/>, or a fault of the store.
    /// </exception>
    public void CreateBranch(string name, string fromBranch)
    {
        BranchName.ThrowIfInvalid(name, nameof(name));
        BranchName.ThrowIfInvalid(fromBranch, nameof(fromBranch));
        Fork(name, writer => (fromBranch, new BranchView(this, writer, fromBranch).Size));
    }

    /// <summary>Creates a branch with what a version holds.</summary>
    /// <param name="name">See <see cref="BranchName.IsValid"/>.</param>
    /// <param name="from">A version of this datanet.</param>
    /// <exception cref="ArgumentException">The name is not legal.</exception>
    /// <exception cref="DatanetException">
    /// <see cref="DatanetError.BranchExists"/>, <see cref="DatanetError.VersionNotFound"/>, or a fault of the store.
    /// </exception>
    public void CreateBranch(string name, DatanetVersion from)
    {
        BranchName.ThrowIfInvalid(name, nameof(name));
        ArgumentNullException.ThrowIfNull(from);
        Fork(name, writer => ReadVersion(writer, from.Number).Id == from.Id ? (from.Branch, from.TreeSize) : throw NotHere(from));
    }

    /// <summary>Lists the branches: <c>main</c>, then the others by name.</summary>
    /// <exception cref="DatanetException">A fault of the store.</exception>
    public IReadOnlyList<string> Branches() => _store.Read(reader => (string[])
    [
        BranchName.Main,
        .. reader.ReadForks(Id).Select(fork => fork.Branch).Where(name => name != BranchName.Main).Distinct().Order(StringComparer.Ordinal),
    ]);

    /// <summary>The version that the next one of a branch continues; <see langword="null"/> when there is none.</summary>
    /// <param name="branch">A branch of the datanet.</param>
    /// <exception cref="ArgumentException">The name is not legal.</exception>
    /// <exception cref="DatanetException"><see cref="DatanetError.BranchNotFound"/>, or a fault of the store.</exception>
    public DatanetVersion? Head(string branch)
    {
        BranchName.ThrowIfInvalid(branch, nameof(branch));
        return _store.Read(reader => ReadHead(reader, branch, new BranchView(this, reader, branch).Size));
    }

    /// <summary>Makes records of one branch part of another, which must not hold the same content already.</summary>
    /// <param name="records">Records that <paramref name="fromBranch"/> holds; they stay there.</param>
    /// <param name="fromBranch">Where they are.</param>
    /// <param name="toBranch">Where they shall be, too.</param>
    /// <returns>What happened to each, in the same order.</returns>
    /// <exception cref="ArgumentException">A name is not legal.</exception>
    /// <exception cref="DatanetException">
    /// <see cref="DatanetError.RecordNotFound"/> or <see cref="DatanetError.RecordErased"/>: then nothing was included;
    /// <see cref="DatanetError.BranchNotFound"/>; or a fault of the store.
    /// </exception>
    public IReadOnlyList<InclusionOutcome> Include(IReadOnlyList<RecordDigest> records, string fromBranch, string toBranch)
    {
        ArgumentNullException.ThrowIfNull(records);
        return _store.Write(writer => Include(writer, records, fromBranch, toBranch));
    }

    /// <summary>Does what the other overload does inside a transaction that was begun elsewhere, for example the one of a review decision.</summary>
    /// <param name="writer">A transaction of this datanet's store.</param>
    /// <param name="records">Records that <paramref name="fromBranch"/> holds; they stay there.</param>
    /// <param name="fromBranch">Where they are.</param>
    /// <param name="toBranch">Where they shall be, too.</param>
    /// <returns>What happened to each, in the same order.</returns>
    /// <exception cref="ArgumentException">A name is not legal.</exception>
    /// <exception cref="DatanetException">As for the other overload; let it end the transaction.</exception>
    public IReadOnlyList<InclusionOutcome> Include(
        IDatanetWriter writer, IReadOnlyList<RecordDigest> records, string fromBranch, string toBranch)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(records);
        BranchName.ThrowIfInvalid(fromBranch, nameof(fromBranch));
        BranchName.ThrowIfInvalid(toBranch, nameof(toBranch));
        BranchView source = new(this, writer, fromBranch);
        FingerprintKeys keys = new(writer.ReadFingerprintKeys(Id));
        long nowMs = _timeProvider.GetUtcNow().ToUnixTimeMilliseconds();
        InclusionOutcome[] outcomes = new InclusionOutcome[records.Count];
        for (int i = 0; i < outcomes.Length; i++)
        {
            BranchView target = new(this, writer, toBranch); // anew, since each inclusion counts for the next
            DatanetStep added = source.Find(records[i]);
            if (FindSame(writer, target, added, keys) is DatanetStep same)
            {
                outcomes[i] = new InclusionOutcome(records[i], null, new EarlierRecord(same.Record, same.Contributor, same.Position));
            }
            else
            {
                writer.AppendStep(Id, DatanetStep.Include(target.Size, toBranch, nowMs, added.Position));
                outcomes[i] = new InclusionOutcome(records[i], target.Size, null);
            }
        }

        return outcomes;
    }

    /// <summary>Takes records off a branch. They stay on other branches and in older versions; to destroy a payload, erase it.</summary>
    /// <param name="records">Records that the branch holds.</param>
    /// <param name="branch">The branch.</param>
    /// <param name="reason">Why, 1 to 1,000 characters; kept in the journal.</param>
    /// <param name="removedBy">Who decided it; not the default value.</param>
    /// <exception cref="ArgumentException">A parameter is not legal.</exception>
    /// <exception cref="DatanetException">
    /// <see cref="DatanetError.RecordNotFound"/> or <see cref="DatanetError.RecordErased"/>: then nothing was removed;
    /// <see cref="DatanetError.BranchNotFound"/>; or a fault of the store.
    /// </exception>
    public void Remove(IReadOnlyList<RecordDigest> records, string branch, string reason, ContributorId removedBy)
    {
        ArgumentNullException.ThrowIfNull(records);
        BranchName.ThrowIfInvalid(branch, nameof(branch));
        ThrowIfIllegalReason(reason);
        ThrowIfNobody(removedBy, nameof(removedBy));
        if (records.Count == 0)
        {
            return;
        }

        _journal.Decide(_life, draft =>
        {
            long first = draft.Writer.CountSteps(Id);
            foreach (RecordDigest record in records)
            {
                BranchView view = new(this, draft.Writer, branch);
                DatanetStep added = view.Find(record);
                draft.Writer.AppendStep(Id, DatanetStep.Remove(view.Size, branch, draft.Now.ToUnixTimeMilliseconds(), added.Position, null));
            }

            return draft.Append(DatanetLife.RecordsRemoved, removedBy, new JsonObject
            {
                ["branch"] = branch,
                ["firstStep"] = first,
                ["count"] = records.Count,
                ["reason"] = reason,
            });
        });
    }

    /// <summary>Gives a version a name that never moves.</summary>
    /// <param name="name">See <see cref="BranchName.IsValid"/>.</param>
    /// <param name="version">A version of this datanet.</param>
    /// <param name="taggedBy">Who gives the name; not the default value.</param>
    /// <exception cref="ArgumentException">A parameter is not legal.</exception>
    /// <exception cref="DatanetException">
    /// <see cref="DatanetError.TagExists"/>, <see cref="DatanetError.VersionNotFound"/>, or a fault of the store.
    /// </exception>
    public void Tag(string name, DatanetVersion version, ContributorId taggedBy)
    {
        BranchName.ThrowIfInvalid(name, nameof(name));
        ArgumentNullException.ThrowIfNull(version);
        ThrowIfNobody(taggedBy, nameof(taggedBy));
        _journal.Decide(_life, draft =>
        {
            if (_life.Tags.TryGetValue(name, out (int Number, string Id) earlier))
            {
                throw new DatanetException(
                    DatanetError.TagExists, $"The datanet '{Id}' has a tag '{name}' already, for version {earlier.Number}; tags never move, choose another name.");
            }

            return ReadVersion(draft.Writer, version.Number).Id == version.Id
                ? draft.Append(DatanetLife.VersionTagged, taggedBy, new JsonObject
                {
                    ["tag"] = name,
                    ["version"] = version.Number,
                    ["versionId"] = version.Id.ToString(),
                })
                : throw NotHere(version);
        });
    }

    /// <summary>Lists the tags by name, each with the number of its version.</summary>
    /// <exception cref="DatanetException">A fault of the store.</exception>
    public IReadOnlyDictionary<string, int> Tags() => _journal.Query(_life, _ =>
        new SortedDictionary<string, int>(_life.Tags.ToDictionary(tag => tag.Key, tag => tag.Value.Number), StringComparer.Ordinal));

    /// <summary>Reads the version that a tag names.</summary>
    /// <param name="tag">The tag.</param>
    /// <exception cref="ArgumentException">The name is not legal.</exception>
    /// <exception cref="DatanetException"><see cref="DatanetError.TagNotFound"/>, or a fault of the store.</exception>
    public DatanetVersion GetTagged(string tag)
    {
        BranchName.ThrowIfInvalid(tag, nameof(tag));
        (int number, string? id) = _journal.Query(_life, _ => _life.Tags.GetValueOrDefault(tag));
        DatanetVersion version = id is null
            ? throw new DatanetException(DatanetError.TagNotFound, $"The datanet '{Id}' has no tag '{tag}'.")
            : GetVersion(number);
        return version.Id.ToString() == id ? version : throw Damaged($"the tag '{tag}' names another version {number}");
    }

    /// <summary>Gives a branch the content of an older version again, as a new version; the history in between stays.</summary>
    /// <param name="version">A version of this datanet, of any branch.</param>
    /// <param name="branch">The branch to change.</param>
    /// <param name="message">Why, 1 to 10,000 characters, not only white space.</param>
    /// <param name="author">Who decided it; not the default value.</param>
    /// <returns>The new version; it holds the same records in the same order, except those that were erased since.</returns>
    /// <exception cref="ArgumentException">A parameter is not legal.</exception>
    /// <exception cref="DatanetException">
    /// <see cref="DatanetError.VersionNotFound"/>, <see cref="DatanetError.BranchNotFound"/>, or a fault of the store.
    /// </exception>
    public DatanetVersion Rollback(DatanetVersion version, string branch, string message, ContributorId author)
    {
        ArgumentNullException.ThrowIfNull(version);
        ThrowIfIllegal(message, branch, author);
        return Change(writer =>
        {
            if (ReadVersion(writer, version.Number).Id != version.Id)
            {
                throw NotHere(version);
            }

            BranchView view = new(this, writer, branch);
            long nowMs = _timeProvider.GetUtcNow().ToUnixTimeMilliseconds();
            writer.AppendStep(Id, DatanetStep.Fork(view.Size, branch, nowMs, version.Branch, version.TreeSize));
            return CommitInside(writer, message, branch, author, merged: null);
        });
    }

    /// <summary>What changed between two versions, on the same branch or on different ones: first what went, then what came or took its place.</summary>
    /// <param name="older">A version of this datanet.</param>
    /// <param name="newer">Another version, not necessarily later.</param>
    /// <returns>A sequence in log order; records that were erased since take part, since their leaves remain.</returns>
    /// <exception cref="DatanetException"><see cref="DatanetError.VersionNotFound"/>, or a fault of the store, also while walking.</exception>
    public IEnumerable<RecordChange> Diff(DatanetVersion older, DatanetVersion newer)
    {
        PrepareLog(older);
        PrepareLog(newer);
        lock (_logGate)
        {
            BranchContent before = _log.ContentAt(older.Branch, older.TreeSize);
            BranchContent after = _log.ContentAt(newer.Branch, newer.TreeSize);
            Dictionary<long, long> replacedBy = [];
            foreach (long record in before.Except(after))
            {
                if (_log.ReplacementOf(record, after, newer.TreeSize) is long replacement && !before.Contains(replacement))
                {
                    replacedBy.TryAdd(replacement, record);
                }
            }

            return WalkChanges(before, after, replacedBy);
        }
    }

    private IEnumerable<RecordChange> WalkChanges(BranchContent before, BranchContent after, Dictionary<long, long> replacedBy)
    {
        HashSet<long> replaced = [.. replacedBy.Values];
        foreach (long record in before.Except(after))
        {
            if (!replaced.Contains(record))
            {
                DatanetStep removed = _store.Read(reader => ReadAddition(reader, record));
                yield return new RecordChange(RecordChangeKind.Removed, removed.Record, record, null);
            }
        }

        foreach (long record in after.Except(before))
        {
            (DatanetStep added, DatanetStep? old) = _store.Read(reader =>
                (ReadAddition(reader, record), replacedBy.TryGetValue(record, out long position) ? ReadAddition(reader, position) : null));
            yield return new RecordChange(old is null ? RecordChangeKind.Added : RecordChangeKind.Replaced, added.Record, record, old?.Record);
        }
    }

    private void Fork(string name, Func<IDatanetWriter, (string Branch, long Size)> from) => _store.Write(writer =>
    {
        long size = writer.CountSteps(Id);
        if (BranchMembership.Exists(writer.ReadForks(Id), name, size))
        {
            throw new DatanetException(DatanetError.BranchExists, $"The datanet '{Id}' has a branch '{name}' already; choose another name.");
        }

        (string branch, long source) = from(writer);
        writer.AppendStep(Id, DatanetStep.Fork(size, name, _timeProvider.GetUtcNow().ToUnixTimeMilliseconds(), branch, source));
        return true;
    });

    private DatanetStep? FindSame(IDatanetReader reader, BranchView branch, DatanetStep added, FingerprintKeys keys)
    {
        if (branch.Contains(added))
        {
            return added;
        }

        // Null only for an erased record, which no branch holds.
        return NormalizedOf(reader, added.Position) is Canonical.Sha256Digest normalized
            ? branch.FindSame(keys.Of(normalized), normalized, added.Record, except: null)
            : null;
    }

    private static void ThrowIfIllegalReason(string reason)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        if (reason.Length > MaxReasonLength)
        {
            throw new ArgumentException($"The reason has {reason.Length} characters; at most {MaxReasonLength} are allowed.", nameof(reason));
        }
    }
}
