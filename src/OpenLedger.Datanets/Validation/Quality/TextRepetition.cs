using System.Runtime.InteropServices;
using OpenLedger.Datanets.Validation.Text;

namespace OpenLedger.Datanets.Validation.Quality;

/// <summary>Counts what repeats in a text. Exact, and linear in the text for a fixed n: no n-gram is ever spelled out or compared.</summary>
/// <remarks>
/// An n-gram is named by a number: two n-grams get the same number exactly when the n-1-gram they begin with and the word they end with
/// have the same numbers. Tables hash pairs with the process's own seed, so that no text can be made to collide in them.
/// </remarks>
internal static class TextRepetition
{
    /// <summary>How many parts stood before, and how many characters those have.</summary>
    public static (int Parts, long Characters) Duplicates(IEnumerable<string> parts)
    {
        HashSet<string> seen = new(StringComparer.Ordinal);
        int count = 0;
        long characters = 0;
        foreach (string part in parts)
        {
            if (!seen.Add(part))
            {
                count++;
                characters += part.Length;
            }
        }

        return (count, characters);
    }

    /// <summary>For each token, the number of its 1-gram; the input of <see cref="Extend"/>.</summary>
    public static int[] Unigrams(TextAnalysis analysis) => [.. analysis.Identities];

    /// <summary>Turns the numbers of n-grams into those of n+1-grams, one fewer.</summary>
    public static int[] Extend(ReadOnlySpan<int> nGrams, ReadOnlySpan<int> unigrams, int n)
    {
        int count = unigrams.Length - n;
        if (count <= 0)
        {
            return [];
        }

        int[] longer = new int[count];
        Dictionary<(int Beginning, int Last), int> known = new(count);
        for (int i = 0; i < count; i++)
        {
            ref int number = ref CollectionsMarshal.GetValueRefOrAddDefault(known, (nGrams[i], unigrams[i + n]), out bool exists);
            number = exists ? number : known.Count - 1;
            longer[i] = number;
        }

        return longer;
    }

    /// <summary>
    /// Characters in all occurrences of the most frequent n-gram, spelled with a space between words; of several the first; 0 when none
    /// occurs twice.
    /// </summary>
    public static long TopCharacters(ReadOnlySpan<int> nGrams, IReadOnlyList<TextToken> tokens, int n)
    {
        int[] counts = new int[nGrams.Length];
        int most = 1;
        foreach (int number in nGrams)
        {
            most = Math.Max(most, ++counts[number]);
        }

        if (most == 1)
        {
            return 0;
        }

        int first = 0;
        while (counts[nGrams[first]] != most)
        {
            first++;
        }

        return (long)most * Length(tokens, first, n, spaced: true);
    }

    /// <summary>Characters in n-grams that stood before, without spaces; matched greedily, and none twice.</summary>
    public static long DuplicateCharacters(ReadOnlySpan<int> nGrams, IReadOnlyList<TextToken> tokens, int n)
    {
        bool[] seen = new bool[nGrams.Length];
        long characters = 0;
        int at = 0;
        while (at < nGrams.Length)
        {
            if (seen[nGrams[at]])
            {
                characters += Length(tokens, at, n, spaced: false);
                at += n;
            }
            else
            {
                seen[nGrams[at]] = true;
                at++;
            }
        }

        return characters;
    }

    private static int Length(IReadOnlyList<TextToken> tokens, int first, int n, bool spaced)
    {
        int length = 0;
        for (int i = first; i < first + n; i++)
        {
            length += tokens[i].Length;
            length += spaced && i > first && (tokens[i].Kind != TokenKind.Character || tokens[i - 1].Kind != TokenKind.Character) ? 1 : 0;
        }

        return length;
    }
}
