namespace OpenLedger.Datanets.Validation.Language;

/// <summary>Tells languages apart: the seam for a model such as fastText lid.176 or GlotLID, which are not part of this package.</summary>
/// <remarks>Implementations are safe for concurrent use, take linear time and answer the same for the same text.</remarks>
public interface ILanguageIdentifier
{
    /// <summary>The identifier and its version; part of the digest of a profile.</summary>
    string Name { get; }

    /// <summary>Identifies the main language of a text.</summary>
    /// <param name="text">Any text.</param>
    LanguageGuess Identify(ReadOnlySpan<char> text);
}
