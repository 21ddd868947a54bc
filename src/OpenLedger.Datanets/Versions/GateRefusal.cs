namespace OpenLedger.Datanets.Versions;

/// <summary>Why a gate refused a record.</summary>
/// <param name="Code">Stable, for programs: lower-case letters, digits, <c>_</c>, for example <c>near_duplicate</c>.</param>
/// <param name="Message">One line for people: what is wrong, and what to do.</param>
/// <param name="Earlier">The record that was there first, when the refusal is about one.</param>
public sealed record GateRefusal(string Code, string Message, EarlierRecord? Earlier = null);
