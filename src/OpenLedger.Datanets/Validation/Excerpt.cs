using System.Globalization;
using System.Text;

namespace OpenLedger.Datanets.Validation;

/// <summary>Cuts contributor text to what may stand in a report: short, on one line, nothing that steers a terminal.</summary>
internal static class Excerpt
{
    /// <summary>Most characters of an excerpt, of a path and of a message.</summary>
    public const int MaxLength = 80;

    public static string Of(ReadOnlySpan<char> text, int maxLength = MaxLength)
    {
        StringBuilder excerpt = new();
        foreach (Rune rune in text.EnumerateRunes()) // half a surrogate pair becomes U+FFFD
        {
            string shown = IsVisible(rune)
                ? rune.ToString()
                : string.Create(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:X}}}");
            if (excerpt.Length + shown.Length > maxLength - 1)
            {
                return excerpt.Append('…').ToString();
            }

            excerpt.Append(shown);
        }

        return excerpt.ToString();
    }

    private static bool IsVisible(Rune rune) => rune.Value == ' ' || Rune.GetUnicodeCategory(rune) is not
        (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.Surrogate);
}
