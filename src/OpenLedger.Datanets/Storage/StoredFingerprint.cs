namespace OpenLedger.Datanets.Storage;

/// <summary>A keyed hash of a record's normalised content.</summary>
/// <param name="Value">0 or greater.</param>
/// <param name="Position">The step that added the record.</param>
public readonly record struct StoredFingerprint(long Value, long Position);
