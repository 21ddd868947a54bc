using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.Intrinsics;

namespace OpenLedger.Datanets.Deduplication.Near;

/// <summary>Cuts a comparable text into tokens and hashes every run of n of them to 64 bits.</summary>
/// <remarks>
/// Token: h = seed; h = (h ^ next 8 bytes) · K, h ^= h &gt;&gt; 29. Shingle: the polynomial of its tokens' hashes in B mod 2^64 (so that
/// the next one costs two multiplications), then the finaliser of SplitMix64, because the MinHash rows need bits without structure.
/// </remarks>
internal static class Shingler
{
    private const ulong TokenMultiplier = 0x9E3779B97F4A7C15;
    private const ulong Base = 0xD1342543DE82EF95;

    /// <summary>Hashes the shingles of a text.</summary>
    /// <param name="text">A comparable text.</param>
    /// <param name="options">Length and tokens.</param>
    /// <param name="seed">Chooses the token hash.</param>
    /// <param name="shingles">The hashes in the order of the text, repetitions included, in a rented array; return it to the shared pool.</param>
    /// <returns>How many; 0 when the text has no token.</returns>
    public static int Hash(in ComparableText text, MinHashOptions options, ulong seed, out ulong[] shingles)
    {
        bool isCharacters = options.Tokens == ShingleTokens.Characters;
        shingles = ArrayPool<ulong>.Shared.Rent(isCharacters ? text.Content.Length + 1 : (text.Content.Length / 2) + 1);
        int tokens = isCharacters
            ? HashCharacters(text.Padded, text.Content.Length, seed, shingles)
            : HashWords(text.Padded, text.Content.Length, seed, shingles);
        return Combine(shingles.AsSpan(0, tokens), options.ShingleLength);
    }

    private static int HashWords(ReadOnlySpan<byte> padded, int length, ulong seed, Span<ulong> destination)
    {
        // One bit per byte that is no space; where it changes, a word begins or ends. The text ends with a space, so every word ends.
        int count = 0;
        int start = 0;
        ulong isInside = 0; // whether the byte before is part of a word
        for (int at = 0; at < length; at += 64)
        {
            ulong inside = ~SpaceMask(padded.Slice(at, 64));
            if (length - at < 64)
            {
                inside &= (1UL << (length - at)) - 1;
            }

            ulong edges = inside ^ ((inside << 1) | isInside);
            while (edges != 0)
            {
                int edge = at + BitOperations.TrailingZeroCount(edges);
                edges &= edges - 1;
                if (isInside != 0)
                {
                    destination[count++] = HashToken(padded, start, edge - start, seed);
                }

                start = edge;
                isInside ^= 1;
            }
        }

        return count;
    }

    private static int HashCharacters(ReadOnlySpan<byte> padded, int length, ulong seed, Span<ulong> destination)
    {
        int count = 0;
        for (int at = 0; at < length;)
        {
            int bytes = padded[at] switch { < 0x80 => 1, < 0xE0 => 2, < 0xF0 => 3, _ => 4 };
            if (padded[at] != (byte)' ')
            {
                destination[count++] = HashToken(padded, at, bytes, seed);
            }

            at += bytes;
        }

        return count;
    }

    private static ulong SpaceMask(ReadOnlySpan<byte> block)
    {
        if (Vector128.IsHardwareAccelerated)
        {
            Vector128<byte> space = Vector128.Create((byte)' ');
            return Vector128.Equals(Vector128.Create(block), space).ExtractMostSignificantBits()
                | ((ulong)Vector128.Equals(Vector128.Create(block[16..]), space).ExtractMostSignificantBits() << 16)
                | ((ulong)Vector128.Equals(Vector128.Create(block[32..]), space).ExtractMostSignificantBits() << 32)
                | ((ulong)Vector128.Equals(Vector128.Create(block[48..]), space).ExtractMostSignificantBits() << 48);
        }

        ulong mask = 0;
        for (int i = 0; i < 64; i++)
        {
            mask |= (block[i] == (byte)' ' ? 1UL : 0) << i;
        }

        return mask;
    }

    /// <summary>No token holds a zero byte, so that filling the last load with zeros is unambiguous.</summary>
    private static ulong HashToken(ReadOnlySpan<byte> padded, int start, int length, ulong seed)
    {
        unchecked
        {
            ulong hash = seed;
            for (; length > 8; length -= 8, start += 8)
            {
                hash = (hash ^ BinaryPrimitives.ReadUInt64LittleEndian(padded[start..])) * TokenMultiplier;
                hash ^= hash >> 29;
            }

            ulong last = BinaryPrimitives.ReadUInt64LittleEndian(padded[start..]) & (ulong.MaxValue >> (64 - (8 * length)));
            hash = (hash ^ last) * TokenMultiplier;
            return hash ^ (hash >> 29);
        }
    }

    /// <summary>Replaces the tokens by the shingles, in place.</summary>
    private static int Combine(Span<ulong> tokens, int n)
    {
        unchecked
        {
            if (tokens.IsEmpty)
            {
                return 0;
            }

            n = Math.Min(n, tokens.Length);
            ulong polynomial = 0;
            ulong oldest = 1; // Base^(n - 1), the factor of the token that leaves
            for (int i = 0; i < n; i++)
            {
                polynomial = (polynomial * Base) + tokens[i];
                oldest = i == 0 ? 1 : oldest * Base;
            }

            int count = tokens.Length - n + 1;
            for (int i = 0; i < count; i++)
            {
                ulong leaving = tokens[i];
                tokens[i] = Mix(polynomial);
                if (i + n < tokens.Length)
                {
                    polynomial = ((polynomial - (leaving * oldest)) * Base) + tokens[i + n];
                }
            }

            return count;
        }
    }

    /// <summary>The finaliser of SplitMix64.</summary>
    internal static ulong Mix(ulong value)
    {
        unchecked
        {
            value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
            value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
            return value ^ (value >> 31);
        }
    }
}
