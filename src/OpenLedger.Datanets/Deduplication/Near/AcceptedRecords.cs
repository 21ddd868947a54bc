using OpenLedger.Datanets.Storage;
using OpenLedger.Datanets.Versions;

namespace OpenLedger.Datanets.Deduplication.Near;

/// <summary>What near-duplicate detection asks of the records in a store.</summary>
internal static class AcceptedRecords
{
    /// <summary>Who gave the record at a position.</summary>
    public static EarlierRecord? Find(IDatanetReader reader, string datanetId, long position) =>
        reader.ReadRecords(datanetId, position, 1) is [StoredRecord stored, ..]
            ? new EarlierRecord(stored.Digest, stored.Contributor, stored.Position)
            : null;

    /// <summary>The canonical payload at a position, or <see langword="null"/> when it was erased.</summary>
    public static byte[]? FindPayload(IDatanetReader reader, string datanetId, long position) =>
        reader.ReadRecords(datanetId, position, 1) is [StoredRecord stored, ..] ? reader.FindPayload(stored.Digest) : null;
}
