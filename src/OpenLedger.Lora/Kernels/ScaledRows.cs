// Shape legend: r = number of rows (adapter rank, or cached positions), m = row length.
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace OpenLedger.Lora.Kernels;

/// <summary>Adds a weighted sum of rows: the second half of a LoRA update, and the value half of attention.</summary>
internal static unsafe class ScaledRows
{
    /// <summary><c>y_m += Σ_r u_r · b_rm</c></summary>
    /// <param name="u_r">Weights, <c>[r]</c>.</param>
    /// <param name="b_rm">Rows, <c>[r, m]</c> row-major.</param>
    /// <param name="y_m">Accumulator, <c>[m]</c>. Must not overlap the inputs.</param>
    /// <remarks>Sums over r in ascending order in float. NaN and infinity propagate. Cost: r·m multiply-adds; y is read and written once.</remarks>
    public static void Add(ReadOnlySpan<float> u_r, ReadOnlySpan<float> b_rm, Span<float> y_m)
    {
        Debug.Assert(b_rm.Length == (long)u_r.Length * y_m.Length, "shapes must agree");
        fixed (float* u = u_r, b = b_rm, y = y_m)
        {
            int m = y_m.Length;
            switch (LaneWidth.For(m))
            {
                case 16:
                    Add<Lanes512, Vector512<float>>(u, b, y, u_r.Length, m);
                    break;
                case 8:
                    Add<Lanes256, Vector256<float>>(u, b, y, u_r.Length, m);
                    break;
                case 4:
                    Add<Lanes128, Vector128<float>>(u, b, y, u_r.Length, m);
                    break;
                default:
                    Add<ScalarLane, float>(u, b, y, u_r.Length, m);
                    break;
            }
        }
    }

    /// <summary>The loop for one register width, so that tests reach every width on any machine.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    internal static void Add<TLanes, TVector>(float* u, float* b, float* y, int rows, int m)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        int j = 0;
        for (; j <= m - (4 * TLanes.Count); j += 4 * TLanes.Count)
        {
            float* to = y + j;
            float* from = b + j;
            TVector s0 = TLanes.Load(to);
            TVector s1 = TLanes.Load(to + TLanes.Count);
            TVector s2 = TLanes.Load(to + (2 * TLanes.Count));
            TVector s3 = TLanes.Load(to + (3 * TLanes.Count));
            for (int r = 0; r < rows; r++, from += m)
            {
                TVector factor = TLanes.Broadcast(u[r]);
                s0 = TLanes.MultiplyAdd(factor, TLanes.Load(from), s0);
                s1 = TLanes.MultiplyAdd(factor, TLanes.Load(from + TLanes.Count), s1);
                s2 = TLanes.MultiplyAdd(factor, TLanes.Load(from + (2 * TLanes.Count)), s2);
                s3 = TLanes.MultiplyAdd(factor, TLanes.Load(from + (3 * TLanes.Count)), s3);
            }

            TLanes.Store(s0, to);
            TLanes.Store(s1, to + TLanes.Count);
            TLanes.Store(s2, to + (2 * TLanes.Count));
            TLanes.Store(s3, to + (3 * TLanes.Count));
        }

        for (; j <= m - TLanes.Count; j += TLanes.Count)
        {
            float* from = b + j;
            TVector sum = TLanes.Load(y + j);
            for (int r = 0; r < rows; r++, from += m)
            {
                sum = TLanes.MultiplyAdd(TLanes.Broadcast(u[r]), TLanes.Load(from), sum);
            }

            TLanes.Store(sum, y + j);
        }

        for (; j < m; j++)
        {
            float* from = b + j;
            float sum = y[j];
            for (int r = 0; r < rows; r++, from += m)
            {
                sum += u[r] * *from;
            }

            y[j] = sum;
        }
    }
}
