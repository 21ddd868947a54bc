namespace OpenLedger.Lora.Tokenization.Splitting;

/// <summary>
/// The pattern of cl100k_base and what grew from it: contractions in any case, a letter run with one character before it, short digit
/// groups, punctuation with the line breaks after it, and line breaks with the white space before them.
/// </summary>
/// <param name="digits">The most digits in one word: 3 for Llama 3 and GLM-4, 1 for Qwen.</param>
internal sealed class Cl100kPattern(int digits) : TilingPattern
{
    private const string Beginning = @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|";
    private const string Ending = @"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    public const string Llama3Source = Beginning + @"\p{N}{1,3}" + Ending;
    public const string Qwen2Source = Beginning + @"\p{N}" + Ending;

    public override int End(ReadOnlySpan<char> text, int start)
    {
        char first = text[start];
        if (first == '\'' && ContractionEnd(text, start) is int contraction and > 0)
        {
            return contraction;
        }

        CharacterClass kind = CharacterClasses.Of(text, start, out int length);
        if ((kind & CharacterClass.Letter) != 0)
        {
            return RunEnd(text, start, CharacterClass.Letter);
        }

        if ((kind & CharacterClass.Number) != 0)
        {
            int end = start + length;
            for (int count = 1; count < digits && end < text.Length; count++)
            {
                if ((CharacterClasses.Of(text, end, out length) & CharacterClass.Number) == 0)
                {
                    break;
                }

                end += length;
            }

            return end;
        }

        int second = start + length;
        CharacterClass next = second < text.Length ? CharacterClasses.Of(text, second, out _) : CharacterClass.Space;
        if ((next & CharacterClass.Letter) != 0 && first is not ('\r' or '\n'))
        {
            return RunEnd(text, second, CharacterClass.Letter);
        }

        bool isSpaced = first == ' ' && (next & (CharacterClass.Space | CharacterClass.Number)) == 0;
        return (kind & CharacterClass.Space) == 0 ? PunctuationEnd(text, start)
            : isSpaced ? PunctuationEnd(text, second)
            : SpaceEnd(text, start);
    }

    private static int PunctuationEnd(ReadOnlySpan<char> text, int start)
    {
        int end = RunOfOthersEnd(text, start);
        while (end < text.Length && text[end] is ('\r' or '\n'))
        {
            end++;
        }

        return end;
    }

    private static int SpaceEnd(ReadOnlySpan<char> text, int start)
    {
        int runEnd = RunEnd(text, start, CharacterClass.Space);
        int lastBreak = text[start..runEnd].LastIndexOfAny('\r', '\n');
        return lastBreak >= 0 ? start + lastBreak + 1 : WhiteSpaceEnd(text, start, runEnd);
    }

    private static int ContractionEnd(ReadOnlySpan<char> text, int start)
    {
        // U+017F, the long s, is an s in another case to every Unicode-aware engine.
        ReadOnlySpan<char> rest = text[(start + 1)..];
        return rest switch
        {
            ['s' or 'S' or '\u017F' or 't' or 'T' or 'm' or 'M' or 'd' or 'D', ..] => start + 2,
            ['r' or 'R' or 'v' or 'V', 'e' or 'E', ..] or ['l' or 'L', 'l' or 'L', ..] => start + 3,
            _ => 0,
        };
    }
}
