// Shape legend: n = number of values.
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace OpenLedger.Lora.Kernels;

/// <summary>Sums of one row, in an order that depends on its length and the register width only.</summary>
/// <remarks>
/// The library's sums begin at an aligned address, so that the same row gives other last bits at another place in memory: alone, in a batch,
/// or after the garbage collector moved it.
/// </remarks>
internal static unsafe class RowSums
{
    /// <summary><c>Σ x</c></summary>
    /// <param name="x_n">Values, <c>[n]</c>.</param>
    /// <returns>The sum in float; 0 for an empty row. NaN and infinity propagate.</returns>
    public static float Sum(ReadOnlySpan<float> x_n) => Run(x_n, squares: false);

    /// <summary><c>Σ x²</c></summary>
    /// <param name="x_n">Values, <c>[n]</c>.</param>
    /// <returns>The sum in float; 0 for an empty row. NaN and infinity propagate.</returns>
    public static float SumOfSquares(ReadOnlySpan<float> x_n) => Run(x_n, squares: true);

    /// <summary>The loop for one register width, so that tests reach every width on any machine.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static float Run<TLanes, TVector>(float* x, int n, bool squares)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        TVector one = TLanes.Broadcast(1);
        TVector a = TLanes.Zero, b = a, c = a, d = a;
        int k = 0;
        for (; k <= n - (4 * TLanes.Count); k += 4 * TLanes.Count)
        {
            TVector p = TLanes.Load(x + k), q = TLanes.Load(x + k + TLanes.Count);
            TVector r = TLanes.Load(x + k + (2 * TLanes.Count)), s = TLanes.Load(x + k + (3 * TLanes.Count));
            a = TLanes.MultiplyAdd(p, squares ? p : one, a);
            b = TLanes.MultiplyAdd(q, squares ? q : one, b);
            c = TLanes.MultiplyAdd(r, squares ? r : one, c);
            d = TLanes.MultiplyAdd(s, squares ? s : one, d);
        }

        for (; k <= n - TLanes.Count; k += TLanes.Count)
        {
            TVector p = TLanes.Load(x + k);
            a = TLanes.MultiplyAdd(p, squares ? p : one, a);
        }

        float sum = TLanes.Sum(TLanes.Add(TLanes.Add(a, b), TLanes.Add(c, d)));
        for (; k < n; k++)
        {
            sum += squares ? x[k] * x[k] : x[k];
        }

        return sum;
    }

    private static float Run(ReadOnlySpan<float> x_n, bool squares)
    {
        fixed (float* x = x_n)
        {
            return LaneWidth.For(x_n.Length) switch
            {
                16 => Run<Lanes512, Vector512<float>>(x, x_n.Length, squares),
                8 => Run<Lanes256, Vector256<float>>(x, x_n.Length, squares),
                4 => Run<Lanes128, Vector128<float>>(x, x_n.Length, squares),
                _ => Run<ScalarLane, float>(x, x_n.Length, squares),
            };
        }
    }
}
