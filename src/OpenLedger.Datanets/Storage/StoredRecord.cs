using OpenLedger.Datanets.Canonical;
using OpenLedger.Datanets.Contributions;
using OpenLedger.Datanets.Records;

namespace OpenLedger.Datanets.Storage;

/// <summary>What a store keeps of an accepted record, apart from its payload.</summary>
/// <param name="Position">0-based position in the datanet, which is also its leaf index.</param>
/// <param name="Digest">Names the record.</param>
/// <param name="NormalizedDigest">The key under which near-identical spellings meet.</param>
/// <param name="Contributor">Who gave it.</param>
/// <param name="Contribution">The contribution it came with.</param>
/// <param name="RegisteredAtUnixMs">When it was accepted, in milliseconds since 1970-01-01 UTC.</param>
public sealed record StoredRecord(
    long Position,
    RecordDigest Digest,
    Sha256Digest NormalizedDigest,
    ContributorId Contributor,
    Sha256Digest Contribution,
    long RegisteredAtUnixMs);
