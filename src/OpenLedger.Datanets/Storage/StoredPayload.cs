using OpenLedger.Datanets.Versions;

namespace OpenLedger.Datanets.Storage;

/// <summary>A record and what opens it, as a store reads it.</summary>
/// <param name="Step">The step that added the record.</param>
/// <param name="Key">32 bytes; empty when the record was erased.</param>
/// <param name="Ciphertext">The encrypted payload; empty when the record was erased.</param>
public sealed record StoredPayload(DatanetStep Step, ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte> Ciphertext);
