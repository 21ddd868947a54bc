namespace OpenLedger.Datanets.Privacy;

/// <summary>Personal data or a secret found in a record.</summary>
/// <param name="Path">Where the text stands, for example <c>$.messages[0].content</c>.</param>
/// <param name="Span">The place inside the unescaped text.</param>
public sealed record PersonalDataFinding(string Path, PersonalDataSpan Span);
