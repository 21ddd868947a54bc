using OpenLedger.Datanets.Canonical;
using OpenLedger.Datanets.Deduplication;
using OpenLedger.Datanets.Records;
using OpenLedger.Datanets.Storage;
using OpenLedger.Datanets.Transparency;

namespace OpenLedger.Datanets.Versions;

// Reading versions back, and proving things about them.
public sealed partial class Datanet
{
    private const int WalkPageSize = 64; // with payloads, each up to a mebibyte

    /// <summary>Reads the records of a version in the order in which they entered it, each checked against the version's root.</summary>
    /// <param name="version">A version of this datanet, however old.</param>
    /// <returns>A sequence that reads the store in pages while it is walked; records that were erased since are left out.</returns>
    /// <exception cref="DatanetException">
    /// <see cref="DatanetError.VersionNotFound"/>: not a version of this datanet; or a fault of the store, also while walking.
    /// </exception>
    public IEnumerable<CommittedRecord> Records(DatanetVersion version)
    {
        PrepareLog(version);
        lock (_logGate)
        {
            return Walk(_log, _log.ContentAt(version.Branch, version.TreeSize), version.TreeSize);
        }
    }

    /// <summary>Reads what a branch holds at present, committed or not.</summary>
    /// <param name="branch">A branch of the datanet.</param>
    /// <returns>A sequence that reads the store in pages while it is walked; later changes of the branch do not show.</returns>
    /// <exception cref="ArgumentException">The name is not legal.</exception>
    /// <exception cref="DatanetException"><see cref="DatanetError.BranchNotFound"/>, or a fault of the store, also while walking.</exception>
    public IEnumerable<CommittedRecord> PresentRecords(string branch)
    {
        BranchName.ThrowIfInvalid(branch, nameof(branch));
        lock (_logGate)
        {
            long size = _store.Read(reader =>
            {
                long steps = new BranchView(this, reader, branch).Size;
                GrowLog(reader, steps);
                return steps;
            });
            return Walk(_log, _log.ContentAt(branch, size), size);
        }
    }

    /// <summary>Reads one record, on whatever branch it is.</summary>
    /// <param name="record">Its digest.</param>
    /// <exception cref="DatanetException">
    /// <see cref="DatanetError.RecordErased"/>, <see cref="DatanetError.RecordNotFound"/>, or a fault of the store.
    /// </exception>
    public DatanetRecord GetRecord(RecordDigest record) => _store.Read(reader =>
    {
        IReadOnlyList<StoredPayload> found = reader.ReadPayloads(Id, reader.FindRecord(Id, record));
        if (found.Count == 0)
        {
            throw new DatanetException(DatanetError.RecordNotFound, $"The datanet '{Id}' holds no record {record}.");
        }

        StoredPayload? readable = found.FirstOrDefault(payload => !payload.Key.IsEmpty);
        return readable is not null
            ? DatanetRecord.Parse(Open(readable))
            : throw (found.All(payload => IsErased(reader, payload)) ? Erased(record) : Damaged($"record {record} has no key"));
    });

    /// <summary>Lists the steps of the log up to a version: all that happened on all branches, as the version's root commits to it.</summary>
    /// <param name="version">A version of this datanet.</param>
    /// <returns>A sequence that reads the store in pages while it is walked.</returns>
    /// <exception cref="DatanetException"><see cref="DatanetError.VersionNotFound"/>, or a fault of the store, also while walking.</exception>
    public IEnumerable<DatanetStep> Steps(DatanetVersion version)
    {
        PrepareLog(version);
        return WalkSteps(_log, version.TreeSize);
    }

