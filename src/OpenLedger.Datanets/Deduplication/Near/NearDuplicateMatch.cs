namespace OpenLedger.Datanets.Deduplication.Near;

/// <summary>An earlier text that resembles a new one.</summary>
/// <param name="Position">The number under which the earlier text was added; in a datanet, its leaf index.</param>
/// <param name="Similarity">The Jaccard similarity of the sets of shingles, 0 to 1: an estimate unless it was verified.</param>
public sealed record NearDuplicateMatch(long Position, double Similarity);
