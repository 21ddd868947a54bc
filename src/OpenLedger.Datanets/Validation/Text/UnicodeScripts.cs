namespace OpenLedger.Datanets.Validation.Text;

/// <summary>Scripts by blocks of the Unicode Standard: coarser than the Script property, enough to segment and to tell languages apart.</summary>
internal static class UnicodeScripts
{
    private static readonly (int First, int Last, TextScript Script)[] Ranges =
    [
        (0x0041, 0x005A, TextScript.Latin),
        (0x0061, 0x007A, TextScript.Latin),
        (0x00AA, 0x00AA, TextScript.Latin),
        (0x00BA, 0x00BA, TextScript.Latin),
        (0x00C0, 0x024F, TextScript.Latin),
        (0x0250, 0x02AF, TextScript.Latin),
        (0x0370, 0x03FF, TextScript.Greek),
        (0x0400, 0x052F, TextScript.Cyrillic),
        (0x0590, 0x05FF, TextScript.Hebrew),
        (0x0600, 0x06FF, TextScript.Arabic),
        (0x0750, 0x077F, TextScript.Arabic),
        (0x08A0, 0x08FF, TextScript.Arabic),
        (0x0900, 0x097F, TextScript.Devanagari),
        (0x0980, 0x0DFF, TextScript.OtherIndic),
        (0x0E01, 0x0E7F, TextScript.Thai),
        (0x0E80, 0x0FFF, TextScript.OtherUnspaced), // Lao, Tibetan
        (0x1000, 0x109F, TextScript.OtherUnspaced), // Myanmar
        (0x1100, 0x11FF, TextScript.Hangul),
        (0x1780, 0x17FF, TextScript.OtherUnspaced), // Khmer
        (0x1C80, 0x1C8F, TextScript.Cyrillic),
        (0x1E00, 0x1EFF, TextScript.Latin),
        (0x1F00, 0x1FFF, TextScript.Greek),
        (0x2C60, 0x2C7F, TextScript.Latin),
        (0x2DE0, 0x2DFF, TextScript.Cyrillic),
        (0x2E80, 0x2FDF, TextScript.Han),
        (0x3005, 0x3007, TextScript.Han),
        (0x3021, 0x3029, TextScript.Han),
        (0x3041, 0x309F, TextScript.Hiragana),
        (0x30A1, 0x30FA, TextScript.Katakana),
        (0x30FC, 0x30FF, TextScript.Katakana),
        (0x3105, 0x312F, TextScript.Han), // Bopomofo
        (0x3131, 0x318E, TextScript.Hangul),
        (0x31A0, 0x31BF, TextScript.Han),
        (0x31F0, 0x31FF, TextScript.Katakana),
        (0x3400, 0x4DBF, TextScript.Han),
        (0x4E00, 0x9FFF, TextScript.Han),
        (0xA640, 0xA69F, TextScript.Cyrillic),
        (0xA720, 0xA7FF, TextScript.Latin),
        (0xA8E0, 0xA8FF, TextScript.Devanagari),
        (0xA960, 0xA97F, TextScript.Hangul),
        (0xA9E0, 0xA9FF, TextScript.OtherUnspaced),
        (0xAA60, 0xAA7F, TextScript.OtherUnspaced),
        (0xAB30, 0xAB6F, TextScript.Latin),
        (0xAC00, 0xD7FB, TextScript.Hangul),
        (0xF900, 0xFAFF, TextScript.Han),
        (0xFB00, 0xFB06, TextScript.Latin),
        (0xFB1D, 0xFB4F, TextScript.Hebrew),
        (0xFB50, 0xFDFF, TextScript.Arabic),
        (0xFE70, 0xFEFC, TextScript.Arabic),
        (0xFF21, 0xFF3A, TextScript.Latin),
        (0xFF41, 0xFF5A, TextScript.Latin),
        (0xFF66, 0xFF9D, TextScript.Katakana),
        (0xFFA0, 0xFFDC, TextScript.Hangul),
        (0x1B000, 0x1B16F, TextScript.Hiragana),
        (0x20000, 0x323AF, TextScript.Han),
    ];

    /// <summary>The script of a code point. Marks, digits and punctuation of a block get the block's script; ask the category first.</summary>
    public static TextScript Of(int scalar)
    {
        int low = 0;
        int high = Ranges.Length - 1;
        while (low <= high)
        {
            int middle = (low + high) / 2;
            (int first, int last, TextScript script) = Ranges[middle];
            if (scalar < first)
            {
                high = middle - 1;
            }
            else if (scalar > last)
            {
                low = middle + 1;
            }
            else
            {
                return script;
            }
        }

        return TextScript.Other;
    }

    /// <summary>Whether the script is written without spaces between words.</summary>
    public static bool IsUnspaced(TextScript script) =>
        script is TextScript.Han or TextScript.Hiragana or TextScript.Katakana or TextScript.Thai or TextScript.OtherUnspaced;
}
