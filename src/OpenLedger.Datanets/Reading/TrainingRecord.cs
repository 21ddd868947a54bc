using OpenLedger.Datanets.Contributions;
using OpenLedger.Datanets.Records;

namespace OpenLedger.Datanets.Reading;

/// <summary>A record on its way into training. It never parts from its id and its contributor.</summary>
/// <param name="Record">The record, or the part of it that an access grant covers.</param>
/// <param name="Digest">The digest of the whole record as the datanet holds it.</param>
/// <param name="Contributor">Who gave it and is paid for it.</param>
/// <param name="DatanetId">The datanet.</param>
/// <param name="LeafIndex">Its place in the datanet's transparency tree.</param>
/// <param name="Licence">The licence it was given under.</param>
/// <param name="Split">The part it falls into, or an empty text when the reader divides nothing.</param>
public sealed record TrainingRecord(
    DatanetRecord Record, RecordDigest Digest, ContributorId Contributor, string DatanetId, long LeafIndex, string Licence, string Split);
