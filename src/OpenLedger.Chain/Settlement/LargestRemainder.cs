namespace OpenLedger.Chain.Settlement;

/// <summary>Splits an integer amount by integer weights so that the parts sum to it exactly (Hamilton's largest-remainder
/// method).</summary>
/// <remarks>Static and safe for concurrent use. No floating point; the result depends on nothing but the arguments.</remarks>
public static class LargestRemainder
{
    /// <summary>Writes <c>floor(total·wᵢ/W)</c> per weight and gives the units left over to the largest remainders, ties by
    /// index.</summary>
    /// <param name="total">The amount to split.</param>
    /// <param name="weights">
    /// The weights, in the caller's tie order: of two equal remainders the lower index gets the unit. A weight of 0 gets 0.
    /// The sum W is between 1 and 2^64-1.
    /// </param>
    /// <param name="destination">As long as <paramref name="weights"/>; receives the parts.</param>
    /// <exception cref="ArgumentException">The lengths differ, all weights are zero, or they sum to more than 2^64-1.</exception>
    public static void Apportion(UInt128 total, ReadOnlySpan<ulong> weights, Span<UInt128> destination)
    {
        if (destination.Length != weights.Length)
        {
            throw new ArgumentException(
                $"The destination has {destination.Length} items; it must have {weights.Length}, one per weight.",
                nameof(destination));
        }

        UInt128 sum = UInt128.Zero;
        foreach (ulong weight in weights)
        {
            sum += weight;
        }

        if (sum == UInt128.Zero || sum > ulong.MaxValue)
        {
            throw new ArgumentException($"The weights sum to {sum}; the sum must be between 1 and {ulong.MaxValue}.", nameof(weights));
        }

        // total·w needs up to 192 bits, but total = q·W + r with r < W < 2^64 gives total·w/W = q·w + r·w/W, where q·w <= total and r·w < 2^128.
        (UInt128 quotient, UInt128 rest) = UInt128.DivRem(total, sum);
        UInt128[] remainders = new UInt128[weights.Length];
        UInt128 given = UInt128.Zero;
        for (int i = 0; i < weights.Length; i++)
        {
            (UInt128 part, remainders[i]) = UInt128.DivRem(rest * weights[i], sum);
            destination[i] = (quotient * weights[i]) + part;
            given += destination[i];
        }

        int left = (int)(total - given); // fewer than there are weights, since each floor loses less than one unit
        if (left == 0)
        {
            return;
        }

        int[] order = new int[weights.Length];
        for (int i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        Array.Sort(order, (x, y) => remainders[x] != remainders[y] ? remainders[y].CompareTo(remainders[x]) : x.CompareTo(y));
        for (int i = 0; i < left; i++)
        {
            destination[order[i]] += UInt128.One;
        }
    }
}
