namespace OpenLedger.Datanets.Storage;

/// <summary>Adds to the journals of datanets inside one transaction. Entries are never changed or removed.</summary>
public interface IJournalWriter : IJournalReader
{
    /// <summary>Adds the next entry; its sequence number equals <see cref="IJournalReader.CountEntries"/>.</summary>
    void AppendEntry(string datanetId, StoredEntry entry);
}
