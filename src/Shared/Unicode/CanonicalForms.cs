using System.Globalization;
using System.Text;

namespace OpenLedger.Unicode;

/// <summary>Canonical decomposition, ordering and composition (Unicode Standard Annex 15), the same on every machine.</summary>
/// <remarks>
/// The tables are part of the assembly: <see cref="string.Normalize()"/> changes nothing in an application with invariant
/// globalization and follows the installed ICU elsewhere. The source is compiled into each project that needs it, because those
/// projects do not depend on each other.
/// </remarks>
internal static class CanonicalForms
{
    private const int HangulSyllables = 0xAC00;
    private const int HangulLeads = 0x1100;
    private const int HangulVowels = 0x1161;
    private const int HangulTrails = 0x11A7;
    private const int LeadCount = 19;
    private const int VowelCount = 21;
    private const int TrailCount = 28;

    private const byte Known = 1;
    private const byte Joins = 2;
    private const byte Changes = 4;
    private const int PageLength = 256;

    // What each character does to a text, in pages that are computed when text first needs them.
    private static readonly byte[]?[] Pages = new byte[]?[0x110000 / PageLength];

    /// <summary>Normalisation form C; the same instance where nothing changes. Half a surrogate pair becomes U+FFFD if anything changes.</summary>
    public static string ToFormC(string text)
    {
        int first = FirstToInspect(text);
        if (first < 0)
        {
            return text;
        }

        // Text falls apart before each character that does not reach into what stands before it; only few parts need the definition.
        StringBuilder composed = new(text.Length);
        int start = 0;
        while (start < text.Length)
        {
            byte kind = KindOf(text, start, out int length);
            bool needsWork = (kind & Changes) != 0;
            int end = start + length;
            while (end < text.Length && (KindOf(text, end, out int nextLength) & Joins) != 0)
            {
                needsWork = true;
                end += nextLength;
            }

            if (needsWork)
            {
                List<int> scalars = [];
                foreach (Rune rune in text.AsSpan(start, end - start).EnumerateRunes())
                {
                    Decompose(rune.Value, scalars);
                }

                Reorder(scalars);
                foreach (int scalar in Compose(scalars))
                {
                    Append(composed, scalar);
                }
            }
            else
            {
                composed.Append(text, start, end - start);
            }

            start = end;
        }

        return composed.ToString();
    }

    /// <summary>Canonical combining class; 0 is a starter.</summary>
    public static int ClassOf(int scalar) => scalar < 0x300 ? 0 : Tables.Classes.GetValueOrDefault(scalar);

    /// <summary>Whether some character before this one composes with it.</summary>
    public static bool ComposesWithBefore(int scalar) => Tables.ComposesWithBefore.Contains(scalar)
        || scalar is >= HangulVowels and < HangulVowels + VowelCount
        || scalar is > HangulTrails and < HangulTrails + TrailCount;

    public static void Decompose(int scalar, List<int> destination)
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
    public static void Reorder(List<int> scalars)
    {
        for (int start = 0; start < scalars.Count; start++)
        {
            if (ClassOf(scalars[start]) == 0)
            {
                continue;
            }

            int end = start + 1;
            bool isSorted = true;
            for (; end < scalars.Count && ClassOf(scalars[end]) is int next && next != 0; end++)
            {
                isSorted &= ClassOf(scalars[end - 1]) <= next;
            }

            if (!isSorted)
            {
                // OrderBy is stable, and unlike insertion it stays fast on a hostile megabyte of marks.
                int[] marks = [.. scalars[start..end].OrderBy(ClassOf)];
                for (int i = 0; i < marks.Length; i++)
                {
                    scalars[start + i] = marks[i];
                }
            }

            start = end;
        }
    }

    /// <summary>Canonical composition: each mark joins the last starter unless something of the same or a higher class lies between.</summary>
    public static List<int> Compose(List<int> scalars)
    {
        List<int> composed = new(scalars.Count);
        int starterAt = -1;
        int lastClass = 0;
        foreach (int scalar in scalars)
        {
            int combiningClass = ClassOf(scalar);
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

    private static int FirstToInspect(string text)
    {
        // Nothing below U+0300 joins or changes.
        int at = text.AsSpan().IndexOfAnyExceptInRange('\0', '\u02FF');
        while (at >= 0 && at < text.Length)
        {
            if ((KindOf(text, at, out int length) & (Joins | Changes)) != 0)
            {
                return at;
            }

            at += length;
        }

        return -1;
    }

    private static byte KindOf(string text, int at, out int length)
    {
        int scalar = text[at];
        length = 1;
        if (char.IsSurrogate(text[at]))
        {
            _ = Rune.DecodeFromUtf16(text.AsSpan(at), out Rune rune, out length);
            scalar = rune.Value;
        }

        byte[]? page = Volatile.Read(ref Pages[scalar / PageLength]);
        if (page is null)
        {
            page = new byte[PageLength];
            Volatile.Write(ref Pages[scalar / PageLength], page);
        }

        // Two threads may compute one entry, with the same result.
        byte kind = page[scalar % PageLength];
        return kind != 0 ? kind : page[scalar % PageLength] = Compute(scalar);
    }

    private static byte Compute(int scalar)
    {
        List<int> decomposed = [];
        Decompose(scalar, decomposed);
        bool joins = ClassOf(decomposed[0]) != 0 || ComposesWithBefore(decomposed[0]);
        Reorder(decomposed);
        bool changes = Compose(decomposed) is not [int single] || single != scalar;
        return (byte)(Known | (joins ? Joins : 0) | (changes ? Changes : 0));
    }

    private static void Append(StringBuilder destination, int scalar)
    {
        Span<char> units = stackalloc char[2];
        destination.Append(units[..new Rune(scalar).EncodeToUtf16(units)]);
    }

    // A class of its own, so that ASCII-only programs never pay for reading the tables.
    private static class Tables
    {
        static Tables()
        {
            foreach ((string key, string value) in UnicodeTableText.Entries(UnicodeTables.Decompositions))
            {
                bool isOneWay = key.EndsWith('!');
                int scalar = UnicodeTableText.CodePoint(key.TrimEnd('!'));
                int[] parts = UnicodeTableText.CodePoints(value);
                Decompositions.Add(scalar, parts);
                if (!isOneWay)
                {
                    Compositions.Add((parts[0], parts[1]), scalar);
                    ComposesWithBefore.Add(parts[1]);
                }
            }

            foreach ((string key, string value) in UnicodeTableText.Entries(UnicodeTables.CombiningClasses))
            {
                int dash = key.IndexOf('-', StringComparison.Ordinal);
                for (int scalar = UnicodeTableText.CodePoint(key[..dash]); scalar <= UnicodeTableText.CodePoint(key[(dash + 1)..]); scalar++)
                {
                    Classes.Add(scalar, byte.Parse(value, CultureInfo.InvariantCulture));
                }
            }
        }

        public static Dictionary<int, int[]> Decompositions { get; } = [];

        public static Dictionary<(int First, int Second), int> Compositions { get; } = [];

        public static HashSet<int> ComposesWithBefore { get; } = [];

        public static Dictionary<int, byte> Classes { get; } = [];
    }
}
