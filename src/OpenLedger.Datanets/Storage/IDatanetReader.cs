using OpenLedger.Datanets.Canonical;

namespace OpenLedger.Datanets.Storage;

/// <summary>Reads one snapshot of a store; valid only inside the work it was handed to. Used by one thread at a time.</summary>
public interface IDatanetReader : IStepReader, IPayloadReader, IVersionReader, IJournalReader, IItemReader
{
    /// <summary>Finds a datanet, or <see langword="null"/>.</summary>
    StoredDatanet? FindDatanet(string datanetId);

    /// <summary>Finds a contribution, or <see langword="null"/>.</summary>
    StoredContribution? FindContribution(string datanetId, Sha256Digest digest);
}
