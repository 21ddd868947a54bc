namespace OpenLedger.Datanets.Validation.Quality;

/// <summary>Says how toxic a text is: the seam for a classifier, none of which is part of this package.</summary>
/// <remarks>Implementations are safe for concurrent use and answer the same for the same text.</remarks>
public interface IToxicityScorer
{
    /// <summary>The model and its version, for example <c>detoxify/0.5.2</c>; part of the digest of a profile.</summary>
    string Name { get; }

    /// <summary>Scores a text.</summary>
    /// <param name="text">Any text.</param>
    /// <returns>0, harmless, to 1.</returns>
    double Score(string text);
}
