namespace OpenLedger.Datanets.Storage;

/// <summary>Reads encrypted payloads, their keys and their fingerprints; valid only inside the work it was handed to.</summary>
public interface IPayloadReader
{
    /// <summary>Reads records by position.</summary>
    /// <param name="datanetId">The datanet.</param>
    /// <param name="positions">Positions of steps that added a record.</param>
    /// <returns>One per position, in the same order.</returns>
    /// <exception cref="DatanetException"><see cref="DatanetError.StoreCorrupt"/>: a position holds no record.</exception>
    IReadOnlyList<StoredPayload> ReadPayloads(string datanetId, IReadOnlyList<long> positions);

    /// <summary>Returns the fingerprints of a range, in the order of their values.</summary>
    /// <param name="datanetId">The datanet.</param>
    /// <param name="least">The least value, included.</param>
    /// <param name="greatest">The greatest value, included.</param>
    IReadOnlyList<StoredFingerprint> ReadFingerprints(string datanetId, long least, long greatest);

    /// <summary>Returns the keys with which fingerprints are computed: one per bucket, in order.</summary>
    IReadOnlyList<byte[]> ReadFingerprintKeys(string datanetId);
}
