namespace OpenLedger.Lora.Inference;

/// <summary>Neighbouring rows of a pass through the layers that belong to one sequence.</summary>
/// <param name="Sequence">The sequence, which the pass does not change except for cached keys and values from <paramref name="Begin"/> on.</param>
/// <param name="FirstRow">Row of the first token.</param>
/// <param name="Count">Tokens, at least 1.</param>
/// <param name="Begin">Position of the first token.</param>
/// <param name="Length">Tokens of the sequence when the whole call is done, of which this pass may be a part.</param>
/// <param name="ContextLength">Tokens at the beginning that see each other in both directions.</param>
internal readonly record struct RowSegment(SequenceState Sequence, int FirstRow, int Count, int Begin, int Length, int ContextLength);
