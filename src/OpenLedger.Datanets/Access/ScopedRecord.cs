using OpenLedger.Datanets.Records;

namespace OpenLedger.Datanets.Access;

/// <summary>The part of a record that a scope lets through.</summary>
/// <param name="Source">The record in the datanet. Proofs of inclusion are about this digest; only the whole record can be checked against it.</param>
/// <param name="Visible">What may be seen: a record of its own, with a digest of its own unless <paramref name="IsWhole"/>.</param>
/// <param name="IsWhole">Whether nothing was left out.</param>
public sealed record ScopedRecord(RecordDigest Source, DatanetRecord Visible, bool IsWhole);
