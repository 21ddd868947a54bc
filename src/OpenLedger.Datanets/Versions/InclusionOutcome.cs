using OpenLedger.Datanets.Records;

namespace OpenLedger.Datanets.Versions;

/// <summary>What happened to a record that was to become part of another branch.</summary>
/// <param name="Record">The record.</param>
/// <param name="StepIndex">The leaf index of the step that included it; <see langword="null"/> when the branch holds the same content already.</param>
/// <param name="Earlier">The record that the branch holds already, or <see langword="null"/>.</param>
public sealed record InclusionOutcome(RecordDigest Record, long? StepIndex, EarlierRecord? Earlier)
{
    /// <summary>Whether the record was included.</summary>
    public bool IsIncluded => StepIndex is not null;
}
