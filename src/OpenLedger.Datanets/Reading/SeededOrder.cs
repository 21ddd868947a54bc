namespace OpenLedger.Datanets.Reading;

/// <summary>A shuffle of the numbers below a count that is computed number by number and so costs no memory, however many there are.</summary>
/// <remarks>
/// A balanced Feistel network of six rounds over the smallest even number of bits that holds the count, walked in cycles until the result is
/// below it (Black and Rogaway, "Ciphers with arbitrary finite domains", 2002). The round function is the finaliser of SplitMix64. It spreads
/// records for training; it is no cipher. The order is part of the documented behaviour: a seed and an epoch give the same order for ever.
/// </remarks>
public sealed class SeededOrder
{
    private const int Rounds = 6;
    private readonly ulong[] _keys = new ulong[Rounds];
    private readonly int _halfBits;
    private readonly ulong _halfMask;

    /// <summary>Creates an order.</summary>
    /// <param name="count">How many numbers; 0 to 2^62.</param>
    /// <param name="seed">Another seed gives another order.</param>
    /// <param name="epoch">Another epoch gives another order too; not negative.</param>
    /// <exception cref="ArgumentOutOfRangeException">The count or the epoch is out of range.</exception>
    public SeededOrder(long count, ulong seed, int epoch = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, 1L << 62);
        ArgumentOutOfRangeException.ThrowIfNegative(epoch);
        Count = count;
        int bits = count <= 1 ? 1 : 64 - System.Numerics.BitOperations.LeadingZeroCount((ulong)(count - 1));
        _halfBits = (bits + 1) / 2;
        _halfMask = (1UL << _halfBits) - 1;
        ulong state = unchecked(Mix(seed) ^ Mix((ulong)epoch * 0x9E3779B97F4A7C15UL));
        for (int round = 0; round < Rounds; round++)
        {
            state = unchecked(state + 0x9E3779B97F4A7C15UL);
            _keys[round] = Mix(state);
        }
    }

    /// <summary>How many numbers are shuffled.</summary>
    public long Count { get; }

    /// <summary>The number at a place of the order.</summary>
    /// <param name="place">0 to <see cref="Count"/> - 1.</param>
    /// <returns>A number below <see cref="Count"/>; each occurs at exactly one place.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="place"/> is out of range.</exception>
    public long At(long place)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(place);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(place, Count);
        ulong value = (ulong)place;
        do
        {
            value = Permute(value);
        }
        while (value >= (ulong)Count);
        return (long)value;
    }

    private ulong Permute(ulong value)
    {
        ulong left = value >> _halfBits;
        ulong right = value & _halfMask;
        foreach (ulong key in _keys)
        {
            (left, right) = (right, left ^ (Mix(right ^ key) & _halfMask));
        }

        return (left << _halfBits) | right;
    }

    private static ulong Mix(ulong value)
    {
        unchecked
        {
            value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9UL;
            value = (value ^ (value >> 27)) * 0x94D049BB133111EBUL;
            return value ^ (value >> 31);
        }
    }
}
