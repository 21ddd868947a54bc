// Shape legend: t = tokens, m = rows of the weight, n = row length, a multiple of the register. ld = distance of rows in elements.
// These loops know floats only; who calls them pads rows and turns other formats into floats.
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace OpenLedger.Lora.Kernels;

/// <summary>Tiles of dot products: <c>y[t, i] = Σ_k x[t, k] · w[i, k]</c>, a few tokens by four or eight rows at a time.</summary>
/// <remarks>
/// In every tile an output is one chain of multiply-adds over k in ascending order and one sum over the register, so that it does not
/// depend on the tile. Where rows fill no tile, the last tile begins earlier and computes some rows again. The loops skip tiered
/// compilation: measured, the code that tiering settles on for them is half as fast.
/// </remarks>
internal static unsafe class DotTiles
{
    /// <summary>Rows of the weight that all tokens pass before the next rows: what stays in the second-level cache beside the activations.</summary>
    private const int BlockFloats = 96 * 1024;

    /// <summary>With fewer tokens a row leaves the first-level cache only when all tokens have met it.</summary>
    private const int FewTokens = 12;

    /// <summary>All tokens by all rows, weight in floats; <paramref name="lanes"/> floats per register.</summary>
    public static void Multiply(int lanes, float* x, nint ldx, float* w, nint ldw, float* y, nint ldy, int tokens, int rows, int n)
    {
        switch (lanes)
        {
            case 16:
                Multiply<Lanes512, Vector512<float>>(x, ldx, w, ldw, y, ldy, tokens, rows, n);
                break;
            case 8:
                Multiply<Lanes256, Vector256<float>>(x, ldx, w, ldw, y, ldy, tokens, rows, n);
                break;
            case 4:
                Multiply<Lanes128, Vector128<float>>(x, ldx, w, ldw, y, ldy, tokens, rows, n);
                break;
            default:
                Multiply<ScalarLane, float>(x, ldx, w, ldw, y, ldy, tokens, rows, n);
                break;
        }
    }

    /// <summary>One token by all rows of two-byte numbers, n a multiple of two registers; x parted alike.</summary>
    public static void MultiplyOne<TFormat>(int lanes, float* x, ushort* w, float* y, int rows, int n)
        where TFormat : struct, IShortFormat
    {
        switch (lanes)
        {
            case 16:
                MultiplyOne<Lanes512, Vector512<float>, TFormat>(x, w, y, rows, n);
                break;
            case 8:
                MultiplyOne<Lanes256, Vector256<float>, TFormat>(x, w, y, rows, n);
                break;
            case 4:
                MultiplyOne<Lanes128, Vector128<float>, TFormat>(x, w, y, rows, n);
                break;
            default:
                MultiplyOne<ScalarLane, float, TFormat>(x, w, y, rows, n);
                break;
        }
    }

    /// <summary>All tokens by all rows for one register width.</summary>
    public static void Multiply<TLanes, TVector>(
        float* x, nint ldx, float* w, nint ldw, float* y, nint ldy, int tokens, int rows, int n)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        if (tokens == 1)
        {
            OneToken<TLanes, TVector>(x, w, ldw, y, rows, n);
            return;
        }

