using OpenLedger.Datanets.Contributions;

namespace OpenLedger.Datanets.Storage;

/// <summary>What a store keeps of a datanet itself.</summary>
/// <param name="Id">The datanet's id.</param>
/// <param name="Owner">Who created it.</param>
/// <param name="Schema">The schema document, canonical JSON.</param>
/// <param name="FingerprintKeys">The first keys of the fingerprint buckets, 32 bytes each; empty when read back.</param>
public sealed record StoredDatanet(string Id, ContributorId Owner, ReadOnlyMemory<byte> Schema, IReadOnlyList<byte[]> FingerprintKeys);
