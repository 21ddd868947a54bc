using OpenLedger.Datanets.Storage;
using OpenLedger.Datanets.Versions;

namespace OpenLedger.Datanets.Deduplication.Near;

/// <summary>What near-duplicate detection asks of the records in a store.</summary>
internal static class AcceptedRecords
{
    /// <summary>Who gave the record at a position.</summary>
    public static EarlierRecord? Find(IDatanetReader reader, string datanetId, long position) =>
        reader.ReadSteps(datanetId, position, 1) is [{ Kind: StepKind.Add } step] ? new EarlierRecord(step.Record, step.Contributor, position) : null;

    /// <summary>The canonical payload at a position, or <see langword="null"/> when it was erased.</summary>
    /// <exception cref="DatanetException"><see cref="DatanetError.StoreCorrupt"/>: the payload cannot be opened.</exception>
    public static byte[]? FindPayload(IDatanetReader reader, string datanetId, long position)
    {
        StoredPayload stored = reader.ReadPayloads(datanetId, [position])[0];
        return stored.Key.IsEmpty
            ? null
            : new RecordCipher(datanetId).Decrypt(stored.Key.Span, stored.Step.Record, stored.Ciphertext.Span)
                ?? throw new DatanetException(
                    DatanetError.StoreCorrupt, $"The store of the datanet '{datanetId}' is damaged: record {stored.Step.Record} cannot be opened; restore it from a copy.");
    }
}
