namespace OpenLedger.Attribution.Spans;

/// <summary>Where a span occurs: evidence that anyone with the document can check.</summary>
/// <param name="Document">Number of the document, from 0.</param>
/// <param name="Offset">First token of the first occurrence in that document, from 0.</param>
public readonly record struct SpanOccurrence(int Document, int Offset);
