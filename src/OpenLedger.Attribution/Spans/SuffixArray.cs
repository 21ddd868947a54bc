using System.Collections;

namespace OpenLedger.Attribution.Spans;

// Suffix array by induced sorting, O(n) time, over integers 0 .. alphabetSize-1.
// Source: Nong, Zhang, Chan, "Two Efficient Algorithms for Linear Time Suffix Array Construction", IEEE Trans. Computers 2011.
//
// A suffix is S-type if it is smaller than the one that starts a place later, else L-type; the empty suffix after the end is the
// smallest. An LMS position is an S-type one right of an L-type one. Sorted LMS suffixes determine the order of all others:
// L-types follow by one scan to the right, S-types by one scan to the left.
internal static class SuffixArray
{
    /// <summary>Sorts all suffixes of a text.</summary>
    /// <param name="text">Values from 0 up to, not including, <paramref name="alphabetSize"/>.</param>
    /// <param name="alphabetSize">One more than the greatest value allowed; costs as much memory per level of recursion.</param>
    /// <returns>Start positions of the suffixes in ascending order.</returns>
    public static int[] Build(ReadOnlySpan<int> text, int alphabetSize)
    {
        int n = text.Length;
        int[] suffixes = new int[n];
        if (n <= 1)
        {
            return suffixes;
        }

        BitArray isSmaller = new(n);
        for (int i = n - 2; i >= 0; i--)
        {
            isSmaller[i] = text[i] < text[i + 1] || (text[i] == text[i + 1] && isSmaller[i + 1]);
        }

        int[] bucketEnds = BucketEnds(text, alphabetSize);
        int[] lmsPositions = LmsPositions(isSmaller);
        Induce(text, isSmaller, bucketEnds, lmsPositions, suffixes);
        if (lmsPositions.Length > 1)
        {
            int[] sorted = [.. suffixes.Where(position => IsLms(isSmaller, position))];
            Induce(text, isSmaller, bucketEnds, SortLms(text, isSmaller, lmsPositions, sorted), suffixes);
        }

        return suffixes;
    }

    /// <summary>Length of the common prefix of each suffix with the one before it in the array; 0 for the first.</summary>
    /// <param name="text">The text.</param>
    /// <param name="suffixes">Its suffix array.</param>
    /// <param name="ranks">Inverse of the suffix array.</param>
    /// <remarks>O(n). Source: Kasai et al., CPM 2001.</remarks>
    public static int[] LongestCommonPrefixes(ReadOnlySpan<int> text, ReadOnlySpan<int> suffixes, ReadOnlySpan<int> ranks)
    {
        int n = text.Length;
        int[] lengths = new int[n];
        int common = 0;
        for (int position = 0; position < n; position++)
        {
            int rank = ranks[position];
            if (rank == 0)
            {
                common = 0;
                continue;
            }

            int other = suffixes[rank - 1];
            while (position + common < n && other + common < n && text[position + common] == text[other + common])
            {
                common++;
            }

            lengths[rank] = common;
            common = Math.Max(0, common - 1); // dropping the first symbol shortens a common prefix by at most one
        }

        return lengths;
    }

    private static bool IsLms(BitArray isSmaller, int position) => position > 0 && isSmaller[position] && !isSmaller[position - 1];

    private static int[] LmsPositions(BitArray isSmaller)
    {
        List<int> positions = [];
        for (int i = 1; i < isSmaller.Length; i++)
        {
            if (IsLms(isSmaller, i))
            {
                positions.Add(i);
            }
        }

        return [.. positions];
    }

    // Bucket of a symbol: [ends[symbol - 1], ends[symbol]).
    private static int[] BucketEnds(ReadOnlySpan<int> text, int alphabetSize)
    {
        int[] ends = new int[alphabetSize];
        foreach (int symbol in text)
        {
            ends[symbol]++;
        }

        for (int symbol = 1; symbol < alphabetSize; symbol++)
        {
            ends[symbol] += ends[symbol - 1];
        }

        return ends;
    }

    private static void Induce(ReadOnlySpan<int> text, BitArray isSmaller, int[] bucketEnds, int[] lmsInOrder, int[] suffixes)
    {
        int n = text.Length;
        Array.Fill(suffixes, -1);
        int[] tails = (int[])bucketEnds.Clone();
        for (int i = lmsInOrder.Length - 1; i >= 0; i--)
        {
            suffixes[--tails[text[lmsInOrder[i]]]] = lmsInOrder[i];
        }

        int[] heads = new int[bucketEnds.Length];
        Array.Copy(bucketEnds, 0, heads, 1, bucketEnds.Length - 1);
        suffixes[heads[text[n - 1]]++] = n - 1; // induced by the empty suffix
        for (int i = 0; i < n; i++)
        {
            int position = suffixes[i] - 1;
            if (position >= 0 && !isSmaller[position])
            {
                suffixes[heads[text[position]]++] = position;
            }
        }

        Array.Copy(bucketEnds, tails, tails.Length);
        for (int i = n - 1; i >= 0; i--)
        {
            int position = suffixes[i] - 1;
            if (position >= 0 && isSmaller[position])
            {
                suffixes[--tails[text[position]]] = position;
            }
        }
    }

    // Names LMS substrings by their order, sorts the string of names by the same algorithm, and maps back.
    private static int[] SortLms(ReadOnlySpan<int> text, BitArray isSmaller, int[] positions, int[] sortedBySubstring)
    {
        int[] indexAt = new int[text.Length];
        for (int k = 0; k < positions.Length; k++)
        {
            indexAt[positions[k]] = k;
        }

        int[] names = new int[positions.Length];
        int name = 0;
        for (int k = 0; k < sortedBySubstring.Length; k++)
        {
            if (k > 0 && !HaveEqualSubstrings(text, positions, indexAt[sortedBySubstring[k - 1]], indexAt[sortedBySubstring[k]]))
            {
                name++;
            }

            names[indexAt[sortedBySubstring[k]]] = name;
        }

        return name == positions.Length - 1
            ? sortedBySubstring
            : [.. Build(names, name + 1).Select(k => positions[k])];
    }

    // An LMS substring runs up to and including the next LMS position; the last one ends with the unique empty suffix.
    private static bool HaveEqualSubstrings(ReadOnlySpan<int> text, int[] positions, int x, int y)
    {
        if (x + 1 == positions.Length || y + 1 == positions.Length)
        {
            return false;
        }

        ReadOnlySpan<int> first = text[positions[x]..(positions[x + 1] + 1)];
        return first.SequenceEqual(text[positions[y]..(positions[y + 1] + 1)]);
    }
}
