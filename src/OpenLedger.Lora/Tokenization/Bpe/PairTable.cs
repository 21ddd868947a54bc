using System.Numerics;

namespace OpenLedger.Lora.Tokenization.Bpe;

/// <summary>Which two neighbouring symbols merge, how early, and into what; an open-addressing table that is read-only once filled.</summary>
internal sealed class PairTable
{
    /// <summary>Symbols that no rule joins.</summary>
    public const int NoRank = int.MaxValue;

    private const ulong Empty = ulong.MaxValue;

    private Slot[] _slots;
    private int _count;

    public PairTable(int capacity)
    {
        _slots = NewSlots((int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, Math.Min(capacity, 1 << 28) * 2)));
    }

    /// <summary>Adds a rule; false where the pair has one already.</summary>
    public bool TryAdd(int left, int right, int rank, int result)
    {
        if ((_count + 1) * 2L > _slots.Length)
        {
            Grow();
        }

        ref Slot slot = ref Find(_slots, Key(left, right));
        if (slot.Key != Empty)
        {
            return false;
        }

        slot = new Slot { Key = Key(left, right), Rank = rank, Result = result };
        _count++;
        return true;
    }

    /// <summary>The rank of a pair, less is earlier; <see cref="NoRank"/> where it does not merge.</summary>
    public int RankOf(int left, int right, out int result)
    {
        ref Slot slot = ref Find(_slots, Key(left, right));
        result = slot.Result;
        return slot.Rank;
    }

    private static ulong Key(int left, int right) => ((ulong)(uint)left << 32) | (uint)right;

    private static ref Slot Find(Slot[] slots, ulong key)
    {
        uint mask = (uint)slots.Length - 1;
        uint at = (uint)((key * 0x9E3779B97F4A7C15) >> 32) & mask;
        while (slots[at].Key != key && slots[at].Key != Empty)
        {
            at = (at + 1) & mask;
        }

        return ref slots[at];
    }

    private static Slot[] NewSlots(int length)
    {
        var slots = new Slot[length];
        Array.Fill(slots, new Slot { Key = Empty, Rank = NoRank });
        return slots;
    }

    private void Grow()
    {
        Slot[] slots = NewSlots(checked(_slots.Length * 2));
        foreach (Slot slot in _slots)
        {
            if (slot.Key != Empty)
            {
                Find(slots, slot.Key) = slot;
            }
        }

        _slots = slots;
    }

    private struct Slot
    {
        public ulong Key;
        public int Rank;
        public int Result;
    }
}
