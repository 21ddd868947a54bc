using OpenLedger.Datanets.Canonical;
using OpenLedger.Datanets.Records;

namespace OpenLedger.Datanets.Storage;

/// <summary>Reads one snapshot of a store; valid only inside the work it was handed to. Used by one thread at a time.</summary>
public interface IDatanetReader : IJournalReader, IItemReader
{
    /// <summary>Finds a datanet, or <see langword="null"/>.</summary>
    StoredDatanet? FindDatanet(string datanetId);

    /// <summary>Finds a contribution, or <see langword="null"/>.</summary>
    StoredContribution? FindContribution(string datanetId, Sha256Digest digest);

    /// <summary>Finds a record by its digest, or <see langword="null"/>.</summary>
    StoredRecord? FindRecord(string datanetId, RecordDigest digest);

    /// <summary>Finds a record by its normalised digest, or <see langword="null"/>.</summary>
    StoredRecord? FindNormalized(string datanetId, Sha256Digest normalizedDigest);

    /// <summary>Returns up to <paramref name="count"/> records from a position on, in order; fewer only at the end.</summary>
    IReadOnlyList<StoredRecord> ReadRecords(string datanetId, long position, int count);

    /// <summary>How many records the datanet has, committed or not.</summary>
    long CountRecords(string datanetId);

    /// <summary>Finds a payload, or <see langword="null"/>.</summary>
    byte[]? FindPayload(RecordDigest digest);

    /// <summary>Finds the canonical header of a version, or <see langword="null"/>.</summary>
    byte[]? FindVersion(string datanetId, int number);

    /// <summary>The number of the latest version; 0 while there is none.</summary>
    int LatestVersion(string datanetId);
}
