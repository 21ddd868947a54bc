namespace OpenLedger.Attribution.Spans;

/// <summary>A document that holds a span.</summary>
/// <param name="Document">Number of the document, from 0.</param>
/// <param name="Range">The first occurrence in the document's text.</param>
public readonly record struct TextSpanSource(int Document, TextRange Range);
