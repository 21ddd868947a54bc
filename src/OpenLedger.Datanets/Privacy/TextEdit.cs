namespace OpenLedger.Datanets.Privacy;

/// <summary>One changed place.</summary>
/// <param name="Span">What was found, with its place in the original text.</param>
/// <param name="TargetStart">First UTF-16 code unit of the replacement in the new text.</param>
/// <param name="TargetLength">Length of the replacement in UTF-16 code units; may be 0.</param>
public sealed record TextEdit(PersonalDataSpan Span, int TargetStart, int TargetLength);
