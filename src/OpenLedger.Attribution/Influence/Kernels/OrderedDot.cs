using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace OpenLedger.Attribution.Influence.Kernels;

// A dot product of doubles with one documented order of addition, so that it has the same bits on every machine.
internal static class OrderedDot
{
    /// <summary>Σ x[k] y[k] over 16 lanes, folded 16 -> 8 -> 4 -> 2 -> 1, then the tail in order; never fused.</summary>
    /// <param name="x">Left values.</param>
    /// <param name="y">Right values, as many.</param>
    public static double Dot(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        ref double left = ref MemoryMarshal.GetReference(x);
        ref double right = ref MemoryMarshal.GetReference(y);
        int length = Math.Min(x.Length, y.Length);
        int k = 0;
        Vector256<double> s0 = default, s1 = default, s2 = default, s3 = default;
        for (; k + 16 <= length; k += 16)
        {
            s0 += Vector256.LoadUnsafe(ref left, (nuint)k) * Vector256.LoadUnsafe(ref right, (nuint)k);
            s1 += Vector256.LoadUnsafe(ref left, (nuint)k + 4) * Vector256.LoadUnsafe(ref right, (nuint)k + 4);
            s2 += Vector256.LoadUnsafe(ref left, (nuint)k + 8) * Vector256.LoadUnsafe(ref right, (nuint)k + 8);
            s3 += Vector256.LoadUnsafe(ref left, (nuint)k + 12) * Vector256.LoadUnsafe(ref right, (nuint)k + 12);
        }

        Vector256<double> four = (s0 + s2) + (s1 + s3);
        Vector128<double> two = four.GetLower() + four.GetUpper();
        double sum = two.ToScalar() + two.GetElement(1);
        for (; k < length; k++)
        {
            sum += Unsafe.Add(ref left, k) * Unsafe.Add(ref right, k);
        }

        return sum;
    }
}
