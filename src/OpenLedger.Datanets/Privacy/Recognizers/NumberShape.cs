namespace OpenLedger.Datanets.Privacy.Recognizers;

/// <summary>How a number is written: group lengths with separators, for example <c>3-2-4</c> or <c>3.3.3-2</c>.</summary>
/// <remarks><c>_</c> stands for a space, no-break space, hyphen or dot, the same one everywhere in the number.</remarks>
internal sealed class NumberShape
{
    private const char NoBreakSpace = '\u00A0';

    private readonly int[] _groups;
    private readonly char[] _separators;

    public NumberShape(string notation)
    {
        _groups = [.. notation.Split('_', '-', '.', ' ', '/').Select(int.Parse)];
        _separators = [.. notation.Where(c => !char.IsAsciiDigit(c))];
        Digits = _groups.Sum();
    }

    /// <summary>Number of digits.</summary>
    public int Digits { get; }

    /// <summary>Whether the shape has separators, which makes it more telling than a bare number.</summary>
    public bool IsFormatted => _groups.Length > 1;

    /// <summary>Whether the number beginning with run <paramref name="index"/> is written so and bounded on both sides.</summary>
    /// <param name="text">The text.</param>
    /// <param name="runs">All its digit runs.</param>
    /// <param name="index">The first run.</param>
    /// <param name="digits">Receives the digit values when the shape matches; at least <see cref="Digits"/> long.</param>
    /// <returns>The end of the number in the text, or 0.</returns>
    public int Match(ReadOnlySpan<char> text, ReadOnlySpan<DigitRun> runs, int index, Span<byte> digits)
    {
        if (runs[index].Length != _groups[0] || runs.Length - index < _groups.Length)
        {
            return 0;
        }

        char separator = '\0';
        for (int i = 1; i < _groups.Length; i++)
        {
            DigitRun run = runs[index + i];
            int at = runs[index + i - 1].End;
            if (run.Length != _groups[i] || run.Start != at + 1)
            {
                return 0;
            }

            char written = text[at];
            char wanted = _separators[i - 1];
            if (wanted != '_' ? written != wanted : i == 1 ? written is not (' ' or NoBreakSpace or '-' or '.') : written != separator)
            {
                return 0;
            }

            separator = written;
        }

        int end = runs[index + _groups.Length - 1].End;
        if (!IsBounded(text, runs[index].Start, end))
        {
            return 0;
        }

        int count = 0;
        for (int i = 0; i < _groups.Length; i++)
        {
            foreach (char c in text[runs[index + i].Start..runs[index + i].End])
            {
                digits[count++] = (byte)(c - '0');
            }
        }

        return end;
    }

    /// <summary>Whether a number in groups goes on with a group of the same length: then it is a part, not a number.</summary>
    public bool IsPartOfLonger(ReadOnlySpan<char> text, ReadOnlySpan<DigitRun> runs, int index)
    {
        int last = index + _groups.Length - 1;
        return IsFormatted && (ContinuesAlike(text, runs, last, last + 1) || ContinuesAlike(text, runs, index - 1, index));
    }

    private static bool ContinuesAlike(ReadOnlySpan<char> text, ReadOnlySpan<DigitRun> runs, int left, int right) =>
        left >= 0 && right < runs.Length && runs[left].Length == runs[right].Length && runs[right].Start == runs[left].End + 1
        && text[runs[left].End] is ' ' or NoBreakSpace;

    /// <summary>Whether a number stands alone: no letter, no other part of a longer number, no amount of money or percentage.</summary>
    public static bool IsBounded(ReadOnlySpan<char> text, int start, int end)
    {
        if (start > 0)
        {
            char before = text[start - 1];
            if (char.IsLetterOrDigit(before) || before is '_' or '$' or '€' or '£' or '₫' or '+'
                || (before is '-' or '.' or '/' or ',' or ':' or '\\' && start > 1 && char.IsAsciiLetterOrDigit(text[start - 2])
                    && !IsLabelEnd(text, start - 1)))
            {
                return false;
            }
        }

        if (end < text.Length)
        {
            char after = text[end];
            if (char.IsLetterOrDigit(after) || after is '_' or '%' or '€' or '£' or '₫' or '=' or '+' or '*'
                || (after is '-' or '.' or '/' or ',' or ':' && end + 1 < text.Length && char.IsAsciiLetterOrDigit(text[end + 1])
                    && !(after is ',' or ':' or '.' && char.IsAsciiLetterUpper(text[end + 1])) && !IsHyphenatedWord(text[end..])))
            {
                return false;
            }
        }

        return true;
    }

    // "020 7946 0000-Office": a whole word, unlike the "5-HT" and "B" of formulas and part numbers.
    private static bool IsHyphenatedWord(ReadOnlySpan<char> rest) =>
        rest is ['-', >= 'A' and <= 'Z', >= 'a' and <= 'z', >= 'a' and <= 'z', ..];

    // "CMND:012345678" and "sdt-0912345678": a letter before the sign makes it the end of a label, a digit part of a longer number.
    private static bool IsLabelEnd(ReadOnlySpan<char> text, int sign) => text[sign] != '/' && char.IsAsciiLetter(text[sign - 1]);
}
