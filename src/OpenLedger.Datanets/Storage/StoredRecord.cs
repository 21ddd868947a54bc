using OpenLedger.Datanets.Versions;

namespace OpenLedger.Datanets.Storage;

/// <summary>What a store keeps of an accepted record.</summary>
/// <param name="Step">The step that adds it.</param>
/// <param name="Fingerprint">A keyed hash, 0 or greater, under which near-identical spellings meet; not unique.</param>
/// <param name="Key">The 32 bytes that open <paramref name="Ciphertext"/>; kept apart from it, and destroyed when the record is erased.</param>
/// <param name="Ciphertext">The encrypted payload.</param>
public sealed record StoredRecord(DatanetStep Step, long Fingerprint, ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte> Ciphertext);
