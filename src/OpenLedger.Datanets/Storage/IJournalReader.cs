namespace OpenLedger.Datanets.Storage;

/// <summary>Reads the journals of datanets; valid only inside the work it was handed to.</summary>
public interface IJournalReader
{
    /// <summary>How many entries the datanet's journal has.</summary>
    long CountEntries(string datanetId);

    /// <summary>Returns up to <paramref name="count"/> entries from a sequence number on, in order; fewer only at the end.</summary>
    IReadOnlyList<StoredEntry> ReadEntries(string datanetId, long sequence, int count);
}
