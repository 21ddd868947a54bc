using System.Globalization;
using System.Text;

namespace OpenLedger.Datanets.Deduplication;

/// <summary>Brings text to the form in which spellings that a reader takes for the same are the same.</summary>
/// <remarks>
/// Canonical caseless matching of the Unicode Standard (D145: decompose, fold case, compose to NFC), then each run of white space
/// becomes one space and the ends are trimmed. The tables are part of this assembly: <see cref="string.Normalize()"/> changes nothing
/// in an application with invariant globalization and follows the installed ICU elsewhere, so a stored key would depend on the machine.
/// </remarks>
internal static class TextNormalizer
{
    private const int HangulSyllables = 0xAC00;
    private const int HangulLeads = 0x1100;
    private const int HangulVowels = 0x1161;
    private const int HangulTrails = 0x11A7;
    private const int LeadCount = 19;
    private const int VowelCount = 21;
    private const int TrailCount = 28;

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
            Decompose(rune.Value, scalars);
        }

        Reorder(scalars);
        List<int> folded = Fold(scalars);
        Reorder(folded);
        return Compose(folded);
    }

    /// <summary>
    /// Whether a character can reach into the text before it: its decomposed and folded form begins with a mark, or with something
    /// that composes with what stands before. Where one that cannot begins, text can be cut and each part normalised alone.
    /// </summary>
    internal static bool CanJoinWhatIsBefore(int scalar)
    {
        List<int> decomposed = [];
        Decompose(scalar, decomposed);
        int first = Fold(decomposed)[0];
        return Tables.ClassOf(decomposed[0]) != 0
            || Tables.ClassOf(first) != 0
            || Tables.ComposesWithBefore.Contains(first)
            || first is >= HangulVowels and < HangulVowels + VowelCount
            || first is > HangulTrails and < HangulTrails + TrailCount;
    }

    private static List<int> Fold(List<int> scalars)
    {
        List<int> folded = new(scalars.Count);
        foreach (int scalar in scalars)
        {
            if (Tables.Foldings.TryGetValue(scalar, out int[]? folding))
            {
                foreach (int part in folding)
                {
                    Decompose(part, folded);
                }
            }
            else
            {
                Decompose(scalar, folded);
            }
        }

        return folded;
    }

    /// <summary>Normalisation form C alone; the whole of Unicode is compared with a reference through it.</summary>
    internal static string ComposeCanonically(string text)
    {
        List<int> scalars = new(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            Decompose(rune.Value, scalars);
        }

        Reorder(scalars);
        StringBuilder composed = new(text.Length);
        foreach (int scalar in Compose(scalars))
        {
            composed.Append(new Rune(scalar).ToString());
        }

        return composed.ToString();
    }

    private static void Decompose(int scalar, List<int> destination)
    {
        int syllable = scalar - HangulSyllables;
        if (syllable is >= 0 and < LeadCount * VowelCount * TrailCount)
        {
            destination.Add(HangulLeads + (syllable / (VowelCount * TrailCount)));
            destination.Add(HangulVowels + (syllable % (VowelCount * TrailCount) / TrailCount));
            if (syllable % TrailCount != 0)
            {
                destination.Add(HangulTrails + (syllable % TrailCount));
            }
        }
        else if (Tables.Decompositions.TryGetValue(scalar, out int[]? parts))
        {
            foreach (int part in parts)
            {
                Decompose(part, destination);
            }
        }
        else
        {
            destination.Add(scalar);
        }
    }

    /// <summary>Sorts each run of combining marks by class, keeping the order within a class (canonical ordering).</summary>
    private static void Reorder(List<int> scalars)
    {
        for (int start = 0; start < scalars.Count; start++)
        {
            if (Tables.ClassOf(scalars[start]) == 0)
            {
                continue;
            }

            int end = start + 1;
            bool isSorted = true;
            for (; end < scalars.Count && Tables.ClassOf(scalars[end]) is int next && next != 0; end++)
            {
                isSorted &= Tables.ClassOf(scalars[end - 1]) <= next;
            }

            if (!isSorted)
            {
                // OrderBy is stable, and unlike insertion it stays fast on a hostile megabyte of marks.
                int[] marks = [.. scalars[start..end].OrderBy(Tables.ClassOf)];
                for (int i = 0; i < marks.Length; i++)
                {
                    scalars[start + i] = marks[i];
                }
            }

            start = end;
        }
    }

    /// <summary>Canonical composition: each mark joins the last starter unless something of the same or a higher class lies between.</summary>
    private static List<int> Compose(List<int> scalars)
    {
        List<int> composed = new(scalars.Count);
        int starterAt = -1;
        int lastClass = 0;
        foreach (int scalar in scalars)
        {
            int combiningClass = Tables.ClassOf(scalar);
            bool adjacent = starterAt == composed.Count - 1;
            if (starterAt >= 0
                && (adjacent || lastClass < combiningClass)
                && TryComposePair(composed[starterAt], scalar, out int pair))
            {
                composed[starterAt] = pair;
                continue;
            }

            if (combiningClass == 0)
            {
                starterAt = composed.Count;
            }

            lastClass = combiningClass;
            composed.Add(scalar);
        }

        return composed;
    }

    private static bool TryComposePair(int first, int second, out int pair)
    {
        int lead = first - HangulLeads;
        int vowel = second - HangulVowels;
        if (lead is >= 0 and < LeadCount && vowel is >= 0 and < VowelCount)
        {
            pair = HangulSyllables + (((lead * VowelCount) + vowel) * TrailCount);
            return true;
        }

        int syllable = first - HangulSyllables;
        int trail = second - HangulTrails;
        if (syllable is >= 0 and < LeadCount * VowelCount * TrailCount && syllable % TrailCount == 0 && trail is > 0 and < TrailCount)
        {
            pair = first + trail;
            return true;
        }

        return Tables.Compositions.TryGetValue((first, second), out pair);
    }

    // A class of its own, so that ASCII-only programs never pay for reading the tables.
    private static class Tables
    {
        private static readonly Dictionary<int, byte> Classes = [];

        static Tables()
        {
            foreach ((string key, string value) in Entries(UnicodeTables.Decompositions))
            {
                bool isOneWay = key.EndsWith('!');
                int scalar = CodePoint(key.TrimEnd('!'));
                int[] parts = CodePoints(value);
                Decompositions.Add(scalar, parts);
                if (!isOneWay)
                {
                    Compositions.Add((parts[0], parts[1]), scalar);
                    ComposesWithBefore.Add(parts[1]);
                }
            }

            foreach ((string key, string value) in Entries(UnicodeTables.CombiningClasses))
            {
                int dash = key.IndexOf('-', StringComparison.Ordinal);
                for (int scalar = CodePoint(key[..dash]); scalar <= CodePoint(key[(dash + 1)..]); scalar++)
                {
                    Classes.Add(scalar, byte.Parse(value, CultureInfo.InvariantCulture));
                }
            }

            foreach ((string key, string value) in Entries(UnicodeTables.CaseFoldings))
            {
                Foldings.Add(CodePoint(key), CodePoints(value));
            }
        }

        public static Dictionary<int, int[]> Decompositions { get; } = [];

        public static Dictionary<(int First, int Second), int> Compositions { get; } = [];

        public static HashSet<int> ComposesWithBefore { get; } = [];

        public static Dictionary<int, int[]> Foldings { get; } = [];

        public static int ClassOf(int scalar) => scalar < 0x300 ? 0 : Classes.GetValueOrDefault(scalar);

        private static IEnumerable<(string Key, string Value)> Entries(string table)
        {
            foreach (string entry in table.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            {
                int equals = entry.IndexOf('=', StringComparison.Ordinal);
                yield return (entry[..equals], entry[(equals + 1)..]);
            }
        }

        private static int CodePoint(string text) => int.Parse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

        private static int[] CodePoints(string text) => [.. text.Split(' ').Select(CodePoint)];
    }
}
