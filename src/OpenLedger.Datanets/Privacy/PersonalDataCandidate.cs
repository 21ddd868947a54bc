namespace OpenLedger.Datanets.Privacy;

/// <summary>A place in a text that a recogniser takes for personal data, before thresholds and overlaps are settled.</summary>
/// <param name="Start">First UTF-16 code unit.</param>
/// <param name="Length">Number of UTF-16 code units, at least 1.</param>
/// <param name="Entity">The kind.</param>
/// <param name="Score">How sure the recogniser is, 0 to 1. Scores order candidates; they are not probabilities.</param>
/// <param name="Why">The evidence in a few words, for example <c>Luhn, context 'card'</c>; never the value itself.</param>
public readonly record struct PersonalDataCandidate(int Start, int Length, PersonalDataEntity Entity, double Score, string Why);
