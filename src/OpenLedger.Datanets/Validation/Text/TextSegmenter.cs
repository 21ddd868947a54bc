using System.Globalization;
using System.Text;

namespace OpenLedger.Datanets.Validation.Text;

/// <summary>Cuts text into words, sentences, lines, paragraphs and n-grams, in any language and without a dictionary.</summary>
/// <remarks>
/// A word is a run of letters, digits and their marks, as in Unicode's UAX 29, with an apostrophe between letters and a point or comma
/// between digits inside. Vietnamese so becomes syllables, whether its accents are composed or not. Scripts that put no spaces between
/// words (Chinese, Japanese, Thai, Lao, Khmer, Myanmar) become characters, so that n-grams over them are character n-grams; mixed text
/// is cut by the script of each character. No culture data is used: the result is the same on every machine. All members take time
/// linear in the text and are safe for concurrent use; half a surrogate pair counts as a symbol.
/// </remarks>
public static class TextSegmenter
{
    /// <summary>Greatest n of <see cref="NGrams"/>.</summary>
    public const int MaxNGram = 64;

    private const int ShortWord = 3;

    /// <summary>All tokens, symbols included, in order; white space and control characters are between them.</summary>
    public static IReadOnlyList<TextToken> Tokens(ReadOnlySpan<char> text)
    {
        List<TextToken> tokens = new((text.Length / 5) + 1);
        int at = 0;
        while (at < text.Length)
        {
            Rune.DecodeFromUtf16(text[at..], out Rune rune, out int length);
            switch (Classify(rune))
            {
                case CharacterClass.Letter or CharacterClass.Digit or CharacterClass.Mark:
                    TextToken word = UnicodeScripts.IsUnspaced(UnicodeScripts.Of(rune.Value)) && Classify(rune) == CharacterClass.Letter
                        ? Character(text, at)
                        : Word(text, at);
                    tokens.Add(word);
                    at += word.Length;
                    break;
                case CharacterClass.Symbol:
                    int end = at + length;
                    int count = 1;
                    ReadOnlySpan<char> symbol = text.Slice(at, length);
                    while (text[end..].StartsWith(symbol))
                    {
                        end += length;
                        count++;
                    }

                    tokens.Add(new TextToken(at, end - at, count, TokenKind.Symbol, HasLetter: false));
                    at = end;
                    break;
                default:
                    at += length;
                    break;
            }
        }

        return tokens;
    }

    /// <summary>The words and characters, in order, as they are spelled; symbols are left out.</summary>
    public static IReadOnlyList<string> Words(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return [.. Tokens(text).Where(static token => token.IsWord).Select(token => text.Substring(token.Start, token.Length))];
    }

    /// <summary>The lines, without their breaks; a break at the end starts no line.</summary>
    /// <remarks>Breaks are LF, CR LF, CR, VT, FF, FS, GS, RS, NEL, LS and PS, as in Python's <c>splitlines</c>. Lines may be empty.</remarks>
    public static IReadOnlyList<string> Lines(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        List<string> lines = [];
        int start = 0;
        for (int at = 0; at < text.Length; at++)
        {
            if (text[at] is '\n' or '\r' or '\v' or '\f' or '\u001C' or '\u001D' or '\u001E' or '\u0085' or '\u2028' or '\u2029')
            {
                lines.Add(text[start..at]);
                at += text[at] == '\r' && at + 1 < text.Length && text[at + 1] == '\n' ? 1 : 0;
                start = at + 1;
            }
        }

        if (start < text.Length)
        {
            lines.Add(text[start..]);
        }

        return lines;
    }

    /// <summary>The paragraphs: what two or more LF (or CR LF) in a row separate, white space at both ends of the text left out.</summary>
    public static IReadOnlyList<string> Paragraphs(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return SplitAtLineFeeds(text, fewest: 2);
    }

