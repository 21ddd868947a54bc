namespace OpenLedger.Attribution.Spans;

/// <summary>A part of an answer that stands in the corpus, word for word up to case and punctuation.</summary>
/// <param name="Range">The part of the answer.</param>
/// <param name="WordCount">Number of words.</param>
/// <param name="Bits">How surprising the match is; see <see cref="SpanMatch.Bits"/>.</param>
/// <param name="Documents">The documents that hold it, ascending, each with its first occurrence.</param>
public sealed record TextSpan(TextRange Range, int WordCount, double Bits, IReadOnlyList<TextSpanSource> Documents);
