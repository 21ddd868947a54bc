using OpenLedger.Datanets.Canonical;
using OpenLedger.Datanets.Contributions;

namespace OpenLedger.Datanets.Storage;

/// <summary>What a store keeps of a contribution.</summary>
/// <param name="Digest">SHA-256 of the statement.</param>
/// <param name="Contributor">Who signed.</param>
/// <param name="Statement">The signed statement, canonical JSON.</param>
/// <param name="Signature">The signature over the digest.</param>
public sealed record StoredContribution(
    Sha256Digest Digest, ContributorId Contributor, ReadOnlyMemory<byte> Statement, ReadOnlyMemory<byte> Signature);