    /// <summary>Proves that the log of a version holds the step that added a record.</summary>
    /// <param name="record">The digest of a record of the version; also one that was erased since.</param>
    /// <param name="version">A version of this datanet.</param>
    /// <returns>A proof for the hash of the record's leaf, which <see cref="GetLeaf(RecordDigest, DatanetVersion)"/> gives.</returns>
    /// <remarks>On a branch with removals, that the record was not removed follows from the <see cref="Steps"/> only.</remarks>
    /// <exception cref="DatanetException">
    /// <see cref="DatanetError.RecordNotFound"/>, <see cref="DatanetError.VersionNotFound"/>, or a fault of the store.
    /// </exception>
    public InclusionProof ProveInclusion(RecordDigest record, DatanetVersion version)
    {
        PrepareLog(version);
        DatanetStep added = FindIn(record, version);
        lock (_logGate)
        {
            return added.Hash() == _log.Tree.LeafHash(added.Position)
                ? _log.Tree.ProveInclusion(added.Position, version.TreeSize)
                : throw Damaged($"record {record} contradicts its leaf");
        }
    }

    /// <summary>Proves that the newer version's log begins with all steps of the older one, unchanged and in the same order, whatever their branches.</summary>
    /// <param name="older">A version of this datanet.</param>
    /// <param name="newer">The same version or a later one.</param>
    /// <exception cref="ArgumentException"><paramref name="older"/> is later than <paramref name="newer"/>.</exception>
    /// <exception cref="DatanetException"><see cref="DatanetError.VersionNotFound"/>, or a fault of the store.</exception>
    public ConsistencyProof ProveConsistency(DatanetVersion older, DatanetVersion newer)
    {
        ArgumentNullException.ThrowIfNull(older);
        ArgumentNullException.ThrowIfNull(newer);
        if (older.Number > newer.Number)
        {
            throw new ArgumentException($"Version {older.Number} is later than version {newer.Number}; swap them.", nameof(older));
        }

        PrepareLog(older);
        PrepareLog(newer);
        lock (_logGate)
        {
            return _log.Tree.ProveConsistency(older.TreeSize, newer.TreeSize);
        }
    }

    /// <summary>The leaf of an accepted record, from which its hash and an offline check of a proof follow; the first, when several branches took it.</summary>
    /// <param name="record">The record's digest; also one that was erased.</param>
    /// <exception cref="DatanetException"><see cref="DatanetError.RecordNotFound"/>, or a fault of the store.</exception>
    public DatanetLeaf GetLeaf(RecordDigest record) => _store.Read(reader => reader.FindRecord(Id, record) is [long first, ..]
        ? ReadAddition(reader, first).ToLeaf()
        : throw new DatanetException(DatanetError.RecordNotFound, $"The datanet '{Id}' holds no record {record}."));

    /// <summary>The leaf of a record of a version.</summary>
    /// <param name="record">The record's digest; also one that was erased since.</param>
    /// <param name="version">A version of this datanet.</param>
    /// <exception cref="DatanetException">
    /// <see cref="DatanetError.RecordNotFound"/>, <see cref="DatanetError.VersionNotFound"/>, or a fault of the store.
    /// </exception>
    public DatanetLeaf GetLeaf(RecordDigest record, DatanetVersion version)
    {
        PrepareLog(version);
        return FindIn(record, version).ToLeaf();
    }

    internal static DatanetException Erased(RecordDigest record) => new(
        DatanetError.RecordErased, $"The record {record} was erased; its payload is gone for good, its leaf and its proofs remain.");

    internal DatanetStep ReadAddition(IDatanetReader reader, long position) =>
        reader.ReadSteps(Id, position, 1) is [{ Kind: StepKind.Add } step] ? step : throw Damaged($"record {position} is missing");

    /// <summary>The normalised digest of a stored record, computed anew: it is not kept anywhere. <see langword="null"/> when it was erased.</summary>
    internal Sha256Digest? NormalizedOf(IDatanetReader reader, long position)
    {
        StoredPayload stored = reader.ReadPayloads(Id, [position])[0];
        return stored.Key.IsEmpty ? null : NormalizedDigest.Of(DatanetRecord.Parse(Open(stored)));
    }

