namespace OpenLedger.Lora.Tokenization.Splitting;

/// <summary>A pattern whose matches follow each other without a gap, so that the end of each word is the beginning of the next.</summary>
internal abstract class TilingPattern : WordCutter
{
    /// <summary>The end of the word that begins at <paramref name="start"/>, beyond it and at most at the end of the text.</summary>
    public abstract int End(ReadOnlySpan<char> text, int start);

    public sealed override void Cut(ReadOnlySpan<char> text, int origin, List<WordSpan> words)
    {
        for (int start = 0; start < text.Length;)
        {
            int end = End(text, start);
            words.Add(new WordSpan(origin + start, end - start));
            start = end;
        }
    }

    /// <summary>The end of the run of characters that have one of the classes; a mask of none means characters without any.</summary>
    protected static int RunEnd(ReadOnlySpan<char> text, int start, CharacterClass classes)
    {
        int at = start;
        while (at < text.Length && (CharacterClasses.Of(text, at, out int length) & classes) != 0)
        {
            at += length;
        }

        return at;
    }

    /// <summary>The end of the run of characters that are neither letter, number nor white space.</summary>
    protected static int RunOfOthersEnd(ReadOnlySpan<char> text, int start)
    {
        const CharacterClass named = CharacterClass.Letter | CharacterClass.Number | CharacterClass.Space;
        int at = start;
        while (at < text.Length && (CharacterClasses.Of(text, at, out int length) & named) == 0)
        {
            at += length;
        }

        return at;
    }

    /// <summary><c>\s+(?!\S)|\s+</c>: a run of white space leaves its last character to the word that follows, if there is more than one.</summary>
    protected static int WhiteSpaceEnd(ReadOnlySpan<char> text, int start, int runEnd) =>
        runEnd < text.Length && runEnd - start > 1 ? runEnd - 1 : runEnd;
}
