using System.Globalization;
using System.Text;

namespace PayableAi.Reporting;

/// <summary>Text for a terminal: what a model or a file says must not move the cursor, and columns are counted in cells.</summary>
internal static class TerminalText
{
    /// <summary>
    /// The text on one line: line breaks and tabs become blanks; escape characters, other controls and the marks that reverse the
    /// writing direction become the replacement character.
    /// </summary>
    public static string OneLine(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (rune.Value is '\n' or '\r' or '\t')
            {
                clean.Append(' ');
            }
            else if (Rune.IsControl(rune) || rune.Value is >= 0x202A and <= 0x202E or >= 0x2066 and <= 0x2069 or 0x2028 or 0x2029)
            {
                clean.Append('\uFFFD');
            }
            else
            {
                clean.Append(rune);
            }
        }

        return clean.ToString();
    }

    /// <summary>Cells the text occupies: two for East Asian wide characters and pictographs, none for combining marks.</summary>
    public static int Cells(string text)
    {
        int cells = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            cells += Cells(rune);
        }

        return cells;
    }

    /// <summary>The text cut to a number of cells, with "..." where something is missing and there is room for it.</summary>
    public static string Fit(string text, int width)
    {
        if (Cells(text) <= width)
        {
            return text;
        }

        string mark = width >= 6 ? "..." : "";
        var fitted = new StringBuilder();
        int left = width - mark.Length;
        foreach (Rune rune in text.EnumerateRunes())
        {
            left -= Cells(rune);
            if (left < 0)
            {
                break;
            }

            fitted.Append(rune);
        }

        return fitted.Append(mark).ToString();
    }

    /// <summary>The text broken at blanks into lines of at most <paramref name="width"/> cells; longer words are broken anywhere.</summary>
    public static IEnumerable<string> Wrap(string text, int width)
    {
        var line = new StringBuilder();
        int used = 0;
        foreach (string word in OneLine(text).Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            int cells = Cells(word);
            if (used > 0 && used + 1 + cells > width)
            {
                yield return line.ToString();
                line.Clear();
                used = 0;
            }

            if (used > 0)
            {
                line.Append(' ');
                used++;
            }

            foreach (Rune rune in word.EnumerateRunes())
            {
                int size = Cells(rune);
                if (used > 0 && used + size > width)
                {
                    yield return line.ToString();
                    line.Clear();
                    used = 0;
                }

                line.Append(rune);
                used += size;
            }
        }

        yield return line.ToString();
    }

    public static string PadRight(string text, int width) => text + new string(' ', Math.Max(0, width - Cells(text)));

    public static string PadLeft(string text, int width) => new string(' ', Math.Max(0, width - Cells(text))) + text;

    private static int Cells(Rune rune)
    {
        if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format)
        {
            return 0;
        }

        // The wide and fullwidth blocks of Unicode's East Asian Width (UAX 11), without the few narrow characters inside them.
        return rune.Value is >= 0x1100 and <= 0x115F or >= 0x2E80 and <= 0xA4CF or >= 0xAC00 and <= 0xD7A3 or >= 0xF900 and <= 0xFAFF
            or >= 0xFE30 and <= 0xFE6F or >= 0xFF00 and <= 0xFF60 or >= 0xFFE0 and <= 0xFFE6 or >= 0x1F300 and <= 0x1FAFF
            or >= 0x20000 and <= 0x3FFFD ? 2 : 1;
    }
}
