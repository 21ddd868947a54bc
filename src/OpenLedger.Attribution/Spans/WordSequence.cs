using System.Globalization;
using System.Text;

namespace OpenLedger.Attribution.Spans;

/// <summary>The words of a text with their places in it: the unit of span matching and of BM25.</summary>
/// <remarks>
/// A word is a longest run of letters, digits and combining marks; each Chinese ideograph and Japanese kana is a word of its own,
/// since those scripts do not put spaces between words. Words are compared in invariant lower case. Everything else separates.
/// Text is not Unicode-normalised. Immutable and safe for concurrent use.
/// </remarks>
public sealed class WordSequence
{
    private readonly List<(string Word, int Start, int Length)> _words = [];

    /// <summary>Splits a text.</summary>
    /// <param name="text">Any text; lone surrogates separate words.</param>
    public WordSequence(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        StringBuilder word = new();
        int start = 0;
        int position = 0;
        while (position < text.Length)
        {
            // A malformed sequence decodes to U+FFFD, which is a symbol and therefore separates.
            Rune.DecodeFromUtf16(text.AsSpan(position), out Rune rune, out int consumed);
            bool isWhole = IsWordByItself(rune);
            if (isWhole || !IsPartOfWord(rune))
            {
                Flush(word, start, position);
            }

            if (isWhole)
            {
                _words.Add((rune.ToString(), position, consumed));
            }
            else if (IsPartOfWord(rune))
            {
                start = word.Length == 0 ? position : start;
                word.Append(Rune.ToLowerInvariant(rune));
            }

            position += consumed;
        }

        Flush(word, start, position);
    }

    /// <summary>Number of words.</summary>
    public int Count => _words.Count;

    /// <summary>A word in lower case.</summary>
    /// <param name="index">Index from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such word.</exception>
    public string this[int index] => _words[index].Word;

    /// <summary>The part of the text from the first character of one word to the last of another, with what stands between.</summary>
    /// <param name="firstWord">Index of the first word.</param>
    /// <param name="wordCount">Number of words, at least 1.</param>
    /// <returns>Start and length in UTF-16 code units.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The words are not all in the sequence.</exception>
    public TextRange Range(int firstWord, int wordCount)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(firstWord);
        ArgumentOutOfRangeException.ThrowIfLessThan(wordCount, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(wordCount, Count - firstWord);
        (_, int start, _) = _words[firstWord];
        (_, int lastStart, int lastLength) = _words[firstWord + wordCount - 1];
        return new TextRange(start, lastStart + lastLength - start);
    }

    private void Flush(StringBuilder word, int start, int end)
    {
        if (word.Length > 0)
        {
            _words.Add((word.ToString(), start, end - start));
            word.Clear();
        }
    }

    private static bool IsPartOfWord(Rune rune) =>
        Rune.IsLetterOrDigit(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

    // Hiragana and Katakana letters; CJK ideographs with extension A, the compatibility block, and planes 2 and 3.
    private static bool IsWordByItself(Rune rune) =>
        rune.Value is (>= 0x3041 and <= 0x30FF) or (>= 0x3400 and <= 0x4DBF) or (>= 0x4E00 and <= 0x9FFF) or (>= 0xF900 and <= 0xFAFF)
            or (>= 0x20000 and <= 0x3FFFF)
        && Rune.IsLetter(rune);
}
