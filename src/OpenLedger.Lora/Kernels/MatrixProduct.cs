// Shape legend: t = tokens, m = out features, n = in features. Everything is row-major; w_mn[i * n + k] is weight (i, k).
// This file multiplies activations with a weight matrix. It is not a general BLAS: the weight is always the right factor, transposed.
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace OpenLedger.Lora.Kernels;

/// <summary>Products of activations with the transposed weight of a linear layer.</summary>
/// <remarks>
/// Every output element is one chain of multiply-adds over <c>n</c> in ascending order, whatever tile it falls into. So a token gets
/// bit-identical results alone, in a batch and on any number of threads, on one machine; machines with another register width differ
/// in the last bits. The tiles skip tiered compilation: measured, the code that tiering settles on for them is half as fast.
/// </remarks>
internal static unsafe class MatrixProduct
{
    /// <summary>Activations of one tile of tokens stay in the second-level cache while the weight streams past.</summary>
    private const int TokenBlockFloats = 32 * 1024;

    /// <summary><c>y_tm = x_tn · transpose(w_mn)</c></summary>
    /// <param name="x_tn">Activations, <c>[t, n]</c>.</param>
    /// <param name="w_mn">Weight, <c>[m, n]</c>.</param>
    /// <param name="tokens">t ≥ 0.</param>
    /// <param name="n">In features ≥ 0; with 0 the result is zero.</param>
    /// <param name="workers">Splits rows of the weight among threads where that pays.</param>
    /// <param name="y_tm">Receives <c>[t, m]</c>; m is <c>y.Length / t</c>. Must not overlap the inputs.</param>
    /// <remarks>NaN and infinity propagate as IEEE 754 says. Cost: t·m·n multiply-adds, weight read once per token block. Allocates only when it splits.</remarks>
    public static void Multiply(
        ReadOnlySpan<float> x_tn, ReadOnlySpan<float> w_mn, int tokens, int n, WorkerLimit workers, Span<float> y_tm)
    {
        if (tokens == 0 || y_tm.IsEmpty)
        {
            return;
        }

        int m = y_tm.Length / tokens;
        Debug.Assert(y_tm.Length == tokens * m && x_tn.Length == tokens * n && w_mn.Length == (long)m * n, "shapes must agree");
        if (n == 0)
        {
            y_tm.Clear();
            return;
        }

        fixed (float* x = x_tn, w = w_mn, y = y_tm)
        {
            int parts = workers.PartsFor((long)tokens * m * n, (m + 7) / 8);
            if (parts == 1)
            {
                MultiplyRows(x, w, y, tokens, m, n, 0, m);
            }
            else
            {
                MultiplyInParts(x, w, y, tokens, m, n, parts);
            }
        }
    }