        int block = tokens <= FewTokens ? 4 : Math.Max(4, BlockFloats / n / 4 * 4);
        for (int i = 0; i < rows; i += block)
        {
            int count = Math.Min(block, rows - i);
            if (count < 4 && rows >= 4)
            {
                i = rows - 4;
                count = 4;
            }

            Block<TLanes, TVector>(x, ldx, w + (i * ldw), ldw, y + i, ldy, tokens, count, n);
        }
    }

    private static void MultiplyOne<TLanes, TVector, TFormat>(float* x, ushort* w, float* y, int rows, int n)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
        where TFormat : struct, IShortFormat
    {
        int i = 0;
        for (; i <= rows - 8; i += 8)
        {
            Row1x8<TLanes, TVector, TFormat>(x, w + ((nint)i * n), n, y + i, n);
        }

        if (i == rows)
        {
            return;
        }

        if (rows >= 8)
        {
            i = rows - 8;
            Row1x8<TLanes, TVector, TFormat>(x, w + ((nint)i * n), n, y + i, n);
            return;
        }

        for (; i < rows; i++)
        {
            y[i] = Row1x1<TLanes, TVector, TFormat>(x, w + ((nint)i * n), n);
        }
    }

    private static void OneToken<TLanes, TVector>(float* x, float* w, nint ldw, float* y, int rows, int n)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        int i = 0;
        for (; i <= rows - 8; i += 8)
        {
            Tile1x8<TLanes, TVector>(x, w + (i * ldw), ldw, y + i, n);
        }

        if (i == rows)
        {
            return;
        }

        if (rows >= 8)
        {
            i = rows - 8;
            Tile1x8<TLanes, TVector>(x, w + (i * ldw), ldw, y + i, n);
            return;
        }

        for (; i < rows; i++)
        {
            y[i] = Dot<TLanes, TVector>(x, w + (i * ldw), n);
        }
    }

    private static void Block<TLanes, TVector>(float* x, nint ldx, float* w, nint ldw, float* y, nint ldy, int tokens, int rows, int n)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        int t = 0;
        if (rows >= 4)
        {
            int last = rows - 4;
            if (TLanes.Count == 16)
            {
                // 24 accumulators of the 32 registers that come with this width.
                for (; t <= tokens - 6; t += 6)
                {
                    for (int i = 0; i < rows; i += 4)
                    {
                        int at = Math.Min(i, last);
                        Tile6x4<TLanes, TVector>(x + (t * ldx), ldx, w + (at * ldw), ldw, y + (t * ldy) + at, ldy, n);
                    }
                }

                for (; t <= tokens - 4; t += 4)
                {
                    for (int i = 0; i < rows; i += 4)
                    {
                        int at = Math.Min(i, last);
                        Tile4x4<TLanes, TVector>(x + (t * ldx), ldx, w + (at * ldw), ldw, y + (t * ldy) + at, ldy, n);
                    }
                }
            }

            for (; t <= tokens - 2; t += 2)
            {
                for (int i = 0; i < rows; i += 4)
                {
                    int at = Math.Min(i, last);
                    Tile2x4<TLanes, TVector>(x + (t * ldx), ldx, w + (at * ldw), ldw, y + (t * ldy) + at, ldy, n);
                }
            }

            for (; t < tokens; t++)
            {
                for (int i = 0; i < rows; i += 4)
                {
                    int at = Math.Min(i, last);
                    Tile1x4<TLanes, TVector>(x + (t * ldx), w + (at * ldw), ldw, y + (t * ldy) + at, n);
                }
            }
        }

        for (; t < tokens; t++)
        {
            for (int i = 0; i < rows; i++)
            {
                y[(t * ldy) + i] = Dot<TLanes, TVector>(x + (t * ldx), w + (i * ldw), n);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static float Dot<TLanes, TVector>(float* x, float* w, int n)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        TVector sum = TLanes.Zero;
        for (nint k = 0; k < n; k += TLanes.Count)
        {
            sum = TLanes.MultiplyAdd(TLanes.Load(w + k), TLanes.Load(x + k), sum);
        }

        return TLanes.Sum(sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static float Row1x1<TLanes, TVector, TFormat>(float* x, ushort* w, int n)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
        where TFormat : struct, IShortFormat
    {
        TVector sum = TLanes.Zero;
        for (nint k = 0; k < n; k += 2 * TLanes.Count)
        {
            (TVector even, TVector odd) = TFormat.Load<TLanes, TVector>(w + k);
            sum = TLanes.MultiplyAdd(odd, TLanes.Load(x + k + TLanes.Count), TLanes.MultiplyAdd(even, TLanes.Load(x + k), sum));
        }

        return TLanes.Sum(sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Tile1x8<TLanes, TVector>(float* x, float* w, nint ldw, float* y, int n)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        float* w1 = w + ldw;
        float* w2 = w1 + ldw;
        float* w3 = w2 + ldw;
        float* w4 = w3 + ldw;
        float* w5 = w4 + ldw;
        float* w6 = w5 + ldw;
        float* w7 = w6 + ldw;
        TVector s0 = TLanes.Zero, s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0;
        for (nint k = 0; k < n; k += TLanes.Count)
        {
            TVector v = TLanes.Load(x + k);
            s0 = TLanes.MultiplyAdd(TLanes.Load(w + k), v, s0);
            s1 = TLanes.MultiplyAdd(TLanes.Load(w1 + k), v, s1);
            s2 = TLanes.MultiplyAdd(TLanes.Load(w2 + k), v, s2);
            s3 = TLanes.MultiplyAdd(TLanes.Load(w3 + k), v, s3);
            s4 = TLanes.MultiplyAdd(TLanes.Load(w4 + k), v, s4);
            s5 = TLanes.MultiplyAdd(TLanes.Load(w5 + k), v, s5);
            s6 = TLanes.MultiplyAdd(TLanes.Load(w6 + k), v, s6);
            s7 = TLanes.MultiplyAdd(TLanes.Load(w7 + k), v, s7);
        }

        TLanes.StoreSums(s0, s1, s2, s3, y);
        TLanes.StoreSums(s4, s5, s6, s7, y + 4);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Row1x8<TLanes, TVector, TFormat>(float* x, ushort* w, nint ldw, float* y, int n)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
        where TFormat : struct, IShortFormat
    {
        ushort* w1 = w + ldw;
        ushort* w2 = w1 + ldw;
        ushort* w3 = w2 + ldw;
        ushort* w4 = w3 + ldw;
        ushort* w5 = w4 + ldw;
        ushort* w6 = w5 + ldw;
        ushort* w7 = w6 + ldw;
        nint ahead = 8 * ldw; // the next eight rows: the processor does not look beyond a page by itself
        TVector s0 = TLanes.Zero, s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0;
        for (nint k = 0; k < n; k += 2 * TLanes.Count)
        {
            TVector u = TLanes.Load(x + k), v = TLanes.Load(x + k + TLanes.Count);
            (TVector even, TVector odd) = TFormat.Load<TLanes, TVector>(w + k);
            s0 = TLanes.MultiplyAdd(odd, v, TLanes.MultiplyAdd(even, u, s0));
            (even, odd) = TFormat.Load<TLanes, TVector>(w1 + k);
            s1 = TLanes.MultiplyAdd(odd, v, TLanes.MultiplyAdd(even, u, s1));
            (even, odd) = TFormat.Load<TLanes, TVector>(w2 + k);
            s2 = TLanes.MultiplyAdd(odd, v, TLanes.MultiplyAdd(even, u, s2));
            (even, odd) = TFormat.Load<TLanes, TVector>(w3 + k);
            s3 = TLanes.MultiplyAdd(odd, v, TLanes.MultiplyAdd(even, u, s3));
            (even, odd) = TFormat.Load<TLanes, TVector>(w4 + k);
            s4 = TLanes.MultiplyAdd(odd, v, TLanes.MultiplyAdd(even, u, s4));
            (even, odd) = TFormat.Load<TLanes, TVector>(w5 + k);
            s5 = TLanes.MultiplyAdd(odd, v, TLanes.MultiplyAdd(even, u, s5));
            (even, odd) = TFormat.Load<TLanes, TVector>(w6 + k);
            s6 = TLanes.MultiplyAdd(odd, v, TLanes.MultiplyAdd(even, u, s6));
            (even, odd) = TFormat.Load<TLanes, TVector>(w7 + k);
            s7 = TLanes.MultiplyAdd(odd, v, TLanes.MultiplyAdd(even, u, s7));
            CacheLine.Prefetch((byte*)(w + k + ahead));
            CacheLine.Prefetch((byte*)(w1 + k + ahead));
            CacheLine.Prefetch((byte*)(w2 + k + ahead));
            CacheLine.Prefetch((byte*)(w3 + k + ahead));
            CacheLine.Prefetch((byte*)(w4 + k + ahead));
            CacheLine.Prefetch((byte*)(w5 + k + ahead));
            CacheLine.Prefetch((byte*)(w6 + k + ahead));
            CacheLine.Prefetch((byte*)(w7 + k + ahead));
        }

        TLanes.StoreSums(s0, s1, s2, s3, y);
        TLanes.StoreSums(s4, s5, s6, s7, y + 4);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Tile1x4<TLanes, TVector>(float* x, float* w, nint ldw, float* y, int n)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        float* w1 = w + ldw;
        float* w2 = w1 + ldw;
        float* w3 = w2 + ldw;
        TVector s0 = TLanes.Zero, s1 = s0, s2 = s0, s3 = s0;
        for (nint k = 0; k < n; k += TLanes.Count)
        {
            TVector v = TLanes.Load(x + k);
            s0 = TLanes.MultiplyAdd(TLanes.Load(w + k), v, s0);
            s1 = TLanes.MultiplyAdd(TLanes.Load(w1 + k), v, s1);
            s2 = TLanes.MultiplyAdd(TLanes.Load(w2 + k), v, s2);
            s3 = TLanes.MultiplyAdd(TLanes.Load(w3 + k), v, s3);
        }

        TLanes.StoreSums(s0, s1, s2, s3, y);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Tile2x4<TLanes, TVector>(float* x, nint ldx, float* w, nint ldw, float* y, nint ldy, int n)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        float* x1 = x + ldx;
        float* w1 = w + ldw;
        float* w2 = w1 + ldw;
        float* w3 = w2 + ldw;
        TVector a0 = TLanes.Zero, a1 = a0, a2 = a0, a3 = a0;
        TVector b0 = TLanes.Zero, b1 = b0, b2 = b0, b3 = b0;
        for (nint k = 0; k < n; k += TLanes.Count)
        {
            TVector r0 = TLanes.Load(w + k), r1 = TLanes.Load(w1 + k), r2 = TLanes.Load(w2 + k), r3 = TLanes.Load(w3 + k);
            TVector v = TLanes.Load(x + k);
            a0 = TLanes.MultiplyAdd(r0, v, a0);
            a1 = TLanes.MultiplyAdd(r1, v, a1);
            a2 = TLanes.MultiplyAdd(r2, v, a2);
            a3 = TLanes.MultiplyAdd(r3, v, a3);
            v = TLanes.Load(x1 + k);
            b0 = TLanes.MultiplyAdd(r0, v, b0);
            b1 = TLanes.MultiplyAdd(r1, v, b1);
            b2 = TLanes.MultiplyAdd(r2, v, b2);
            b3 = TLanes.MultiplyAdd(r3, v, b3);
        }

        TLanes.StoreSums(a0, a1, a2, a3, y);
        TLanes.StoreSums(b0, b1, b2, b3, y + ldy);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Tile4x4<TLanes, TVector>(float* x, nint ldx, float* w, nint ldw, float* y, nint ldy, int n)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        float* x1 = x + ldx;
        float* x2 = x1 + ldx;
        float* x3 = x2 + ldx;
        float* w1 = w + ldw;
        float* w2 = w1 + ldw;
        float* w3 = w2 + ldw;
        TVector a0 = TLanes.Zero, a1 = a0, a2 = a0, a3 = a0;
        TVector b0 = TLanes.Zero, b1 = b0, b2 = b0, b3 = b0;
        TVector c0 = TLanes.Zero, c1 = c0, c2 = c0, c3 = c0;
        TVector d0 = TLanes.Zero, d1 = d0, d2 = d0, d3 = d0;
        for (nint k = 0; k < n; k += TLanes.Count)
        {
            TVector r0 = TLanes.Load(w + k), r1 = TLanes.Load(w1 + k), r2 = TLanes.Load(w2 + k), r3 = TLanes.Load(w3 + k);
            TVector v = TLanes.Load(x + k);
            a0 = TLanes.MultiplyAdd(r0, v, a0);
            a1 = TLanes.MultiplyAdd(r1, v, a1);
            a2 = TLanes.MultiplyAdd(r2, v, a2);
            a3 = TLanes.MultiplyAdd(r3, v, a3);
            v = TLanes.Load(x1 + k);
            b0 = TLanes.MultiplyAdd(r0, v, b0);
            b1 = TLanes.MultiplyAdd(r1, v, b1);
            b2 = TLanes.MultiplyAdd(r2, v, b2);
            b3 = TLanes.MultiplyAdd(r3, v, b3);
            v = TLanes.Load(x2 + k);
            c0 = TLanes.MultiplyAdd(r0, v, c0);
            c1 = TLanes.MultiplyAdd(r1, v, c1);
            c2 = TLanes.MultiplyAdd(r2, v, c2);
            c3 = TLanes.MultiplyAdd(r3, v, c3);
            v = TLanes.Load(x3 + k);
            d0 = TLanes.MultiplyAdd(r0, v, d0);
            d1 = TLanes.MultiplyAdd(r1, v, d1);
            d2 = TLanes.MultiplyAdd(r2, v, d2);
            d3 = TLanes.MultiplyAdd(r3, v, d3);
        }

        TLanes.StoreSums(a0, a1, a2, a3, y);
        TLanes.StoreSums(b0, b1, b2, b3, y + ldy);
        TLanes.StoreSums(c0, c1, c2, c3, y + (2 * ldy));
        TLanes.StoreSums(d0, d1, d2, d3, y + (3 * ldy));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Tile6x4<TLanes, TVector>(float* x, nint ldx, float* w, nint ldw, float* y, nint ldy, int n)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        float* x1 = x + ldx;
        float* x2 = x1 + ldx;
        float* x3 = x2 + ldx;
        float* x4 = x3 + ldx;
        float* x5 = x4 + ldx;
        float* w1 = w + ldw;
        float* w2 = w1 + ldw;
        float* w3 = w2 + ldw;
        TVector a0 = TLanes.Zero, a1 = a0, a2 = a0, a3 = a0;
        TVector b0 = TLanes.Zero, b1 = b0, b2 = b0, b3 = b0;
        TVector c0 = TLanes.Zero, c1 = c0, c2 = c0, c3 = c0;
        TVector d0 = TLanes.Zero, d1 = d0, d2 = d0, d3 = d0;
        TVector e0 = TLanes.Zero, e1 = e0, e2 = e0, e3 = e0;
        TVector f0 = TLanes.Zero, f1 = f0, f2 = f0, f3 = f0;
        for (nint k = 0; k < n; k += TLanes.Count)
        {
            TVector r0 = TLanes.Load(w + k), r1 = TLanes.Load(w1 + k), r2 = TLanes.Load(w2 + k), r3 = TLanes.Load(w3 + k);
            TVector v = TLanes.Load(x + k);
            a0 = TLanes.MultiplyAdd(r0, v, a0);
            a1 = TLanes.MultiplyAdd(r1, v, a1);
            a2 = TLanes.MultiplyAdd(r2, v, a2);
            a3 = TLanes.MultiplyAdd(r3, v, a3);
            v = TLanes.Load(x1 + k);
            b0 = TLanes.MultiplyAdd(r0, v, b0);
            b1 = TLanes.MultiplyAdd(r1, v, b1);
            b2 = TLanes.MultiplyAdd(r2, v, b2);
            b3 = TLanes.MultiplyAdd(r3, v, b3);
            v = TLanes.Load(x2 + k);
            c0 = TLanes.MultiplyAdd(r0, v, c0);
            c1 = TLanes.MultiplyAdd(r1, v, c1);
            c2 = TLanes.MultiplyAdd(r2, v, c2);
            c3 = TLanes.MultiplyAdd(r3, v, c3);
            v = TLanes.Load(x3 + k);
            d0 = TLanes.MultiplyAdd(r0, v, d0);
            d1 = TLanes.MultiplyAdd(r1, v, d1);
            d2 = TLanes.MultiplyAdd(r2, v, d2);
            d3 = TLanes.MultiplyAdd(r3, v, d3);
            v = TLanes.Load(x4 + k);
            e0 = TLanes.MultiplyAdd(r0, v, e0);
            e1 = TLanes.MultiplyAdd(r1, v, e1);
            e2 = TLanes.MultiplyAdd(r2, v, e2);
            e3 = TLanes.MultiplyAdd(r3, v, e3);
            v = TLanes.Load(x5 + k);
            f0 = TLanes.MultiplyAdd(r0, v, f0);
            f1 = TLanes.MultiplyAdd(r1, v, f1);
            f2 = TLanes.MultiplyAdd(r2, v, f2);
            f3 = TLanes.MultiplyAdd(r3, v, f3);
        }

        TLanes.StoreSums(a0, a1, a2, a3, y);
        TLanes.StoreSums(b0, b1, b2, b3, y + ldy);
        TLanes.StoreSums(c0, c1, c2, c3, y + (2 * ldy));
        TLanes.StoreSums(d0, d1, d2, d3, y + (3 * ldy));
        TLanes.StoreSums(e0, e1, e2, e3, y + (4 * ldy));
        TLanes.StoreSums(f0, f1, f2, f3, y + (5 * ldy));
    }
}