    /// <summary>The sentences, trimmed, none empty.</summary>
    /// <remarks>
    /// A sentence ends after <c>. ! ? …</c> and their like in other scripts, with closing quotes and brackets, where white space or the
    /// end follows (after <c>。！？</c> anything may), and at every empty line. A full stop does not end one after an initial or a common
    /// abbreviation, nor, where a small letter follows, after a word of up to three letters or with a point inside.
    /// </remarks>
    public static IReadOnlyList<string> Sentences(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        List<string> sentences = [];
        int start = 0;
        int at = 0;
        while (at < text.Length)
        {
            char character = text[at];
            if (character == '\n' && NextLineIsBlank(text, at))
            {
                Add(text, start, at, sentences);
                start = ++at;
                continue;
            }

            if (!TextMarks.IsSentenceEnd(character))
            {
                at++;
                continue;
            }

            int first = at;
            bool needsSpace = true;
            while (at < text.Length && TextMarks.IsSentenceEnd(text[at]))
            {
                needsSpace &= !TextMarks.EndsWithoutSpace(text[at]);
                at++;
            }

            int closing = at;
            while (at < text.Length && TextMarks.IsClosing(text[at]))
            {
                at++;
            }

            bool atBreak = at == text.Length || char.IsWhiteSpace(text[at]);
            if (!atBreak && needsSpace)
            {
                continue;
            }

            if (text[first] == '.' && closing - first == 1 && !EndsAtFullStop(text, start, first, at))
            {
                continue;
            }

            Add(text, start, at, sentences);
            start = at;
        }

        Add(text, start, text.Length, sentences);
        return sentences;
    }

    /// <summary>Each run of n words or characters, symbols left out; a space stands between two words, nothing between characters.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="n">1 to <see cref="MaxNGram"/>.</param>
    /// <returns>The n-grams in order, made while the sequence is walked; none when the text is shorter.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="n"/> is outside its range.</exception>
    public static IEnumerable<string> NGrams(string text, int n)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentOutOfRangeException.ThrowIfLessThan(n, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(n, MaxNGram);
        TextToken[] words = [.. Tokens(text).Where(static token => token.IsWord)];
        return Enumerable.Range(0, Math.Max(0, words.Length - n + 1)).Select(i => Join(text, words.AsSpan(i, n)));
    }

    /// <summary>What <paramref name="fewest"/> or more line feeds in a row separate, the text trimmed before; one empty part for blank text.</summary>
    internal static List<string> SplitAtLineFeeds(string text, int fewest)
    {
        ReadOnlySpan<char> rest = text.AsSpan().Trim();
        string normalised = rest.Contains('\r') ? rest.ToString().Replace("\r\n", "\n", StringComparison.Ordinal) : rest.ToString();
        List<string> parts = [];
        int start = 0;
        int at = 0;
        while ((at = normalised.IndexOf('\n', at)) >= 0)
        {
            int end = at;
            while (at < normalised.Length && normalised[at] == '\n')
            {
                at++;
            }

            if (at - end >= fewest)
            {
                parts.Add(normalised[start..end]);
                start = at;
            }
        }

        parts.Add(normalised[start..]);
        return parts;
    }

    private static string Join(string text, ReadOnlySpan<TextToken> words)
    {
        StringBuilder joined = new();
        for (int i = 0; i < words.Length; i++)
        {
            if (i > 0 && (words[i].Kind == TokenKind.Word || words[i - 1].Kind == TokenKind.Word))
            {
                joined.Append(' ');
            }

            joined.Append(words[i].Of(text));
        }

        return joined.ToString();
    }

    private static TextToken Character(ReadOnlySpan<char> text, int start)
    {
        Rune.DecodeFromUtf16(text[start..], out _, out int length);
        int end = start + length;
        while (end < text.Length && Rune.DecodeFromUtf16(text[end..], out Rune next, out length) == System.Buffers.OperationStatus.Done
            && Classify(next) == CharacterClass.Mark)
        {
            end += length;
        }

        return new TextToken(start, end - start, 1, TokenKind.Character, HasLetter: true);
    }

