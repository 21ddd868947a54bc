namespace OpenLedger.Datanets.Validation.Text;

/// <summary>A piece of a text.</summary>
/// <param name="Start">Index of its first UTF-16 code unit.</param>
/// <param name="Length">UTF-16 code units; at least 1.</param>
/// <param name="Letters">
/// Code points that are not marks, so that composed and decomposed spellings of a word have the same number; at least 1 unless the token
/// is a stray mark.
/// </param>
/// <param name="Kind">What it is.</param>
/// <param name="HasLetter">Whether it holds at least one letter, as opposed to digits or symbols.</param>
public readonly record struct TextToken(int Start, int Length, int Letters, TokenKind Kind, bool HasLetter)
{
    /// <summary>Whether the token is a word or a character, not a symbol.</summary>
    public bool IsWord => Kind != TokenKind.Symbol;

    /// <summary>The piece of the text it was cut from.</summary>
    /// <param name="text">That text.</param>
    public ReadOnlySpan<char> Of(ReadOnlySpan<char> text) => text.Slice(Start, Length);
}