    private byte[] Open(StoredPayload stored)
    {
        byte[]? payload = _cipher.Decrypt(stored.Key.Span, stored.Step.Record, stored.Ciphertext.Span);
        return payload is not null && Sha256Digest.Of(payload) == stored.Step.Record.Value
            ? payload
            : throw Damaged($"the payload of record {stored.Step.Record} has other content");
    }

    private DatanetStep FindIn(RecordDigest record, DatanetVersion version) => _store.Read(reader =>
    {
        IReadOnlyList<DatanetStep> forks = reader.ReadForks(Id);
        foreach (long position in reader.FindRecord(Id, record))
        {
            DatanetStep added = ReadAddition(reader, position);
            if (BranchMembership.EntryOf(reader, Id, forks, added, version.Branch, version.TreeSize) is not null)
            {
                return added;
            }
        }

        throw new DatanetException(DatanetError.RecordNotFound, $"Version {version.Number} of '{Id}' does not hold the record {record}; another one may.");
    });

    private IEnumerable<CommittedRecord> Walk(DatanetLog log, BranchContent content, long size)
    {
        for (long next = 0; next < size;)
        {
            List<long> page;
            lock (_logGate)
            {
                page = log.InOrder(content, size, WalkPageSize, ref next);
            }

            foreach (CommittedRecord record in ReadChecked(log, page))
            {
                yield return record;
            }
        }
    }

    /// <summary>Reads records by position, each checked against the log; erased ones are left out.</summary>
    /// <param name="version">A version of this datanet.</param>
    /// <param name="positions">Positions that <see cref="Records"/> of this version gave.</param>
    internal IEnumerable<CommittedRecord> RecordsAt(DatanetVersion version, IReadOnlyList<long> positions)
    {
        PrepareLog(version);
        return ReadChecked(_log, positions);
    }

    private IEnumerable<CommittedRecord> ReadChecked(DatanetLog log, IReadOnlyList<long> positions)
    {
        foreach (StoredPayload stored in _store.Read(reader => ReadPage(reader, positions)))
        {
            Sha256Digest leafHash = stored.Step.Hash();
            lock (_logGate) // taken outside the store's work: committing takes the two the other way round
            {
                if (leafHash != log.Tree.LeafHash(stored.Step.Position))
                {
                    throw Damaged($"record {stored.Step.Record} contradicts its leaf");
                }
            }

            if (!stored.Key.IsEmpty)
            {
                yield return new CommittedRecord(stored.Step.Position, DatanetRecord.Parse(Open(stored)), stored.Step.ToLeaf());
            }
        }
    }

    private IReadOnlyList<StoredPayload> ReadPage(IDatanetReader reader, IReadOnlyList<long> positions)
    {
        IReadOnlyList<StoredPayload> page = reader.ReadPayloads(Id, positions);
        foreach (StoredPayload payload in page)
        {
            if (payload.Key.IsEmpty && !IsErased(reader, payload))
            {
                throw Damaged($"record {payload.Step.Record} has no key");
            }
        }

        return page;
    }

    /// <summary>Whether a step of the log says so; a missing key alone is damage.</summary>
    private bool IsErased(IDatanetReader reader, StoredPayload payload) =>
        reader.FindChange(Id, "", payload.Step.Position, -1, long.MaxValue) is not null;

    private IEnumerable<DatanetStep> WalkSteps(DatanetLog log, long size)
    {
        for (long position = 0; position < size; position += PageSize)
        {
            long from = position;
            foreach (DatanetStep step in _store.Read(reader => reader.ReadSteps(Id, from, (int)Math.Min(PageSize, size - from))))
            {
                Sha256Digest leafHash = step.Hash();
                lock (_logGate)
                {
                    if (leafHash != log.Tree.LeafHash(step.Position))
                    {
                        throw Damaged($"step {step.Position} contradicts its leaf");
                    }
                }

                yield return step;
            }
        }
    }
}
