using OpenLedger.Datanets.Records;

namespace OpenLedger.Datanets.Erasure;

/// <summary>What is left of an erased record.</summary>
/// <param name="Record">The digest of the payload that is gone.</param>
/// <param name="LeafIndex">The leaf that added it.</param>
/// <param name="StepIndex">The leaf that records the erasure.</param>
/// <param name="ErasedAt">When.</param>
public sealed record Tombstone(RecordDigest Record, long LeafIndex, long StepIndex, DateTimeOffset ErasedAt);
