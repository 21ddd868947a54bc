using System.Text;

namespace OpenLedger.Benchmarks.Datanets;

/// <summary>
/// The straightforward MinHash: lower-case words, a 64-bit hash per 5-gram, 112 times a h + b and a minimum; mod 2^61 - 1 as in datatrove,
/// or mod 2^64, which no machine computes faster one at a time.
/// </summary>
internal sealed class ScalarMinHash
{
    private const ulong Prime = (1UL << 61) - 1;
    private const int ShingleLength = 5;
    private readonly ulong[] _a;
    private readonly ulong[] _b;
    private readonly bool _isModuloPrime;

    public ScalarMinHash(int rows, int seed, bool isModuloPrime)
    {
        _isModuloPrime = isModuloPrime;
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

            if (_isModuloPrime)
            {
                ReducePrime(hash & Prime, minima);
            }
            else
            {
                ReduceWord(hash, minima);
            }
        }

        return minima;
    }

    private void ReducePrime(ulong hash, ulong[] minima)
    {
        for (int row = 0; row < minima.Length; row++)
        {
            ulong high = Math.BigMul(_a[row], hash, out ulong low);
            ulong value = (low & Prime) + ((low >> 61) | (high << 3)) + _b[row];
            value = (value & Prime) + (value >> 61);
            value = value >= Prime ? value - Prime : value;
            if (value < minima[row])
            {
                minima[row] = value;
            }
        }
    }

    private void ReduceWord(ulong hash, ulong[] minima)
    {
        for (int row = 0; row < minima.Length; row++)
        {
            ulong value = (_a[row] * hash) + _b[row];
            if (value < minima[row])
            {
                minima[row] = value;
            }
        }
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
