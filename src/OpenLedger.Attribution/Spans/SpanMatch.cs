namespace OpenLedger.Attribution.Spans;

/// <summary>A maximal run of answer tokens that occurs verbatim in the corpus.</summary>
/// <param name="Start">First token in the answer, from 0.</param>
/// <param name="Length">Number of tokens.</param>
/// <param name="Bits">
/// How surprising the match is: <c>-Σ log2 p(token) - log2(L · N)</c> with p the token's share of the corpus, L tokens in the answer
/// and N in the corpus. At or below 0 a match of that kind is expected by chance.
/// </param>
/// <param name="OccurrenceCount">Occurrences in the corpus, overlaps included.</param>
/// <param name="Documents">The documents that hold it, ascending, each with its first occurrence.</param>
public sealed record SpanMatch(int Start, int Length, double Bits, int OccurrenceCount, IReadOnlyList<SpanOccurrence> Documents);
