namespace OpenLedger.Datanets.Storage;

/// <summary>A value under its key.</summary>
/// <param name="Key">1 to 200 bytes.</param>
/// <param name="Value">Any bytes.</param>
public sealed record StoredItem(ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte> Value);
