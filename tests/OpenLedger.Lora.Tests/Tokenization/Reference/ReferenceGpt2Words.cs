using System.Globalization;
using System.Text;

namespace OpenLedger.Lora.Tests.Tokenization.Reference;

/// <summary>
/// The GPT-2 word pattern written as a scanner over code points, without regular expressions:
/// <c>'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+</c>.
/// </summary>
internal static class ReferenceGpt2Words
{
    private enum Kind
    {
        Space,
        Letter,
        Number,
        Other,
    }

    public static List<string> Split(string text)
    {
        Rune[] runes = [.. text.EnumerateRunes()];
        var words = new List<string>();
        for (int start = 0; start < runes.Length;)
        {
            int end = End(runes, start);
            words.Add(string.Concat(runes[start..end]));
            start = end;
        }

        return words;
    }

    private static int End(Rune[] runes, int start)
    {
        foreach (string contraction in new[] { "'s", "'t", "'re", "'ve", "'m", "'ll", "'d" })
        {
            if (string.Concat(runes.Skip(start).Take(contraction.Length)) == contraction)
            {
                return start + contraction.Length;
            }
        }

        int first = runes[start].Value == ' ' ? start + 1 : start;
        if (first < runes.Length && KindOf(runes[first]) != Kind.Space)
        {
            return RunEnd(runes, first);
        }

        // White space: the last one stays for the next word, unless it is the only one or the text ends.
        int end = RunEnd(runes, start);
        return end < runes.Length && end - start > 1 ? end - 1 : end;
    }

    private static int RunEnd(Rune[] runes, int start)
    {
        int end = start;
        while (end < runes.Length && KindOf(runes[end]) == KindOf(runes[start]))
        {
            end++;
        }

        return end;
    }

    private static Kind KindOf(Rune rune) => Rune.IsWhiteSpace(rune) ? Kind.Space : Rune.GetUnicodeCategory(rune) switch
    {
        <= UnicodeCategory.OtherLetter => Kind.Letter,
        UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => Kind.Number,
        _ => Kind.Other,
    };
}
