namespace OpenLedger.Datanets.Storage;

/// <summary>
/// Adds to a store inside one transaction. Steps, versions and journal entries are never changed; payloads and keys can be destroyed. Used by
/// one thread at a time.
/// </summary>
public interface IDatanetWriter : IDatanetReader, IStepWriter, IPayloadWriter, IVersionWriter, IJournalWriter, IItemWriter
{
    /// <summary>Adds a datanet whose id is free.</summary>
    void AddDatanet(StoredDatanet datanet);

    /// <summary>Adds a contribution; one that is there already is left as it is.</summary>
    void AddContribution(string datanetId, StoredContribution contribution);
}
