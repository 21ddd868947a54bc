namespace OpenLedger.Lora.Tokenization.Splitting;

/// <summary><c>'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+</c> (Radford et al. 2019).</summary>
internal sealed class Gpt2Pattern : TilingPattern
{
    public const string Source = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    public override int End(ReadOnlySpan<char> text, int start)
    {
        char first = text[start];
        if (first == '\'' && ContractionEnd(text, start) is int contraction and > 0)
        {
            return contraction;
        }

        int at = first == ' ' && start + 1 < text.Length ? start + 1 : start;
        CharacterClass kind = CharacterClasses.Of(text, at, out _);
        return kind switch
        {
            _ when (kind & CharacterClass.Letter) != 0 => RunEnd(text, at, CharacterClass.Letter),
            _ when (kind & CharacterClass.Number) != 0 => RunEnd(text, at, CharacterClass.Number),
            _ when (kind & CharacterClass.Space) == 0 => RunOfOthersEnd(text, at),
            _ => WhiteSpaceEnd(text, start, RunEnd(text, at, CharacterClass.Space)),
        };
    }

    private static int ContractionEnd(ReadOnlySpan<char> text, int start)
    {
        ReadOnlySpan<char> rest = text[(start + 1)..];
        return rest switch
        {
            ['s' or 't' or 'm' or 'd', ..] => start + 2,
            ['r' or 'v', 'e', ..] or ['l', 'l', ..] => start + 3,
            _ => 0,
        };
    }
}
