namespace OpenLedger.Datanets.Validation.Contamination;

/// <summary>Hashes of all runs of n words, rolled from one to the next, so that a text costs the same for every n.</summary>
internal static class NGramHashes
{
    private const ulong Base = 0x9E3779B97F4A7C15; // odd, so that multiplication loses nothing

    /// <summary>
    /// Hash i is that of words i to i + n - 1: <c>mix(sum of word[i+j] * Base^(n-1-j))</c> modulo 2^64. Runs with fewer than
    /// <paramref name="minDistinct"/> different words give <see langword="null"/>.
    /// </summary>
    public static ulong?[] Of(ReadOnlySpan<ulong> words, int n, int minDistinct)
    {
        if (words.Length < n)
        {
            return [];
        }

        unchecked
        {
            ulong leaving = 1;
            for (int i = 1; i < n; i++)
            {
                leaving *= Base;
            }

            ulong?[] hashes = new ulong?[words.Length - n + 1];
            Dictionary<ulong, int> inside = [];
            ulong rolling = 0;
            for (int i = 0; i < words.Length; i++)
            {
                if (i >= n)
                {
                    ulong left = words[i - n];
                    rolling -= left * leaving;
                    if (--System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrNullRef(inside, left) == 0)
                    {
                        inside.Remove(left);
                    }
                }

                rolling = (rolling * Base) + words[i];
                inside[words[i]] = inside.GetValueOrDefault(words[i]) + 1;
                if (i >= n - 1)
                {
                    hashes[i - n + 1] = inside.Count >= minDistinct ? ContaminationText.Mix(rolling) : null;
                }
            }

            return hashes;
        }
    }
}
