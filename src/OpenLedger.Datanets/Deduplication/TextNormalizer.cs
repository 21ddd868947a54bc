using System.Text;
using OpenLedger.Unicode;

namespace OpenLedger.Datanets.Deduplication;

/// <summary>Brings text to the form in which spellings that a reader takes for the same are the same.</summary>
/// <remarks>
/// Canonical caseless matching of the Unicode Standard (D145: decompose, fold case, compose to NFC), then each run of white space
/// becomes one space and the ends are trimmed. The tables are part of this assembly: <see cref="string.Normalize()"/> changes nothing
/// in an application with invariant globalization and follows the installed ICU elsewhere, so a stored key would depend on the machine.
/// </remarks>
internal static class TextNormalizer
{
    private static readonly Lazy<Dictionary<int, int[]>> CaseFoldings = new(() => UnicodeTableText.Entries(UnicodeTables.CaseFoldings)
        .ToDictionary(entry => UnicodeTableText.CodePoint(entry.Key), entry => UnicodeTableText.CodePoints(entry.Value)));

    /// <summary>Normalises <paramref name="text"/>, which holds no half surrogate pair.</summary>
    public static string Normalize(string text)
    {
        using CollapsedText normalized = new(text.Length);
        Normalize(text, normalized);
        return normalized.Written.ToString();
    }

    /// <summary>Appends the normal form of <paramref name="text"/>, which holds no half surrogate pair.</summary>
    /// <remarks>
    /// Text falls apart where no mark reaches across. Nearly every part is one character whose normal form is looked up
    /// (<see cref="NormalForms"/>); the definition is carried out only on the others.
    /// </remarks>
    public static void Normalize(ReadOnlySpan<char> text, CollapsedText destination)
    {
        int at = 0;
        int form = NormalForms.Of(text, out int length);
        while (at < text.Length)
        {
            int end = at + length;
            bool isAlone = true;
            int nextForm = NormalForms.Of(text[end..], out int nextLength);
            while (nextForm == NormalForms.Joins)
            {
                isAlone = false;
                end += nextLength;
                nextForm = NormalForms.Of(text[end..], out nextLength);
            }

            if (isAlone && form >= 0)
            {
                destination.Append(form);
            }
            else
            {
                foreach (int scalar in NormalizeByDefinition(text[at..end]))
                {
                    destination.Append(scalar);
                }
            }

            at = end;
            form = nextForm;
            length = nextLength;
        }
    }

    /// <summary>Canonical caseless form by its definition: decompose, fold case, decompose, compose; white space stays.</summary>
    internal static List<int> NormalizeByDefinition(ReadOnlySpan<char> text)
    {
        List<int> scalars = new(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            CanonicalForms.Decompose(rune.Value, scalars);
        }

        CanonicalForms.Reorder(scalars);
        List<int> folded = Fold(scalars);
        CanonicalForms.Reorder(folded);
        return CanonicalForms.Compose(folded);
    }

    /// <summary>
    /// Whether a character can reach into the text before it: its decomposed and folded form begins with a mark, or with something
    /// that composes with what stands before. Where one that cannot begins, text can be cut and each part normalised alone.
    /// </summary>
    internal static bool CanJoinWhatIsBefore(int scalar)
    {
        List<int> decomposed = [];
        CanonicalForms.Decompose(scalar, decomposed);
        int first = Fold(decomposed)[0];
        return CanonicalForms.ClassOf(decomposed[0]) != 0
            || CanonicalForms.ClassOf(first) != 0
            || CanonicalForms.ComposesWithBefore(first);
    }

    private static List<int> Fold(List<int> scalars)
    {
        List<int> folded = new(scalars.Count);
        foreach (int scalar in scalars)
        {
            if (CaseFoldings.Value.TryGetValue(scalar, out int[]? folding))
            {
                foreach (int part in folding)
                {
                    CanonicalForms.Decompose(part, folded);
                }
            }
            else
            {
                CanonicalForms.Decompose(scalar, folded);
            }
        }

        return folded;
    }
}
