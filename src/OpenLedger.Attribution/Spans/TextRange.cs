namespace OpenLedger.Attribution.Spans;

/// <summary>A part of a text.</summary>
/// <param name="Start">First UTF-16 code unit, from 0.</param>
/// <param name="Length">Number of UTF-16 code units.</param>
public readonly record struct TextRange(int Start, int Length);
