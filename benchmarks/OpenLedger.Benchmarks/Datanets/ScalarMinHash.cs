using System.Text;

namespace OpenLedger.Benchmarks.Datanets;

/// <summary>The straightforward MinHash: lower-case words, a 64-bit hash per 5-gram, 112 times (a h + b) mod 2^61 - 1 and a minimum.</summary>
internal sealed class ScalarMinHash
{
    private const ulong Prime = (1UL << 61) - 1;
    private const int ShingleLength = 5;
    private readonly ulong[] _a;
    private readonly ulong[] _b;

    public ScalarMinHash(int rows, int seed)
    {
        Random random = new(seed);
        _a = [.. Enumerable.Range(0, rows).Select(_ => (ulong)random.NextInt64(1, (long)Prime))];
        _b = [.. Enumerable.Range(0, rows).Select(_ => (ulong)random.NextInt64(0, (long)Prime))];
    }

    public ulong[] Sign(string text)
    {
        ulong[] minima = new ulong[_a.Length];
        Array.Fill(minima, ulong.MaxValue);
        List<ulong> words = [];
        StringBuilder word = new();
        foreach (char character in text)
        {
            if (char.IsLetter(character))
            {
                word.Append(char.ToLowerInvariant(character));
            }
            else if (char.IsWhiteSpace(character) && word.Length > 0)
            {
                words.Add(HashWord(word));
                word.Clear();
            }
        }

        if (word.Length > 0)
        {
            words.Add(HashWord(word));
        }

        for (int i = 0; i + ShingleLength <= words.Count; i++)
        {
            ulong hash = 14695981039346656037;
            for (int j = i; j < i + ShingleLength; j++)
            {
                hash = (hash ^ words[j]) * 1099511628211;
            }

            for (int row = 0; row < minima.Length; row++)
            {
                UInt128 product = Math.BigMul(_a[row], hash & Prime) + _b[row];
                ulong value = (ulong)(product & Prime) + (ulong)(product >> 61);
                value = value >= Prime ? value - Prime : value;
                if (value < minima[row])
                {
                    minima[row] = value;
                }
            }
        }

        return minima;
    }

    private static ulong HashWord(StringBuilder word)
    {
        ulong hash = 14695981039346656037;
        for (int i = 0; i < word.Length; i++)
        {
            hash = (hash ^ word[i]) * 1099511628211;
        }

        return hash;
    }
}
