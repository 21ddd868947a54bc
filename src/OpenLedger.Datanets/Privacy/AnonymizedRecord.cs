using OpenLedger.Datanets.Records;

namespace OpenLedger.Datanets.Privacy;

/// <summary>A record after its personal data was changed.</summary>
/// <param name="Record">The new record; the given one when nothing was found.</param>
/// <param name="Findings">What was found in the given record.</param>
public sealed record AnonymizedRecord(DatanetRecord Record, IReadOnlyList<PersonalDataFinding> Findings);
