namespace OpenLedger.Datanets.Validation.Quality;

/// <summary>Finds UTF-8 that was read as Windows-1252 or Latin-1: characters whose bytes in those are a UTF-8 sequence.</summary>
internal static class Mojibake
{
    // The characters of Windows-1252 at 0x80 to 0x9F; five bytes are unassigned and kept as C1 controls by most decoders.
    private const string Windows1252 =
        "\u20AC\u0081\u201A\u0192\u201E\u2026\u2020\u2021\u02C6\u2030\u0160\u2039\u0152\u008D\u017D\u008F"
        + "\u0090\u2018\u2019\u201C\u201D\u2022\u2013\u2014\u02DC\u2122\u0161\u203A\u0153\u009D\u017E\u0178";

    /// <summary>Counts sequences.</summary>
    /// <returns>
    /// Certain: real text hardly holds them, such as "Ã©" within a word of small letters and "â€". Uncertain: real text may, such as "É»"
    /// at the end of a quotation. And where the first of either begins; 0 when there is none.
    /// </returns>
    public static (int Certain, int Uncertain, int First) Count(string text)
    {
        int certain = 0;
        int uncertain = 0;
        int first = -1;
        for (int at = 0; at < text.Length - 1; at++)
        {
            int lead = text[at] <= 0xFF ? text[at] : 0;
            int length = lead switch
            {
                >= 0xC2 and <= 0xDF => 2,
                >= 0xE0 and <= 0xEF => 3,
                >= 0xF0 and <= 0xF4 => 4,
                _ => 0,
            };
            if (length == 0 || at + length > text.Length || !AllContinue(text.AsSpan(at + 1, length - 1)))
            {
                continue;
            }

            int second = ByteOf(text[at + 1]);
            bool followsCapital = at > 0 && char.IsUpper(text[at - 1]);
            bool isCertain = lead switch
            {
                0xC2 => second >= 0xA0 && !followsCapital,
                0xC3 => !followsCapital,
                0xE2 => second is 0x80 or 0x82 or 0x84,
                0xF0 => second == 0x9F,
                _ => false,
            };
            certain += isCertain ? 1 : 0;
            uncertain += isCertain ? 0 : 1;
            first = first < 0 ? at : first;
            at += length - 1;
        }

        return (certain, uncertain, Math.Max(first, 0));
    }

    private static bool AllContinue(ReadOnlySpan<char> characters)
    {
        foreach (char character in characters)
        {
            if (ByteOf(character) is < 0x80 or > 0xBF)
            {
                return false;
            }
        }

        return true;
    }

    private static int ByteOf(char character)
    {
        if (character <= 0xFF)
        {
            return character;
        }

        int index = Windows1252.IndexOf(character, StringComparison.Ordinal);
        return index < 0 ? 0 : 0x80 + index;
    }
}
