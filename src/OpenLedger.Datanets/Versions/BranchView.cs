using OpenLedger.Datanets.Canonical;
using OpenLedger.Datanets.Records;
using OpenLedger.Datanets.Storage;

namespace OpenLedger.Datanets.Versions;

/// <summary>A branch as it is inside one transaction: answers about single records without reading the rest.</summary>
internal sealed class BranchView
{
    private readonly Datanet _datanet;
    private readonly IDatanetReader _reader;
    private readonly IReadOnlyList<DatanetStep> _forks;

    /// <summary>Looks at a branch.</summary>
    /// <exception cref="DatanetException"><see cref="DatanetError.BranchNotFound"/>, or a fault of the store.</exception>
    public BranchView(Datanet datanet, IDatanetReader reader, string branch)
    {
        _datanet = datanet;
        _reader = reader;
        Branch = branch;
        Size = reader.CountSteps(datanet.Id);
        _forks = reader.ReadForks(datanet.Id);
        if (!BranchMembership.Exists(_forks, branch, Size))
        {
            throw new DatanetException(DatanetError.BranchNotFound, $"The datanet '{datanet.Id}' has no branch '{branch}'; create it first.");
        }
    }

    public string Branch { get; }

    /// <summary>How many steps the log has.</summary>
    public long Size { get; }

    public bool Contains(DatanetStep added) => EntryOf(added, Branch, Size) is not null && !IsErased(added.Position);

    /// <summary>The addition of a record that the branch holds.</summary>
    /// <exception cref="DatanetException"><see cref="DatanetError.RecordErased"/> or <see cref="DatanetError.RecordNotFound"/>.</exception>
    public DatanetStep Find(RecordDigest record)
    {
        bool isErased = false;
        foreach (long position in _reader.FindRecord(_datanet.Id, record))
        {
            DatanetStep added = _datanet.ReadAddition(_reader, position);
            if (EntryOf(added, Branch, Size) is not null)
            {
                if (!IsErased(position))
                {
                    return added;
                }

                isErased = true;
            }
        }

        throw isErased
            ? Datanet.Erased(record)
            : new DatanetException(DatanetError.RecordNotFound, $"The branch '{Branch}' of '{_datanet.Id}' does not hold the record {record}.");
    }

    /// <summary>The addition of a record on the branch whose content is the same but for case, white space and the composition of accents.</summary>
    public DatanetStep? FindSame(long fingerprint, Sha256Digest normalized, RecordDigest record, long? except)
    {
        foreach (StoredFingerprint found in _reader.ReadFingerprints(_datanet.Id, fingerprint, fingerprint))
        {
            DatanetStep added = _datanet.ReadAddition(_reader, found.Position);
            if (found.Position != except
                && Contains(added)
                && (added.Record == record || _datanet.NormalizedOf(_reader, found.Position) == normalized))
            {
                return added;
            }
        }

        return null;
    }

    private bool IsErased(long position) => _reader.FindChange(_datanet.Id, "", position, -1, Size) is not null;

    private long? EntryOf(DatanetStep added, string branch, long size) =>
        BranchMembership.EntryOf(_reader, _datanet.Id, _forks, added, branch, size);
}
