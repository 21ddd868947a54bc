using System.Text;
using OpenLedger.Datanets.Deduplication.Near;

namespace OpenLedger.Datanets.Tests.Reference;

/// <summary>MinHash as the papers have it, and the product's own definition spelled out, one value at a time.</summary>
internal static class ReferenceMinHash
{
    private const ulong Prime = (1UL << 61) - 1;

    /// <summary>The classic: (a h + b) mod 2^61 - 1 in full, per row its minimum.</summary>
    public static ulong[] Classic(IReadOnlyCollection<ulong> shingles, int rows, Random random)
    {
        ulong[] minima = new ulong[rows];
        for (int row = 0; row < rows; row++)
        {
            UInt128 a = (UInt128)random.NextInt64(1, (long)Prime);
            UInt128 b = (UInt128)random.NextInt64(0, (long)Prime);
            minima[row] = shingles.Min(shingle => (ulong)(((a * (shingle % Prime)) + b) % Prime));
        }

        return minima;
    }

    /// <summary>Row i of the product before it is cut.</summary>
    public static uint Minimum(IReadOnlyCollection<ulong> shingles, int row, uint mask, uint multiplier) =>
        shingles.Min(shingle => unchecked(((row % 2 == 0 ? (uint)shingle : (uint)(shingle >> 32)) ^ mask) * multiplier));

    /// <summary>A signature of the product from shingles.</summary>
    public static byte[] Rows(IReadOnlyCollection<ulong> shingles, MinHasher hasher)
    {
        byte[] rows = new byte[hasher.SignatureLength];
        for (int i = 0; i < rows.Length; i++)
        {
            (uint mask, uint multiplier, uint mixer) = hasher.Row(i);
            uint minimum = Minimum(shingles, i, mask, multiplier);
            uint mixed = unchecked((minimum ^ (minimum >> 15)) * mixer);
            mixed = unchecked((mixed ^ (mixed >> 13)) * 0x85EBCA6B);
            rows[i] = (byte)(mixed >> 24);
        }

        return rows;
    }

    /// <summary>The shingles of comparable text: every polynomial from the start.</summary>
    public static ulong[] Shingles(string comparable, int n, ulong seed)
    {
        ulong[] words = [.. comparable.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => HashToken(Encoding.UTF8.GetBytes(word), seed))];
        n = Math.Min(n, words.Length);
        return words.Length == 0 ? [] : [.. Enumerable.Range(0, words.Length - n + 1).Select(start => Shingle(words.AsSpan(start, n)))];
    }

    private static ulong Shingle(ReadOnlySpan<ulong> words)
    {
        ulong sum = 0;
        for (int i = 0; i < words.Length; i++)
        {
            ulong power = 1;
            for (int j = i + 1; j < words.Length; j++)
            {
                power = unchecked(power * 0xD1342543DE82EF95);
            }

            sum = unchecked(sum + (words[i] * power));
        }

        sum = unchecked((sum ^ (sum >> 30)) * 0xBF58476D1CE4E5B9);
        sum = unchecked((sum ^ (sum >> 27)) * 0x94D049BB133111EB);
        return sum ^ (sum >> 31);
    }

    private static ulong HashToken(byte[] token, ulong seed)
    {
        ulong hash = seed;
        foreach (byte[] chunk in token.Chunk(8))
        {
            ulong value = 0;
            for (int i = 0; i < chunk.Length; i++)
            {
                value |= (ulong)chunk[i] << (8 * i);
            }

            hash = unchecked((hash ^ value) * 0x9E3779B97F4A7C15);
            hash ^= hash >> 29;
        }

        return hash;
    }
}
