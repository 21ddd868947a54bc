using System.Numerics;

namespace OpenLedger.Chain.Tests.Reference;

/// <summary>Largest remainder on arbitrary integers, written to be read.</summary>
internal static class BigApportionment
{
    public static BigInteger[] Apportion(BigInteger total, ulong[] weights)
    {
        BigInteger sum = weights.Aggregate(BigInteger.Zero, (whole, weight) => whole + weight);
        BigInteger[] parts = [.. weights.Select(weight => total * weight / sum)];
        BigInteger left = total - parts.Aggregate(BigInteger.Zero, BigInteger.Add);
        foreach (int index in Enumerable.Range(0, weights.Length).OrderByDescending(i => total * weights[i] % sum).ThenBy(i => i).Take((int)left))
        {
            parts[index]++;
        }

        return parts;
    }
}
