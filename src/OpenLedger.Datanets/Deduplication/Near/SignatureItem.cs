namespace OpenLedger.Datanets.Deduplication.Near;

/// <summary>What a store keeps of one record for near-duplicates.</summary>
/// <param name="Position">The leaf index.</param>
/// <param name="Stamp">A random number of the transaction's own.</param>
/// <param name="Signature">The signature; <see langword="null"/> once the record was erased.</param>
internal sealed record SignatureItem(long Position, ulong Stamp, MinHashSignature? Signature);
