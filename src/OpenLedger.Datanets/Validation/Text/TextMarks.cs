using System.Buffers;
using System.Collections.Frozen;

namespace OpenLedger.Datanets.Validation.Text;

/// <summary>Punctuation that ends sentences and lines.</summary>
internal static class TextMarks
{
    /// <summary>Longest text of <see cref="IsAbbreviation"/>.</summary>
    public const int LongestAbbreviation = 5;

    // Sentence terminators of the scripts in use: Latin, Armenian, Arabic, Syriac, Devanagari, Myanmar, Ethiopic, Khmer, CJK, full width.
    private static readonly SearchValues<char> SentenceEnds = SearchValues.Create(
        ".!?…\u0589\u061D\u061E\u061F\u06D4\u0700\u0701\u0702\u0964\u0965\u104A\u104B\u1362\u1367\u1368\u166E\u1803\u1809\u17D4\u17D5"
        + "\u203C\u203D\u2047\u2048\u2049\u3002\uFE52\uFE56\uFE57\uFF01\uFF0E\uFF1F\uFF61");

    private static readonly SearchValues<char> WithoutSpace =
        SearchValues.Create("\u0964\u0965\u104A\u104B\u17D4\u17D5\u3002\uFF01\uFF0E\uFF1F\uFF61");

    private static readonly SearchValues<char> Closings = SearchValues.Create("\"')]}»”’›」』】）〉》");

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Abbreviations = ((string[])
    [
        "Mr", "Mrs", "Ms", "Dr", "Prof", "Sr", "Jr", "St", "Rev", "Gen", "Col", "Capt", "Lt", "Mt", "No", "Nos", "Fig", "Figs", "Eq", "vs",
        "etc", "e.g", "i.e", "cf", "al", "Inc", "Ltd", "Co", "Corp", "U.S", "U.K", "z.B", "bzw", "Nr", "Hr", "Fr", "Sra", "Dra",
        "p.ex", "TP", "Th.S", "TS", "PGS", "GS",
    ]).ToFrozenSet(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    public static bool IsSentenceEnd(char character) => SentenceEnds.Contains(character);

    public static bool EndsWithoutSpace(char character) => WithoutSpace.Contains(character);

    public static bool IsClosing(char character) => Closings.Contains(character);

    public static bool IsAbbreviation(ReadOnlySpan<char> word) => Abbreviations.Contains(word);
}
