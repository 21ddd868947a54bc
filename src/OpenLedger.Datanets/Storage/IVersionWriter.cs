namespace OpenLedger.Datanets.Storage;

/// <summary>Adds versions inside one transaction. Versions are never changed or removed.</summary>
public interface IVersionWriter : IVersionReader
{
    /// <summary>Adds the version that follows the latest one.</summary>
    void AddVersion(string datanetId, StoredVersion version);
}
