using OpenLedger.Datanets.Contributions;
using OpenLedger.Datanets.Records;

namespace OpenLedger.Datanets.Versions;

/// <summary>The record that was there first when a duplicate is refused.</summary>
/// <param name="Digest">Names the earlier record; equal to the refused one's when the payloads are the same.</param>
/// <param name="Contributor">Who gave it.</param>
/// <param name="LeafIndex">Its 0-based position in the datanet.</param>
public sealed record EarlierRecord(RecordDigest Digest, ContributorId Contributor, long LeafIndex);
