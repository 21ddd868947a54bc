namespace OpenLedger.Datanets.Storage;

/// <summary>Adds to a store inside one transaction. Records, versions and journal entries are never changed. Used by one thread at a time.</summary>
public interface IDatanetWriter : IDatanetReader, IJournalWriter, IItemWriter
{
    /// <summary>Adds a datanet whose id is free.</summary>
    void AddDatanet(StoredDatanet datanet);

    /// <summary>Adds a contribution; one that is there already is left as it is.</summary>
    void AddContribution(string datanetId, StoredContribution contribution);

    /// <summary>Adds a record at the next position; both its digests are new to the datanet and its contribution was added.</summary>
    /// <param name="datanetId">The datanet.</param>
    /// <param name="record">The record; its position equals <see cref="IDatanetReader.CountRecords"/>.</param>
    /// <param name="payload">The canonical payload, kept once however many datanets hold it.</param>
    void AddRecord(string datanetId, StoredRecord record, ReadOnlyMemory<byte> payload);

    /// <summary>Adds the version that follows the latest one.</summary>
    void AddVersion(string datanetId, int number, ReadOnlyMemory<byte> header);
}
