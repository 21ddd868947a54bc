namespace OpenLedger.Datanets.Tests.Reference;

/// <summary>The repetition measures of Gopher as one reads them: n-grams are lists of words that are compared word by word.</summary>
internal static class ReferenceRepetition
{
    /// <summary>The most frequent n-gram, the first of several, joined with spaces, times its occurrences; 0 when none occurs twice.</summary>
    public static int TopCharacters(string[] words, int n)
    {
        int best = 0;
        int bestCount = 1;
        for (int i = 0; i + n <= words.Length; i++)
        {
            int count = 0;
            for (int j = 0; j + n <= words.Length; j++)
            {
                count += words.AsSpan(i, n).SequenceEqual(words.AsSpan(j, n)) ? 1 : 0;
            }

            if (count > bestCount)
            {
                bestCount = count;
                best = count * string.Join(' ', words[i..(i + n)]).Length;
            }
        }

        return best;
    }

    /// <summary>From left to right: an n-gram that was passed before counts with all its characters, and the search goes on behind it.</summary>
    public static int DuplicateCharacters(string[] words, int n)
    {
        List<string[]> passed = [];
        int characters = 0;
        int at = 0;
        while (at + n <= words.Length)
        {
            string[] nGram = words[at..(at + n)];
            if (passed.Exists(before => before.AsSpan().SequenceEqual(nGram)))
            {
                characters += nGram.Sum(word => word.Length);
                at += n;
            }
            else
            {
                passed.Add(nGram);
                at++;
            }
        }

        return characters;
    }
}
