using System.Text;
using OpenLedger.Datanets.Deduplication;

namespace OpenLedger.Datanets.Formats;

/// <summary>A text in which quotations are looked up the way a reader compares, not code unit by code unit.</summary>
/// <remarks>
/// Equal are: upper and lower case, the canonical forms of Unicode, all white space however long, typographic and straight quotes, the dashes,
/// an ellipsis and three dots. Ignored are soft hyphens, zero-width characters, and <c>*</c>, <c>_</c> and <c>`</c>, the emphasis of Markdown.
/// It finds words, not meaning: a quotation may leave out the "not" before it. Immutable; safe for concurrent use.
/// </remarks>
public sealed class QuotableText
{
    private readonly string _text;

    /// <summary>Prepares a text, once for all its quotations.</summary>
    /// <param name="text">Any text; half a surrogate pair counts as U+FFFD.</param>
    public QuotableText(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        _text = Normalize(text);
    }

    /// <summary>How long the text is in its normal form, in UTF-16 units; what <see cref="LengthOf"/> compares with.</summary>
    public int Length => _text.Length;

    /// <summary>How long a quotation is in its normal form, in UTF-16 units.</summary>
    /// <param name="quotation">Any text.</param>
    public static int LengthOf(string quotation)
    {
        ArgumentNullException.ThrowIfNull(quotation);
        return Normalize(quotation).Length;
    }

    /// <summary>Whether the text holds a quotation, as whole words and whole numbers.</summary>
    /// <param name="quotation">Any text; one that is empty in its normal form is never held.</param>
    /// <remarks>
    /// <c>is 42</c> is not found in <c>is 421</c>, nor <c>cat</c> in <c>concatenate</c>. Scripts that write without spaces have no such
    /// edges; there any substring is found. Costs one search of the text per call.
    /// </remarks>
    public bool Holds(string quotation)
    {
        ArgumentNullException.ThrowIfNull(quotation);
        string wanted = Normalize(quotation);
        for (int at = 0; wanted.Length > 0 && at <= _text.Length - wanted.Length; at++)
        {
            at = _text.IndexOf(wanted, at, StringComparison.Ordinal);
            if (at < 0)
            {
                return false;
            }

            int end = at + wanted.Length;
            if ((at == 0 || !AreOneWord(_text[at - 1], wanted[0])) && (end == _text.Length || !AreOneWord(wanted[^1], _text[end])))
            {
                return true;
            }
        }

        return false;
    }

    private static bool AreOneWord(char left, char right) =>
        (char.IsDigit(left) || IsSpacedLetter(left)) && (char.IsDigit(right) || IsSpacedLetter(right));

    /// <summary>Letters up to the Armenian block: the alphabets that put spaces between words.</summary>
    private static bool IsSpacedLetter(char c) => c < '\u0590' && char.IsLetter(c);

    private static string Normalize(string text)
    {
        StringBuilder plain = new(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            switch (rune.Value)
            {
                case '*' or '_' or '`' or 0x00AD or (>= 0x200B and <= 0x200D) or 0x2060 or 0xFEFF:
                    break;
                case (>= 0x2018 and <= 0x201B) or 0x02BC or 0x2032:
                    plain.Append('\'');
                    break;
                case (>= 0x201C and <= 0x201F) or 0x00AB or 0x00BB or 0x2033:
                    plain.Append('"');
                    break;
                case (>= 0x2010 and <= 0x2015) or 0x2212:
                    plain.Append('-');
                    break;
                case 0x2026:
                    plain.Append("...");
                    break;
                default:
                    plain.Append(rune.ToString());
                    break;
            }
        }

        return TextNormalizer.Normalize(plain.ToString());
    }
}
