using System.Diagnostics;

namespace OpenLedger.Attribution.Rewards;

// Largest remainder (Hamilton): floor(total · w_i / Σw) each, then one more to the largest remainders; equal remainders in order.
internal static class Apportionment
{
    /// <summary>Splits an integer in proportion to weights.</summary>
    /// <param name="total">What to split; with Σ weights below 2^98 no product overflows.</param>
    /// <param name="weights">In the order that breaks ties, with a positive sum.</param>
    /// <returns>Parts that sum to the total exactly.</returns>
    public static ulong[] LargestRemainder(ulong total, ReadOnlySpan<UInt128> weights)
    {
        UInt128 sum = 0;
        foreach (UInt128 weight in weights)
        {
            sum = checked(sum + weight);
        }

        Debug.Assert(sum > 0);
        ulong[] parts = new ulong[weights.Length];
        UInt128[] remainders = new UInt128[weights.Length];
        ulong left = total;
        for (int i = 0; i < weights.Length; i++)
        {
            (UInt128 quotient, remainders[i]) = UInt128.DivRem(checked(weights[i] * total), sum);
            parts[i] = (ulong)quotient;
            left -= parts[i];
        }

        foreach (int i in Enumerable.Range(0, parts.Length).OrderByDescending(i => remainders[i]).ThenBy(static i => i).Take((int)left))
        {
            parts[i]++;
        }

        return parts;
    }
}
