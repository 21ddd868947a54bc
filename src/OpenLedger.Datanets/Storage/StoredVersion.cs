using OpenLedger.Datanets.Canonical;

namespace OpenLedger.Datanets.Storage;

/// <summary>What a store keeps of a version.</summary>
/// <param name="Number">1, 2, 3 … over all branches.</param>
/// <param name="Id">SHA-256 of <paramref name="Header"/>.</param>
/// <param name="Branch">The branch it was committed on.</param>
/// <param name="Header">The version header, canonical JSON.</param>
/// <param name="Manifest">The version's manifest, canonical JSON.</param>
public sealed record StoredVersion(int Number, Sha256Digest Id, string Branch, ReadOnlyMemory<byte> Header, ReadOnlyMemory<byte> Manifest);
