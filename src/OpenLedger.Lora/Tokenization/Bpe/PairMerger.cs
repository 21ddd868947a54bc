using System.Buffers;

namespace OpenLedger.Lora.Tokenization.Bpe;

/// <summary>
/// Merges symbols: while a rule applies, the pair of the lowest rank is joined, the leftmost of equals (Sennrich et al. 2016).
/// </summary>
internal static class PairMerger
{
    // Below this length looking at all ranks is faster than keeping them in order; above it, a heap keeps long words from taking
    // quadratic time.
    private const int ScanLimit = 96;

    private const int None = -1;

    /// <summary>Merges in place; cost O(n log n) for n symbols.</summary>
    /// <returns>How many symbols at the beginning of <paramref name="symbols"/> are left.</returns>
    public static int Merge(Span<int> symbols, PairTable pairs) =>
        symbols.Length < 2 ? symbols.Length : symbols.Length <= ScanLimit ? MergeByScan(symbols, pairs) : MergeByHeap(symbols, pairs);

    internal static int MergeByScan(Span<int> symbols, PairTable pairs)
    {
        int length = symbols.Length;
        Span<int> buffer = stackalloc int[2 * ScanLimit];
        Span<int> ranks = buffer[..ScanLimit];
        Span<int> results = buffer[ScanLimit..];
        for (int i = 0; i + 1 < length; i++)
        {
            ranks[i] = pairs.RankOf(symbols[i], symbols[i + 1], out results[i]);
        }

        while (length > 1)
        {
            int best = PairTable.NoRank;
            int at = None;
            for (int i = 0; i + 1 < length; i++)
            {
                if (ranks[i] < best)
                {
                    best = ranks[i];
                    at = i;
                }
            }

            if (at == None)
            {
                break;
            }

            symbols[at] = results[at];
            symbols[(at + 2)..length].CopyTo(symbols[(at + 1)..]);
            length--;
            if (at + 1 < length)
            {
                ranks[(at + 2)..length].CopyTo(ranks[(at + 1)..]);
                results[(at + 2)..length].CopyTo(results[(at + 1)..]);
                ranks[at] = pairs.RankOf(symbols[at], symbols[at + 1], out results[at]);
            }

            if (at > 0)
            {
                ranks[at - 1] = pairs.RankOf(symbols[at - 1], symbols[at], out results[at - 1]);
            }
        }

        return length;
    }

    internal static int MergeByHeap(Span<int> symbols, PairTable pairs)
    {
        int length = symbols.Length;
        int[] rented = ArrayPool<int>.Shared.Rent(4 * length);
        Span<int> next = rented.AsSpan(0, length);
        Span<int> previous = rented.AsSpan(length, length);
        Span<int> ranks = rented.AsSpan(2 * length, length);
        Span<int> results = rented.AsSpan(3 * length, length);
        var heap = new RankHeap(length);
        for (int i = 0; i < length; i++)
        {
            next[i] = i + 1 < length ? i + 1 : None;
            previous[i] = i - 1;
            ranks[i] = PairTable.NoRank;
        }

        for (int i = 0; i + 1 < length; i++)
        {
            Rank(i, symbols, next, ranks, results, pairs, ref heap);
        }

        while (heap.TryPop(out int rank, out int at))
        {
            // An entry is out of date once one of its two symbols has merged otherwise: then the rank of the place is another.
            if (ranks[at] != rank)
            {
                continue;
            }

            int gone = next[at];
            symbols[at] = results[at];
            ranks[gone] = PairTable.NoRank;
            next[at] = next[gone];
            if (next[at] != None)
            {
                previous[next[at]] = at;
            }

            Rank(at, symbols, next, ranks, results, pairs, ref heap);
            if (previous[at] != None)
            {
                Rank(previous[at], symbols, next, ranks, results, pairs, ref heap);
            }
        }

        int count = 0;
        for (int i = 0; i != None; i = next[i])
        {
            symbols[count++] = symbols[i];
        }

        heap.Return();
        ArrayPool<int>.Shared.Return(rented);
        return count;
    }

    private static void Rank(
        int at, Span<int> symbols, Span<int> next, Span<int> ranks, Span<int> results, PairTable pairs, ref RankHeap heap)
    {
        ranks[at] = next[at] == None ? PairTable.NoRank : pairs.RankOf(symbols[at], symbols[next[at]], out results[at]);
        if (ranks[at] != PairTable.NoRank)
        {
            heap.Push(ranks[at], at);
        }
    }

    /// <summary>A binary heap of (rank, place), smallest first; each merge adds at most two entries.</summary>
    private struct RankHeap(int capacity)
    {
        private ulong[] _entries = ArrayPool<ulong>.Shared.Rent(capacity);
        private int _count;

        public void Push(int rank, int at)
        {
            if (_count == _entries.Length)
            {
                ulong[] larger = ArrayPool<ulong>.Shared.Rent(_count * 2);
                _entries.AsSpan().CopyTo(larger);
                ArrayPool<ulong>.Shared.Return(_entries);
                _entries = larger;
            }

            ulong entry = ((ulong)(uint)rank << 32) | (uint)at;
            int child = _count++;
            while (child > 0 && _entries[(child - 1) / 2] > entry)
            {
                _entries[child] = _entries[(child - 1) / 2];
                child = (child - 1) / 2;
            }

            _entries[child] = entry;
        }

        public bool TryPop(out int rank, out int at)
        {
            if (_count == 0)
            {
                rank = at = None;
                return false;
            }

            rank = (int)(_entries[0] >> 32);
            at = (int)(uint)_entries[0];
            ulong last = _entries[--_count];
            int parent = 0;
            while ((parent * 2) + 1 < _count)
            {
                int child = (parent * 2) + 1;
                child += child + 1 < _count && _entries[child + 1] < _entries[child] ? 1 : 0;
                if (_entries[child] >= last)
                {
                    break;
                }

                _entries[parent] = _entries[child];
                parent = child;
            }

            _entries[parent] = last;
            return true;
        }

        public readonly void Return() => ArrayPool<ulong>.Shared.Return(_entries);
    }
}
