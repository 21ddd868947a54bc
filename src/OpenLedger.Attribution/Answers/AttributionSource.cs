using OpenLedger.Datanets.Contributions;
using OpenLedger.Lora.Training.Data;

namespace OpenLedger.Attribution.Answers;

/// <summary>One record that an adapter was trained on: who gave it, what it says and how it was trained.</summary>
/// <param name="RecordId">Name of the record, unique among the sources; usually its digest.</param>
/// <param name="Contributor">Who is paid for it.</param>
/// <param name="Text">Its text, which spans are traced to.</param>
/// <param name="Examples">The training sequences made from it, at least one; its gradient is their mean.</param>
public sealed record AttributionSource(string RecordId, ContributorId Contributor, string Text, IReadOnlyList<TrainingExample> Examples);
