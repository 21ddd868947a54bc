using System.Globalization;
using System.Text;
using OpenLedger.Unicode;

namespace OpenLedger.Datanets.Deduplication.Near;

/// <summary>What each Unicode scalar becomes before texts are compared: nothing, white space, a digit, letters, or a word by itself.</summary>
/// <remarks>
/// Foldings and decompositions are those of this assembly. General categories are the runtime's own, which no setting changes; a newer
/// runtime knows more characters, so a signature can differ between runtimes where a text uses characters that are newer than the older one.
/// </remarks>
internal sealed class ScalarForms
{
    public const byte Dropped = 0;
    public const byte Space = 1;
    public const byte Digit = 2;
    public const byte Letters = 3;
    public const byte LoneWord = 4;

    private const int HangulSyllables = 0xAC00;
    private const int HangulSyllableCount = 19 * 21 * 28;

    // Inclusive ranges of the scripts that are written without spaces.
    private static readonly (int First, int Last)[] UnspacedScripts =
    [
        (0x0E00, 0x0EFF), // Thai, Lao
        (0x0F00, 0x0FFF), // Tibetan
        (0x1000, 0x109F), // Burmese
        (0x1780, 0x17FF), // Khmer
        (0x3005, 0x3007), // ideographic iteration mark, zero
        (0x3040, 0x312F), // Hiragana, Katakana, Bopomofo
        (0x31F0, 0x31FF),
        (0x3400, 0x4DBF), // Han
        (0x4E00, 0x9FFF),
        (0xF900, 0xFAFF),
        (0xFF66, 0xFF9F), // half-width Katakana
        (0x20000, 0x3FFFF),
    ];

    private readonly bool _stripsMarks;
    private readonly byte[]?[] _basicPlane = new byte[0x10000][]; // filled as characters are met; a race writes equal values twice

    private ScalarForms(bool stripsMarks) => _stripsMarks = stripsMarks;

    /// <summary>Folds case, decomposes and drops combining marks.</summary>
    public static ScalarForms Stripped { get; } = new(stripsMarks: true);

    /// <summary>Only sorts into kinds: for text that is in normal form and folded already.</summary>
    public static ScalarForms Kept { get; } = new(stripsMarks: false);

    /// <summary>The kind of the scalar, then the UTF-8 bytes it becomes.</summary>
    public ReadOnlySpan<byte> Find(Rune rune) =>
        rune.Value < _basicPlane.Length ? _basicPlane[rune.Value] ??= Compute(rune.Value) : Compute(rune.Value);

    private byte[] Compute(int scalar)
    {
        StringBuilder text = new();
        if (_stripsMarks)
        {
            Decompose(scalar, text, mayFold: true);
        }
        else if (!IsIgnored(scalar))
        {
            text.Append(new Rune(scalar).ToString());
        }

        byte kind = KindOf(scalar);
        if (kind is Letters or LoneWord && text.Length == 0)
        {
            kind = Dropped;
        }

        return [kind, .. Encoding.UTF8.GetBytes(text.ToString())];
    }

    private static byte KindOf(int scalar)
    {
        switch (CharUnicodeInfo.GetUnicodeCategory(scalar))
        {
            case UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator:
                return Space;
            case UnicodeCategory.Control:
                return scalar is (>= 9 and <= 13) or (>= 0x1C and <= 0x1F) or 0x85 ? Space : Dropped;
            case UnicodeCategory.DecimalDigitNumber:
                return Digit;
            default:
                return IsIgnored(scalar)
                    ? Dropped
                    : Array.Exists(UnspacedScripts, range => scalar >= range.First && scalar <= range.Last) ? LoneWord : Letters;
        }
    }

    // Invisible format characters are ignored with the punctuation: they would hide a copy. Other symbols (emoji) stand for words.
    private static bool IsIgnored(int scalar) => CharUnicodeInfo.GetUnicodeCategory(scalar) is
        UnicodeCategory.ConnectorPunctuation or UnicodeCategory.DashPunctuation or UnicodeCategory.OpenPunctuation
        or UnicodeCategory.ClosePunctuation or UnicodeCategory.InitialQuotePunctuation or UnicodeCategory.FinalQuotePunctuation
        or UnicodeCategory.OtherPunctuation or UnicodeCategory.MathSymbol or UnicodeCategory.CurrencySymbol
        or UnicodeCategory.ModifierSymbol or UnicodeCategory.Format or UnicodeCategory.Control;

    private static void Decompose(int scalar, StringBuilder destination, bool mayFold)
    {
        int syllable = scalar - HangulSyllables;
        if (syllable is >= 0 and < HangulSyllableCount)
        {
            destination.Append((char)(0x1100 + (syllable / (21 * 28)))).Append((char)(0x1161 + (syllable % (21 * 28) / 28)));
            if (syllable % 28 != 0)
            {
                destination.Append((char)(0x11A7 + (syllable % 28)));
            }
        }
        else if (Tables.Decompositions.TryGetValue(scalar, out int[]? parts))
        {
            foreach (int part in parts)
            {
                Decompose(part, destination, mayFold);
            }
        }
        else if (mayFold && Tables.Foldings.TryGetValue(scalar, out int[]? folding))
        {
            foreach (int part in folding)
            {
                Decompose(part, destination, mayFold: false);
            }
        }
        else if (CharUnicodeInfo.GetUnicodeCategory(scalar) != UnicodeCategory.NonSpacingMark && !IsIgnored(scalar))
        {
            destination.Append(new Rune(scalar).ToString());
        }
    }

    // A class of its own, so that ASCII-only programs never pay for reading the tables.
    private static class Tables
    {
        public static Dictionary<int, int[]> Decompositions { get; } = Read(UnicodeTables.Decompositions);

        public static Dictionary<int, int[]> Foldings { get; } = Read(UnicodeTables.CaseFoldings);

        private static Dictionary<int, int[]> Read(string table)
        {
            Dictionary<int, int[]> entries = [];
            foreach (string entry in table.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            {
                int equals = entry.IndexOf('=', StringComparison.Ordinal);
                entries.Add(CodePoint(entry[..equals].TrimEnd('!')), [.. entry[(equals + 1)..].Split(' ').Select(CodePoint)]);
            }

            return entries;
        }

        private static int CodePoint(string text) => int.Parse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
    }
}
