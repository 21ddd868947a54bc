using OpenLedger.Datanets.Canonical;
using OpenLedger.Datanets.Records;
using OpenLedger.Datanets.Storage;
using OpenLedger.Datanets.Transparency;

namespace OpenLedger.Datanets.Versions;

// Versions: making them, reading them back, proving things about them.
public sealed partial class Datanet
{
    private const int PageSize = 512;
    private const int WalkPageSize = 64; // with payloads, each up to a mebibyte

    /// <summary>Makes a version of all records accepted so far, written by <see cref="Owner"/>.</summary>
    /// <param name="message">Why, 1 to 10,000 characters, not only white space.</param>
    /// <returns>The new version.</returns>
    /// <exception cref="ArgumentException">The message is empty or too long.</exception>
    /// <exception cref="DatanetException">
    /// <see cref="DatanetError.NothingToCommit"/>: no record was accepted since the last version; or a fault of the store.
    /// </exception>
    public DatanetVersion Commit(string message)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(message);
        if (message.Length > DatanetVersion.MaxMessageLength)
        {
            throw new ArgumentException(
                $"The message has {message.Length} characters; at most {DatanetVersion.MaxMessageLength} are allowed.", nameof(message));
        }

        lock (_treeGate)
        {
            return _store.Write(writer =>
            {
                int latest = writer.LatestVersion(Id);
                DatanetVersion? parent = latest == 0 ? null : ReadVersion(writer, latest);
                long count = writer.CountRecords(Id);
                if (count == (parent?.TreeSize ?? 0))
                {
                    throw new DatanetException(
                        DatanetError.NothingToCommit,
                        $"The datanet '{Id}' has no new record since {(parent is null ? "it was created" : $"version {latest}")}; submit some first.");
                }

                GrowTree(writer, count);
                ThrowIfRootDiffers(parent);
                DatanetVersion version = new(
                    Id,
                    latest + 1,
                    parent?.Id,
                    _tree.RootAt(count),
                    count,
                    Schema.Digest,
                    Owner,
                    DateTimeOffset.FromUnixTimeMilliseconds(_timeProvider.GetUtcNow().ToUnixTimeMilliseconds()),
                    message);
                writer.AddVersion(Id, version.Number, version.Header);
                return version;
            });
        }
    }

    /// <summary>The number of the latest version; 0 while there is none.</summary>
    /// <exception cref="DatanetException">A fault of the store.</exception>
    public int LatestVersionNumber() => _store.Read(reader => reader.LatestVersion(Id));

    /// <summary>Reads a version.</summary>
    /// <param name="number">1 to <see cref="LatestVersionNumber"/>.</param>
    /// <exception cref="DatanetException"><see cref="DatanetError.VersionNotFound"/>, or a fault of the store.</exception>
    public DatanetVersion GetVersion(int number) => _store.Read(reader => ReadVersion(reader, number));

    /// <summary>Reads the records of a version in leaf order, each checked against the version's root.</summary>
    /// <param name="version">A version of this datanet.</param>
    /// <returns>A sequence that reads the store in pages while it is walked.</returns>
    /// <exception cref="DatanetException">
    /// <see cref="DatanetError.VersionNotFound"/>: not a version of this datanet; or a fault of the store, also while walking.
    /// </exception>
    public IEnumerable<CommittedRecord> Records(DatanetVersion version)
    {
        PrepareTree(version);
        return Walk(version.TreeSize);
    }

    /// <summary>Proves that a version holds a record.</summary>
    /// <param name="record">The record's digest.</param>
    /// <param name="version">A version of this datanet.</param>
    /// <returns>A proof for the hash of the record's leaf, which <see cref="GetLeaf"/> gives.</returns>
    /// <exception cref="DatanetException">
    /// <see cref="DatanetError.RecordNotFound"/>, <see cref="DatanetError.VersionNotFound"/>, or a fault of the store.
    /// </exception>
    public InclusionProof ProveInclusion(RecordDigest record, DatanetVersion version)
    {
        PrepareTree(version);
        StoredRecord stored = Find(record);
        if (stored.Position >= version.TreeSize)
        {
            throw new DatanetException(DatanetError.RecordNotFound, $"Version {version.Number} of '{Id}' does not hold the record {record}; a later one may.");
        }

        lock (_treeGate)
        {
            return LeafOf(stored).Hash() == _tree.LeafHash(stored.Position)
                ? _tree.ProveInclusion(stored.Position, version.TreeSize)
                : throw Damaged($"record {record} contradicts its leaf");
        }
    }

    /// <summary>Proves that the newer version holds all records of the older one, unchanged and in the same order.</summary>
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

        PrepareTree(older);
        PrepareTree(newer);
        lock (_treeGate)
        {
            return _tree.ProveConsistency(older.TreeSize, newer.TreeSize);
        }
    }

    /// <summary>The leaf of an accepted record, from which its hash and an offline check of a proof follow.</summary>
    /// <param name="record">The record's digest.</param>
    /// <exception cref="DatanetException"><see cref="DatanetError.RecordNotFound"/>, or a fault of the store.</exception>
    public DatanetLeaf GetLeaf(RecordDigest record) => LeafOf(Find(record));

    private StoredRecord Find(RecordDigest record) => _store.Read(reader => reader.FindRecord(Id, record))
        ?? throw new DatanetException(DatanetError.RecordNotFound, $"The datanet '{Id}' holds no record {record}.");

    private static DatanetLeaf LeafOf(StoredRecord record) => new()
    {
        Contributor = record.Contributor,
        Record = record.Digest,
        Contribution = record.Contribution,
        RegisteredAtUnixMs = record.RegisteredAtUnixMs,
    };

    /// <summary>Reads a header and checks that it is this datanet's, has that number and follows its parent.</summary>
    private DatanetVersion ReadVersion(IDatanetReader reader, int number)
    {
        DatanetVersion version = ReadHeader(reader, number)
            ?? throw new DatanetException(
                DatanetError.VersionNotFound, $"The datanet '{Id}' has no version {number}; the latest is {reader.LatestVersion(Id)}.");
        if (number > 1)
        {
            DatanetVersion parent = ReadHeader(reader, number - 1) ?? throw Damaged($"version {number - 1} is missing");
            if (version.Parent != parent.Id || version.TreeSize <= parent.TreeSize)
            {
                throw Damaged($"version {number} does not follow version {number - 1}");
            }
        }

        return version;
    }

    private DatanetVersion? ReadHeader(IDatanetReader reader, int number)
    {
        byte[]? header = reader.FindVersion(Id, number);
        if (header is null)
        {
            return null;
        }

        DatanetVersion version;
        try
        {
            version = DatanetVersion.Parse(header);
        }
        catch (DatanetException exception)
        {
            throw Damaged($"version {number} cannot be read", exception);
        }

        return version.DatanetId == Id && version.Number == number && version.Schema == Schema.Digest
            ? version
            : throw Damaged($"version {number} belongs elsewhere");
    }

    /// <summary>Makes sure that the tree covers a version of this datanet and that its root is the version's.</summary>
    private void PrepareTree(DatanetVersion version)
    {
        ArgumentNullException.ThrowIfNull(version);
        lock (_treeGate)
        {
            _store.Read(reader =>
            {
                if (ReadVersion(reader, version.Number).Id != version.Id)
                {
                    throw new DatanetException(
                        DatanetError.VersionNotFound, $"Version {version.Id} is not version {version.Number} of the datanet '{Id}' in this store.");
                }

                GrowTree(reader, version.TreeSize);
                return true;
            });
            ThrowIfRootDiffers(version);
        }
    }

    private void GrowTree(IDatanetReader reader, long size)
    {
        while (_tree.Size < size)
        {
            IReadOnlyList<StoredRecord> page = reader.ReadRecords(Id, _tree.Size, (int)Math.Min(PageSize, size - _tree.Size));
            if (page.Count == 0)
            {
                throw Damaged($"record {_tree.Size} is missing");
            }

            foreach (StoredRecord record in page)
            {
                _tree.AppendHash(LeafOf(record).Hash());
            }
        }
    }

    private void ThrowIfRootDiffers(DatanetVersion? version)
    {
        if (version is not null && (_tree.Size < version.TreeSize || _tree.RootAt(version.TreeSize) != version.Root))
        {
            throw Damaged($"the records of version {version.Number} contradict its root");
        }
    }

    private IEnumerable<CommittedRecord> Walk(long size)
    {
        for (long position = 0; position < size; position += WalkPageSize)
        {
            int count = (int)Math.Min(WalkPageSize, size - position);
            foreach ((StoredRecord stored, byte[] payload) in ReadPage(position, count))
            {
                yield return Check(stored, payload);
            }
        }
    }

    private List<(StoredRecord Stored, byte[] Payload)> ReadPage(long position, int count) => _store.Read(reader =>
    {
        IReadOnlyList<StoredRecord> stored = reader.ReadRecords(Id, position, count);
        if (stored.Count != count)
        {
            throw Damaged($"record {position + stored.Count} is missing");
        }

        List<(StoredRecord Stored, byte[] Payload)> page = new(count);
        foreach (StoredRecord record in stored)
        {
            page.Add((record, reader.FindPayload(record.Digest) ?? throw Damaged($"the payload of record {record.Digest} is missing")));
        }

        return page;
    });

    private CommittedRecord Check(StoredRecord stored, byte[] payload)
    {
        if (Sha256Digest.Of(payload) != stored.Digest.Value)
        {
            throw Damaged($"the payload of record {stored.Digest} has other content");
        }

        DatanetLeaf leaf = LeafOf(stored);
        Sha256Digest leafHash = leaf.Hash();
        lock (_treeGate) // taken outside the store's work: committing takes the two the other way round
        {
            if (leafHash != _tree.LeafHash(stored.Position))
            {
                throw Damaged($"record {stored.Digest} contradicts its leaf");
            }
        }

        return new CommittedRecord(stored.Position, DatanetRecord.Parse(payload), leaf);
    }
}
