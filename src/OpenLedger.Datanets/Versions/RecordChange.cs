using OpenLedger.Datanets.Records;

namespace OpenLedger.Datanets.Versions;

/// <summary>One difference between two versions.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Record">The record that came or went.</param>
/// <param name="LeafIndex">The position of the step that added it.</param>
/// <param name="Replaced">The record whose place it took; only for <see cref="RecordChangeKind.Replaced"/>.</param>
public sealed record RecordChange(RecordChangeKind Kind, RecordDigest Record, long LeafIndex, RecordDigest? Replaced);
