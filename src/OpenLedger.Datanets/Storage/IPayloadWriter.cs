namespace OpenLedger.Datanets.Storage;

/// <summary>Destroys payloads and keys. What is destroyed is overwritten in the tables; <see cref="IDatanetStore.Purge"/> then clears the logs.</summary>
public interface IPayloadWriter : IPayloadReader
{
    /// <summary>Overwrites the key and the ciphertext of a record; nothing happens when it was erased before.</summary>
    /// <param name="datanetId">The datanet.</param>
    /// <param name="position">The step that added the record.</param>
    void DestroyPayload(string datanetId, long position);

    /// <summary>Overwrites the key of one bucket and replaces the bucket's fingerprints.</summary>
    /// <param name="datanetId">The datanet.</param>
    /// <param name="bucket">The bucket.</param>
    /// <param name="key">The new key, 32 bytes.</param>
    /// <param name="least">The least value of the bucket; all fingerprints from here to <paramref name="greatest"/> are removed.</param>
    /// <param name="greatest">The greatest value of the bucket.</param>
    /// <param name="fingerprints">The bucket's new content, each value from <paramref name="least"/> to <paramref name="greatest"/>.</param>
    void ReplaceFingerprints(
        string datanetId, int bucket, ReadOnlyMemory<byte> key, long least, long greatest, IReadOnlyList<StoredFingerprint> fingerprints);
}
