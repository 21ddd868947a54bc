using System.Globalization;
using System.Text;

namespace OpenLedger.Lora.Tokenization.Splitting;

/// <summary>What word patterns distinguish; the names of regular expressions in brackets.</summary>
[Flags]
internal enum CharacterClass : byte
{
    /// <summary>Everything the others leave out: symbols, marks, controls, unassigned.</summary>
    None = 0,

    /// <summary>[\p{L}]</summary>
    Letter = 1,

    /// <summary>[\p{N}]</summary>
    Number = 2,

    /// <summary>[\s], the property White_Space</summary>
    Space = 4,

    /// <summary>[\p{P}]</summary>
    Punctuation = 8,

    /// <summary>[\p{M}]</summary>
    Mark = 16,

    /// <summary>Letters in lower case or without case, and marks: <c>[\p{Ll}\p{Lm}\p{Lo}\p{M}]</c>.</summary>
    LowerOrUncased = 32,

    /// <summary>Letters in upper or title case or without case, and marks: <c>[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]</c>.</summary>
    UpperOrUncased = 64,
}

/// <summary>Classes of whole characters, those above U+FFFF included.</summary>
internal static class CharacterClasses
{
    private static readonly CharacterClass[] BasicPlane = CreateBasicPlane();

    public static CharacterClass Of(char character) => BasicPlane[character];

    /// <summary>The class of the character that begins at <paramref name="at"/>, and how many UTF-16 units it takes.</summary>
    /// <param name="text">Text without half surrogate pairs.</param>
    /// <param name="at">Where a character begins.</param>
    /// <param name="length">1 or 2.</param>
    public static CharacterClass Of(ReadOnlySpan<char> text, int at, out int length)
    {
        char first = text[at];
        if (!char.IsSurrogate(first))
        {
            length = 1;
            return BasicPlane[first];
        }

        _ = Rune.DecodeFromUtf16(text[at..], out Rune rune, out length);
        return Of(Rune.GetUnicodeCategory(rune), isWhiteSpace: false);
    }

    private static CharacterClass[] CreateBasicPlane()
    {
        var classes = new CharacterClass[char.MaxValue + 1];
        for (int character = 0; character < classes.Length; character++)
        {
            classes[character] = Of(char.GetUnicodeCategory((char)character), char.IsWhiteSpace((char)character));
        }

        return classes;
    }

    private static CharacterClass Of(UnicodeCategory category, bool isWhiteSpace) => category switch
    {
        UnicodeCategory.UppercaseLetter or UnicodeCategory.TitlecaseLetter => CharacterClass.Letter | CharacterClass.UpperOrUncased,
        UnicodeCategory.LowercaseLetter => CharacterClass.Letter | CharacterClass.LowerOrUncased,
        UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter =>
            CharacterClass.Letter | CharacterClass.LowerOrUncased | CharacterClass.UpperOrUncased,
        UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark =>
            CharacterClass.Mark | CharacterClass.LowerOrUncased | CharacterClass.UpperOrUncased,
        UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => CharacterClass.Number,
        UnicodeCategory.ConnectorPunctuation or UnicodeCategory.DashPunctuation or UnicodeCategory.OpenPunctuation
            or UnicodeCategory.ClosePunctuation or UnicodeCategory.InitialQuotePunctuation
            or UnicodeCategory.FinalQuotePunctuation or UnicodeCategory.OtherPunctuation => CharacterClass.Punctuation,
        _ => isWhiteSpace ? CharacterClass.Space : CharacterClass.None,
    };
}