    /// <summary>The loop for one register width, so that tests reach every width on any machine.</summary>
    internal static void MultiplyRows<TLanes, TVector>(float* x, float* w, float* y, int tokens, int m, int n, int begin, int end)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        int block = Math.Max(4, TokenBlockFloats / n / 4 * 4);
        for (int t0 = 0; t0 < tokens; t0 += block)
        {
            int t1 = Math.Min(tokens, t0 + block);
            int t = t0;
            if (TLanes.Count == 16)
            {
                for (int i = begin; i < end; i += 4)
                {
                    if (end - i < 4)
                    {
                        break;
                    }

                    for (t = t0; t <= t1 - 4; t += 4)
                    {
                        Tile4x4<TLanes, TVector>(x + ((long)t * n), w + ((long)i * n), y + ((long)t * m) + i, m, n);
                    }
                }

                Edge<TLanes, TVector>(x, w, y, t0, t0 + ((t1 - t0) / 4 * 4), m, n, begin + ((end - begin) / 4 * 4), end);
                Edge<TLanes, TVector>(x, w, y, t0 + ((t1 - t0) / 4 * 4), t1, m, n, begin, end);
            }
            else
            {
                for (int i = begin; i < end; i += 4)
                {
                    if (end - i < 4)
                    {
                        break;
                    }

                    for (t = t0; t <= t1 - 2; t += 2)
                    {
                        Tile2x4<TLanes, TVector>(x + ((long)t * n), w + ((long)i * n), y + ((long)t * m) + i, m, n);
                    }
                }

                Edge<TLanes, TVector>(x, w, y, t0, t0 + ((t1 - t0) / 2 * 2), m, n, begin + ((end - begin) / 4 * 4), end);
                Edge<TLanes, TVector>(x, w, y, t0 + ((t1 - t0) / 2 * 2), t1, m, n, begin, end);
            }
        }
    }

    private static void MultiplyInParts(float* x, float* w, float* y, int tokens, int m, int n, int parts)
    {
        // Parts are whole groups of eight rows, the height of the tallest tile.
        int groups = (m + 7) / 8;
        WorkSplitter.Run(parts, part =>
        {
            int begin = (int)((long)groups * part / parts) * 8;
            int end = Math.Min(m, (int)((long)groups * (part + 1) / parts) * 8);
            MultiplyRows(x, w, y, tokens, m, n, begin, end);
        });
    }

    private static void MultiplyRows(float* x, float* w, float* y, int tokens, int m, int n, int begin, int end)
    {
        switch (LaneWidth.For(n))
        {
            case 16:
                MultiplyRows<Lanes512, Vector512<float>>(x, w, y, tokens, m, n, begin, end);
                break;
            case 8:
                MultiplyRows<Lanes256, Vector256<float>>(x, w, y, tokens, m, n, begin, end);
                break;
            case 4:
                MultiplyRows<Lanes128, Vector128<float>>(x, w, y, tokens, m, n, begin, end);
                break;
            default:
                MultiplyRows<ScalarLane, float>(x, w, y, tokens, m, n, begin, end);
                break;
        }
    }

    /// <summary>Tokens and rows that fill no tile: eight rows of one token at a time, then single rows.</summary>
    private static void Edge<TLanes, TVector>(float* x, float* w, float* y, int t0, int t1, int m, int n, int begin, int end)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        for (int t = t0; t < t1; t++)
        {
            int i = begin;
            for (; i <= end - 8; i += 8)
            {
                Tile1x8<TLanes, TVector>(x + ((long)t * n), w + ((long)i * n), y + ((long)t * m) + i, n);
            }

            for (; i < end; i++)
            {
                y[((long)t * m) + i] = Dot<TLanes, TVector>(x + ((long)t * n), w + ((long)i * n), n);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Dot<TLanes, TVector>(float* x, float* w, int n)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        TVector sum = TLanes.Zero;
        int k = 0;
        for (; k <= n - TLanes.Count; k += TLanes.Count)
        {
            sum = TLanes.MultiplyAdd(TLanes.Load(w + k), TLanes.Load(x + k), sum);
        }

        int rest = n - k;
        if (rest > 0)
        {
            // Reloads the last full register and masks what was counted: both factors, since infinity times zero is not zero.
            k = n - TLanes.Count;
            sum = TLanes.MultiplyAdd(TLanes.KeepLast(TLanes.Load(w + k), rest), TLanes.KeepLast(TLanes.Load(x + k), rest), sum);
        }

        return TLanes.Sum(sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile1x8<TLanes, TVector>(float* x, float* w, float* y, int n)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        float* w1 = w + n;
        float* w2 = w1 + n;
        float* w3 = w2 + n;
        float* w4 = w3 + n;
        float* w5 = w4 + n;
        float* w6 = w5 + n;
        float* w7 = w6 + n;
        TVector s0 = TLanes.Zero, s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0;
        int k = 0;
        for (; k <= n - TLanes.Count; k += TLanes.Count)
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

        int rest = n - k;
        if (rest > 0)
        {
            k = n - TLanes.Count;
            TVector v = TLanes.KeepLast(TLanes.Load(x + k), rest);
            s0 = TLanes.MultiplyAdd(TLanes.KeepLast(TLanes.Load(w + k), rest), v, s0);
            s1 = TLanes.MultiplyAdd(TLanes.KeepLast(TLanes.Load(w1 + k), rest), v, s1);
            s2 = TLanes.MultiplyAdd(TLanes.KeepLast(TLanes.Load(w2 + k), rest), v, s2);
            s3 = TLanes.MultiplyAdd(TLanes.KeepLast(TLanes.Load(w3 + k), rest), v, s3);
            s4 = TLanes.MultiplyAdd(TLanes.KeepLast(TLanes.Load(w4 + k), rest), v, s4);
            s5 = TLanes.MultiplyAdd(TLanes.KeepLast(TLanes.Load(w5 + k), rest), v, s5);
            s6 = TLanes.MultiplyAdd(TLanes.KeepLast(TLanes.Load(w6 + k), rest), v, s6);
            s7 = TLanes.MultiplyAdd(TLanes.KeepLast(TLanes.Load(w7 + k), rest), v, s7);
        }

        y[0] = TLanes.Sum(s0);
        y[1] = TLanes.Sum(s1);
        y[2] = TLanes.Sum(s2);
        y[3] = TLanes.Sum(s3);
        y[4] = TLanes.Sum(s4);
        y[5] = TLanes.Sum(s5);
        y[6] = TLanes.Sum(s6);
        y[7] = TLanes.Sum(s7);
    }

    /// <summary>Two tokens by four rows: eight accumulators, what sixteen registers hold beside the operands.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile2x4<TLanes, TVector>(float* x, float* w, float* y, int m, int n)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        float* x1 = x + n;
        float* w1 = w + n;
        float* w2 = w1 + n;
        float* w3 = w2 + n;
        TVector a0 = TLanes.Zero, a1 = a0, a2 = a0, a3 = a0, b0 = a0, b1 = a0, b2 = a0, b3 = a0;
        int k = 0;
        int rest = n % TLanes.Count;
        for (; k <= n - TLanes.Count; k += TLanes.Count)
        {
            TVector u = TLanes.Load(x + k), v = TLanes.Load(x1 + k), r = TLanes.Load(w + k);
            a0 = TLanes.MultiplyAdd(r, u, a0);
            b0 = TLanes.MultiplyAdd(r, v, b0);
            r = TLanes.Load(w1 + k);
            a1 = TLanes.MultiplyAdd(r, u, a1);
            b1 = TLanes.MultiplyAdd(r, v, b1);
            r = TLanes.Load(w2 + k);
            a2 = TLanes.MultiplyAdd(r, u, a2);
            b2 = TLanes.MultiplyAdd(r, v, b2);
            r = TLanes.Load(w3 + k);
            a3 = TLanes.MultiplyAdd(r, u, a3);
            b3 = TLanes.MultiplyAdd(r, v, b3);
        }

        if (rest > 0)
        {
            k = n - TLanes.Count;
            TVector u = TLanes.KeepLast(TLanes.Load(x + k), rest), v = TLanes.KeepLast(TLanes.Load(x1 + k), rest);
            TVector r = TLanes.KeepLast(TLanes.Load(w + k), rest);
            a0 = TLanes.MultiplyAdd(r, u, a0);
            b0 = TLanes.MultiplyAdd(r, v, b0);
            r = TLanes.KeepLast(TLanes.Load(w1 + k), rest);
            a1 = TLanes.MultiplyAdd(r, u, a1);
            b1 = TLanes.MultiplyAdd(r, v, b1);
            r = TLanes.KeepLast(TLanes.Load(w2 + k), rest);
            a2 = TLanes.MultiplyAdd(r, u, a2);
            b2 = TLanes.MultiplyAdd(r, v, b2);
            r = TLanes.KeepLast(TLanes.Load(w3 + k), rest);
            a3 = TLanes.MultiplyAdd(r, u, a3);
            b3 = TLanes.MultiplyAdd(r, v, b3);
        }

        y[0] = TLanes.Sum(a0);
        y[1] = TLanes.Sum(a1);
        y[2] = TLanes.Sum(a2);
        y[3] = TLanes.Sum(a3);
        y += m;
        y[0] = TLanes.Sum(b0);
        y[1] = TLanes.Sum(b1);
        y[2] = TLanes.Sum(b2);
        y[3] = TLanes.Sum(b3);
    }

    /// <summary>Four tokens by four rows: sixteen accumulators of AVX-512's thirty-two registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile4x4<TLanes, TVector>(float* x, float* w, float* y, int m, int n)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        float* x1 = x + n;
        float* x2 = x1 + n;
        float* x3 = x2 + n;
        float* w1 = w + n;
        float* w2 = w1 + n;
        float* w3 = w2 + n;
        TVector a0 = TLanes.Zero, a1 = a0, a2 = a0, a3 = a0, b0 = a0, b1 = a0, b2 = a0, b3 = a0;
        TVector c0 = a0, c1 = a0, c2 = a0, c3 = a0, d0 = a0, d1 = a0, d2 = a0, d3 = a0;
        int k = 0;
        int rest = n % TLanes.Count;
        int keep = TLanes.Count;
        while (k < n)
        {
            bool full = k <= n - TLanes.Count;
            if (!full)
            {
                k = n - TLanes.Count;
                keep = rest;
            }

            TVector p = TLanes.Load(x + k), q = TLanes.Load(x1 + k), u = TLanes.Load(x2 + k), v = TLanes.Load(x3 + k);
            TVector r0 = TLanes.Load(w + k), r1 = TLanes.Load(w1 + k), r2 = TLanes.Load(w2 + k), r3 = TLanes.Load(w3 + k);
            if (!full)
            {
                p = TLanes.KeepLast(p, keep);
                q = TLanes.KeepLast(q, keep);
                u = TLanes.KeepLast(u, keep);
                v = TLanes.KeepLast(v, keep);
                r0 = TLanes.KeepLast(r0, keep);
                r1 = TLanes.KeepLast(r1, keep);
                r2 = TLanes.KeepLast(r2, keep);
                r3 = TLanes.KeepLast(r3, keep);
            }

            a0 = TLanes.MultiplyAdd(r0, p, a0);
            a1 = TLanes.MultiplyAdd(r1, p, a1);
            a2 = TLanes.MultiplyAdd(r2, p, a2);
            a3 = TLanes.MultiplyAdd(r3, p, a3);
            b0 = TLanes.MultiplyAdd(r0, q, b0);
            b1 = TLanes.MultiplyAdd(r1, q, b1);
            b2 = TLanes.MultiplyAdd(r2, q, b2);
            b3 = TLanes.MultiplyAdd(r3, q, b3);
            c0 = TLanes.MultiplyAdd(r0, u, c0);
            c1 = TLanes.MultiplyAdd(r1, u, c1);
            c2 = TLanes.MultiplyAdd(r2, u, c2);
            c3 = TLanes.MultiplyAdd(r3, u, c3);
            d0 = TLanes.MultiplyAdd(r0, v, d0);
            d1 = TLanes.MultiplyAdd(r1, v, d1);
            d2 = TLanes.MultiplyAdd(r2, v, d2);
            d3 = TLanes.MultiplyAdd(r3, v, d3);
            k += TLanes.Count;
        }

        y[0] = TLanes.Sum(a0);
        y[1] = TLanes.Sum(a1);
        y[2] = TLanes.Sum(a2);
        y[3] = TLanes.Sum(a3);
        y += m;
        y[0] = TLanes.Sum(b0);
        y[1] = TLanes.Sum(b1);
        y[2] = TLanes.Sum(b2);
        y[3] = TLanes.Sum(b3);
        y += m;
        y[0] = TLanes.Sum(c0);
        y[1] = TLanes.Sum(c1);
        y[2] = TLanes.Sum(c2);
        y[3] = TLanes.Sum(c3);
        y += m;
        y[0] = TLanes.Sum(d0);
        y[1] = TLanes.Sum(d1);
        y[2] = TLanes.Sum(d2);
        y[3] = TLanes.Sum(d3);
    }
}