    private static TextToken Word(ReadOnlySpan<char> text, int start)
    {
        int end = start;
        int letters = 0;
        bool hasLetter = false;
        CharacterClass previous = CharacterClass.Space;
        while (end < text.Length)
        {
            Rune.DecodeFromUtf16(text[end..], out Rune rune, out int length);
            CharacterClass kind = Classify(rune);
            if (kind is CharacterClass.Letter && end > start && UnicodeScripts.IsUnspaced(UnicodeScripts.Of(rune.Value)))
            {
                break;
            }

            if (kind is CharacterClass.Letter or CharacterClass.Digit)
            {
                letters++;
                hasLetter |= kind == CharacterClass.Letter;
                previous = kind;
            }
            else if (kind is not CharacterClass.Mark && !Joins(text, end, length, rune, previous))
            {
                break;
            }

            end += length;
        }

        return new TextToken(start, end - start, letters, TokenKind.Word, hasLetter);
    }

    /// <summary>Whether a character that is neither letter, digit nor mark holds together what stands on both sides of it.</summary>
    private static bool Joins(ReadOnlySpan<char> text, int at, int length, Rune rune, CharacterClass previous)
    {
        if (at + length >= text.Length || previous == CharacterClass.Space)
        {
            return false;
        }

        Rune.DecodeFromUtf16(text[(at + length)..], out Rune next, out _);
        CharacterClass following = Classify(next);
        return rune.Value switch
        {
            '\'' or 0x2019 or 0xB7 => previous == CharacterClass.Letter && following == CharacterClass.Letter,
            '.' or ',' => previous == CharacterClass.Digit && following == CharacterClass.Digit,
            '_' or 0xAD or 0x200C or 0x200D => following is CharacterClass.Letter or CharacterClass.Digit or CharacterClass.Mark,
            _ => false,
        };
    }

    private static CharacterClass Classify(Rune rune)
    {
        int scalar = rune.Value;
        if (scalar < 0x80)
        {
            return char.IsAsciiLetter((char)scalar) ? CharacterClass.Letter
                : char.IsAsciiDigit((char)scalar) ? CharacterClass.Digit
                : scalar <= ' ' || scalar == 0x7F ? CharacterClass.Space
                : CharacterClass.Symbol;
        }

        return Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
                or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter => CharacterClass.Letter,
            UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => CharacterClass.Digit,
            UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark => CharacterClass.Mark,
            UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
                or UnicodeCategory.Control or UnicodeCategory.Format => CharacterClass.Space,
            _ => CharacterClass.Symbol,
        };
    }

    private static bool NextLineIsBlank(string text, int at)
    {
        // The scan stops at the next break, and that break is where the caller asks next, so all scans together are linear.
        for (int i = at + 1; i < text.Length; i++)
        {
            if (text[i] == '\n')
            {
                return true;
            }

            if (text[i] is not (' ' or '\t' or '\r'))
            {
                return false;
            }
        }

        return false;
    }

    private static bool EndsAtFullStop(string text, int sentenceStart, int stop, int next)
    {
        int wordStart = stop;
        while (wordStart > sentenceStart && stop - wordStart < TextMarks.LongestAbbreviation + 1
            && (char.IsLetter(text[wordStart - 1]) || text[wordStart - 1] == '.'))
        {
            wordStart--;
        }

        ReadOnlySpan<char> word = text.AsSpan(wordStart, stop - wordStart);
        bool isInitial = word.Length == 1 && char.IsUpper(word[0]) && word[0] != 'I';
        if (isInitial || TextMarks.IsAbbreviation(word))
        {
            return next == text.Length;
        }

        // Only a short word, or one with a point inside, may be an abbreviation that is not listed; a point after a blank is none.
        if (word.IsEmpty || (word.Length > ShortWord && !word.Contains('.')))
        {
            return true;
        }

        // Blanks are skipped within a bound: a sentence that goes on in small letters does so at once.
        int limit = Math.Min(text.Length, next + 64);
        while (next < limit && char.IsWhiteSpace(text[next]))
        {
            next++;
        }

        return next >= limit || !char.IsLower(text[next]);
    }

    private static void Add(string text, int start, int end, List<string> sentences)
    {
        ReadOnlySpan<char> sentence = text.AsSpan(start, end - start).Trim();
        if (!sentence.IsEmpty)
        {
            sentences.Add(sentence.ToString());
        }
    }

    private enum CharacterClass
    {
        Space,
        Letter,
        Digit,
        Mark,
        Symbol,
    }
}
