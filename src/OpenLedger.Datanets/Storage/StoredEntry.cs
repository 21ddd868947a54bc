namespace OpenLedger.Datanets.Storage;

/// <summary>What a store keeps of one journal entry.</summary>
/// <param name="Sequence">0-based place in the datanet's journal.</param>
/// <param name="Document">The entry as canonical JSON, UTF-8.</param>
public sealed record StoredEntry(long Sequence, ReadOnlyMemory<byte> Document);
