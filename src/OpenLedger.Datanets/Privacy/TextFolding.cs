namespace OpenLedger.Datanets.Privacy;

/// <summary>Takes accents and case off Latin letters, so that one spelling of a context word matches all of them.</summary>
/// <remarks>
/// Vietnamese is written composed, decomposed and without accents; context words are kept in the last form. Combining marks vanish, other
/// characters stay. This is for matching words, not for keys: those go through <c>TextNormalizer</c>.
/// </remarks>
internal static class TextFolding
{
    private const int TableLength = 0x1F00;
    private const char Dropped = '\0';

    private static readonly char[] Table = BuildTable();

    /// <summary>Folds <paramref name="source"/> into <paramref name="destination"/>, which is at least as long.</summary>
    /// <returns>The number of characters written.</returns>
    public static int Fold(ReadOnlySpan<char> source, Span<char> destination)
    {
        int written = 0;
        foreach (char c in source)
        {
            char folded = c < TableLength ? Table[c] : c;
            if (folded != Dropped)
            {
                destination[written++] = folded;
            }
        }

        return written;
    }

    public static string Fold(string text)
    {
        char[] buffer = new char[text.Length];
        return new string(buffer, 0, Fold(text, buffer));
    }

    private static char[] BuildTable()
    {
        char[] table = new char[TableLength];
        for (int i = 1; i < TableLength; i++)
        {
            table[i] = i is >= 0x300 and <= 0x36F ? Dropped : char.ToLowerInvariant((char)i);
        }

        table[0] = ' ';
        table['\r'] = '\n';
        table['\t'] = ' ';
        table[0xA0] = ' ';
        ReadOnlySpan<string> families =
        [
            "aàáảãạăằắẳẵặâầấẩẫậäåāą", "cçćč", "dđď", "eèéẻẽẹêềếểễệëēęě", "gğ", "iìíỉĩịïīı", "lł", "nñńň",
            "oòóỏõọôồốổỗộơờớởỡợöøō", "rř", "sśšş", "tťţ", "uùúủũụưừứửữựüůū", "yỳýỷỹỵÿ", "zźżž",
        ];
        foreach (string family in families)
        {
            foreach (char letter in family)
            {
                table[letter] = family[0];
                table[char.ToUpperInvariant(letter)] = family[0];
            }
        }

        return table;
    }
}
