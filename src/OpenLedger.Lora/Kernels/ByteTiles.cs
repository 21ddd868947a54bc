// Shape legend: t = tokens, m = rows of the weight, n = row length, a multiple of 32. ld = distance of rows in bytes (w) or floats (y).
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace OpenLedger.Lora.Kernels;

/// <summary>Tiles of dot products of activations in bytes with weights in bytes or nibbles.</summary>
/// <remarks>
/// The products of a block, or of a whole row with one scale, are added as integers and so exactly; blocks follow each other in one chain of
/// multiply-adds in ascending order. So an output does not depend on the tile, as in <see cref="DotTiles"/>.
/// </remarks>
internal static unsafe class ByteTiles
{
    /// <summary>All tokens by <paramref name="rows"/> rows of 34-byte blocks: a half, the scale, and 32 signed bytes.</summary>
    public static void MultiplyBytes<TBytes, TLanes, TSums>(in Activations x, byte* w, float* y, nint ldy, int rows)
        where TBytes : struct, IByteLanes<TSums>
        where TLanes : struct, ILanes<TSums>
        where TSums : struct
    {
        float* halves = HalfTable.Pointer;
        int blocks = x.InFeatures / 32;
        nint ldw = (nint)blocks * 34;
        nint stride = x.ByteStride;
        int i = 0;
        for (; rows >= 4 && i < rows; i += 4)
        {
            i = Math.Min(i, rows - 4);
            byte* row = w + (i * ldw);
            int t = 0;
            for (; t <= x.Tokens - 2; t += 2)
            {
                Bytes2x4<TBytes, TLanes, TSums>(
                    x.BlockBytes + (t * stride), x.BlockScales + (t * stride / 32), x.BlockOffsets + (t * stride / 4), stride, row, ldw, halves, y + (t * ldy) + i, ldy, blocks);
            }

            if (t < x.Tokens)
            {
                Bytes1x4<TBytes, TLanes, TSums>(
                    x.BlockBytes + (t * stride), x.BlockScales + (t * stride / 32), x.BlockOffsets + (t * stride / 4), stride, row, ldw, halves, y + (t * ldy) + i, ldy, blocks);
            }
        }

        for (; i < rows; i++)
        {
            for (int t = 0; t < x.Tokens; t++)
            {
                y[(t * ldy) + i] = Bytes1x1<TBytes, TLanes, TSums>(
                    x.BlockBytes + (t * stride), x.BlockScales + (t * stride / 32), x.BlockOffsets + (t * stride / 4), w + (i * ldw), halves, blocks);
            }
        }
    }

    /// <summary>All tokens by <paramref name="rows"/> rows of 18-byte blocks: a half, the scale, and 32 values of four bits.</summary>
    public static void MultiplyNibbles<TBytes, TLanes, TSums>(in Activations x, byte* w, float* y, nint ldy, int rows)
        where TBytes : struct, IByteLanes<TSums>
        where TLanes : struct, ILanes<TSums>
        where TSums : struct
    {
        float* halves = HalfTable.Pointer;
        int blocks = x.InFeatures / 32;
        nint ldw = (nint)blocks * 18;
        nint stride = x.ByteStride;
        int i = 0;
        for (; rows >= 4 && i < rows; i += 4)
        {
            i = Math.Min(i, rows - 4);
            byte* row = w + (i * ldw);
            int t = 0;
            for (; t <= x.Tokens - 2; t += 2)
            {
                Nibbles2x4<TBytes, TLanes, TSums>(
                    x.BlockBytes + (t * stride), x.BlockScales + (t * stride / 32), x.BlockOffsets + (t * stride / 4), stride, row, ldw, halves, y + (t * ldy) + i, ldy, blocks);
            }

            if (t < x.Tokens)
            {
                Nibbles1x4<TBytes, TLanes, TSums>(
                    x.BlockBytes + (t * stride), x.BlockScales + (t * stride / 32), x.BlockOffsets + (t * stride / 4), stride, row, ldw, halves, y + (t * ldy) + i, ldy, blocks);
            }
        }

        for (; i < rows; i++)
        {
            for (int t = 0; t < x.Tokens; t++)
            {
                y[(t * ldy) + i] = Nibbles1x1<TBytes, TLanes, TSums>(
                    x.BlockBytes + (t * stride), x.BlockScales + (t * stride / 32), x.BlockOffsets + (t * stride / 4), w + (i * ldw), halves, blocks);
            }
        }
    }

    /// <summary>All tokens by rows of signed bytes that have one scale each.</summary>
    /// <param name="x">Activations with one scale per token.</param>
    /// <param name="w">First row.</param>
    /// <param name="ldw">Bytes between rows, a multiple of 32; the bytes beyond n are zero.</param>
    /// <param name="scales">One per row.</param>
    /// <param name="y">First output.</param>
    /// <param name="ldy">Distance of tokens in the output.</param>
    /// <param name="rows">m.</param>
    public static void MultiplyRows<TBytes, TSums>(in Activations x, byte* w, nint ldw, float* scales, float* y, nint ldy, int rows)
        where TBytes : struct, IByteLanes<TSums>
        where TSums : struct
    {
        int* sums = stackalloc int[8];
        nint stride = x.ByteStride;
        int i = 0;
        for (; rows >= 4 && i < rows; i += 4)
        {
            i = Math.Min(i, rows - 4);
            for (int t = 0; t < x.Tokens; t += 2)
            {
                int tokens = Math.Min(2, x.Tokens - t);
                if (tokens == 2)
                {
                    Rows2x4<TBytes, TSums>(x.RowBytes + (t * stride), stride, w + (i * ldw), ldw, sums, x.ByteStride);
                }
                else
                {
                    Rows1x4<TBytes, TSums>(x.RowBytes + (t * stride), stride, w + (i * ldw), ldw, sums, x.ByteStride);
                }

                for (int u = 0; u < tokens; u++)
                {
                    int offset = TBytes.RowOffset(x.RowSums[t + u]);
                    float scale = x.RowScales[t + u];
                    float* to = y + ((t + u) * ldy) + i;
                    to[0] = (sums[4 * u] + offset) * (scale * scales[i]);
                    to[1] = (sums[(4 * u) + 1] + offset) * (scale * scales[i + 1]);
                    to[2] = (sums[(4 * u) + 2] + offset) * (scale * scales[i + 2]);
                    to[3] = (sums[(4 * u) + 3] + offset) * (scale * scales[i + 3]);
                }
            }
        }

        for (; i < rows; i++)
        {
            for (int t = 0; t < x.Tokens; t++)
            {
                int sum = Row1x1<TBytes, TSums>(x.RowBytes + (t * stride), w + (i * ldw), x.ByteStride);
                y[(t * ldy) + i] = (sum + TBytes.RowOffset(x.RowSums[t])) * (x.RowScales[t] * scales[i]);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Bytes1x4<TBytes, TLanes, TSums>(
        sbyte* x, float* scales, int* offsets, nint stride, byte* w, nint ldw, float* halves, float* y, nint ldy, int blocks)
        where TBytes : struct, IByteLanes<TSums>
        where TLanes : struct, ILanes<TSums>
        where TSums : struct
    {
        byte* w1 = w + ldw;
        byte* w2 = w1 + ldw;
        byte* w3 = w2 + ldw;
        nint ahead = 4 * ldw; // the next four rows: the processor does not look beyond a page by itself, measured at a factor of two to four
        TSums a0 = TLanes.Zero, a1 = a0, a2 = a0, a3 = a0;
        for (nint b = 0; b < blocks; b++)
        {
            Vector256<sbyte> xa = Vector256.Load(x);
            Vector256<int> offsetsa = TBytes.ByteOffsets(offsets);
            TSums scalea = TLanes.Broadcast(scales[0]);
            Vector256<sbyte> weights = TBytes.LoadBytes(w + 2);
            TSums scale = TLanes.Broadcast(halves[*(ushort*)w]);
            a0 = TLanes.MultiplyAdd(TBytes.Dot(weights, xa, offsetsa), TLanes.Multiply(scale, scalea), a0);
            weights = TBytes.LoadBytes(w1 + 2);
            scale = TLanes.Broadcast(halves[*(ushort*)w1]);
            a1 = TLanes.MultiplyAdd(TBytes.Dot(weights, xa, offsetsa), TLanes.Multiply(scale, scalea), a1);
            weights = TBytes.LoadBytes(w2 + 2);
            scale = TLanes.Broadcast(halves[*(ushort*)w2]);
            a2 = TLanes.MultiplyAdd(TBytes.Dot(weights, xa, offsetsa), TLanes.Multiply(scale, scalea), a2);
            weights = TBytes.LoadBytes(w3 + 2);
            scale = TLanes.Broadcast(halves[*(ushort*)w3]);
            a3 = TLanes.MultiplyAdd(TBytes.Dot(weights, xa, offsetsa), TLanes.Multiply(scale, scalea), a3);
            CacheLine.Prefetch(w + ahead);
            CacheLine.Prefetch(w1 + ahead);
            CacheLine.Prefetch(w2 + ahead);
            CacheLine.Prefetch(w3 + ahead);
            x += 32;
            offsets += 8;
            scales++;
            w += 34;
            w1 += 34;
            w2 += 34;
            w3 += 34;
        }

        TLanes.StoreSums(a0, a1, a2, a3, y);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Bytes2x4<TBytes, TLanes, TSums>(
        sbyte* x, float* scales, int* offsets, nint stride, byte* w, nint ldw, float* halves, float* y, nint ldy, int blocks)
        where TBytes : struct, IByteLanes<TSums>
        where TLanes : struct, ILanes<TSums>
        where TSums : struct
    {
        byte* w1 = w + ldw;
        byte* w2 = w1 + ldw;
        byte* w3 = w2 + ldw;
        TSums a0 = TLanes.Zero, a1 = a0, a2 = a0, a3 = a0;
        TSums b0 = TLanes.Zero, b1 = b0, b2 = b0, b3 = b0;
        nint scaleStride = stride / 32, offsetStride = stride / 4;
        for (nint b = 0; b < blocks; b++)
        {
            Vector256<sbyte> xa = Vector256.Load(x);
            Vector256<int> offsetsa = TBytes.ByteOffsets(offsets);
            TSums scalea = TLanes.Broadcast(scales[0]);
            Vector256<sbyte> xb = Vector256.Load(x + stride);
            Vector256<int> offsetsb = TBytes.ByteOffsets(offsets + offsetStride);
            TSums scaleb = TLanes.Broadcast(scales[scaleStride]);
            Vector256<sbyte> weights = TBytes.LoadBytes(w + 2);
            TSums scale = TLanes.Broadcast(halves[*(ushort*)w]);
            a0 = TLanes.MultiplyAdd(TBytes.Dot(weights, xa, offsetsa), TLanes.Multiply(scale, scalea), a0);
            b0 = TLanes.MultiplyAdd(TBytes.Dot(weights, xb, offsetsb), TLanes.Multiply(scale, scaleb), b0);
            weights = TBytes.LoadBytes(w1 + 2);
            scale = TLanes.Broadcast(halves[*(ushort*)w1]);
            a1 = TLanes.MultiplyAdd(TBytes.Dot(weights, xa, offsetsa), TLanes.Multiply(scale, scalea), a1);
            b1 = TLanes.MultiplyAdd(TBytes.Dot(weights, xb, offsetsb), TLanes.Multiply(scale, scaleb), b1);
            weights = TBytes.LoadBytes(w2 + 2);
            scale = TLanes.Broadcast(halves[*(ushort*)w2]);
            a2 = TLanes.MultiplyAdd(TBytes.Dot(weights, xa, offsetsa), TLanes.Multiply(scale, scalea), a2);
            b2 = TLanes.MultiplyAdd(TBytes.Dot(weights, xb, offsetsb), TLanes.Multiply(scale, scaleb), b2);
            weights = TBytes.LoadBytes(w3 + 2);
            scale = TLanes.Broadcast(halves[*(ushort*)w3]);
            a3 = TLanes.MultiplyAdd(TBytes.Dot(weights, xa, offsetsa), TLanes.Multiply(scale, scalea), a3);
            b3 = TLanes.MultiplyAdd(TBytes.Dot(weights, xb, offsetsb), TLanes.Multiply(scale, scaleb), b3);
            x += 32;
            offsets += 8;
            scales++;
            w += 34;
            w1 += 34;
            w2 += 34;
            w3 += 34;
        }

        TLanes.StoreSums(a0, a1, a2, a3, y);
        TLanes.StoreSums(b0, b1, b2, b3, y + ldy);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static float Bytes1x1<TBytes, TLanes, TSums>(sbyte* x, float* scales, int* offsets, byte* w, float* halves, int blocks)
        where TBytes : struct, IByteLanes<TSums>
        where TLanes : struct, ILanes<TSums>
        where TSums : struct
    {
        TSums sum = TLanes.Zero;
        for (nint b = 0; b < blocks; b++)
        {
            TSums scale = TLanes.Multiply(TLanes.Broadcast(halves[*(ushort*)w]), TLanes.Broadcast(scales[b]));
            sum = TLanes.MultiplyAdd(
                TBytes.Dot(TBytes.LoadBytes(w + 2), Vector256.Load(x + (b * 32)), TBytes.ByteOffsets(offsets + (b * 8))), scale, sum);
            w += 34;
        }

        return TLanes.Sum(sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Nibbles1x4<TBytes, TLanes, TSums>(
        sbyte* x, float* scales, int* offsets, nint stride, byte* w, nint ldw, float* halves, float* y, nint ldy, int blocks)
        where TBytes : struct, IByteLanes<TSums>
        where TLanes : struct, ILanes<TSums>
        where TSums : struct
    {
        byte* w1 = w + ldw;
        byte* w2 = w1 + ldw;
        byte* w3 = w2 + ldw;
        nint ahead = 4 * ldw; // the next four rows: the processor does not look beyond a page by itself, measured at a factor of two to four
        TSums a0 = TLanes.Zero, a1 = a0, a2 = a0, a3 = a0;
        for (nint b = 0; b < blocks; b++)
        {
            Vector256<sbyte> xa = Vector256.Load(x);
            Vector256<int> offsetsa = TBytes.NibbleOffsets(offsets);
            TSums scalea = TLanes.Broadcast(scales[0]);
            Vector256<sbyte> weights = TBytes.LoadNibbles(w + 2);
            TSums scale = TLanes.Broadcast(halves[*(ushort*)w]);
            a0 = TLanes.MultiplyAdd(TBytes.Dot(weights, xa, offsetsa), TLanes.Multiply(scale, scalea), a0);
            weights = TBytes.LoadNibbles(w1 + 2);
            scale = TLanes.Broadcast(halves[*(ushort*)w1]);
            a1 = TLanes.MultiplyAdd(TBytes.Dot(weights, xa, offsetsa), TLanes.Multiply(scale, scalea), a1);
            weights = TBytes.LoadNibbles(w2 + 2);
            scale = TLanes.Broadcast(halves[*(ushort*)w2]);
            a2 = TLanes.MultiplyAdd(TBytes.Dot(weights, xa, offsetsa), TLanes.Multiply(scale, scalea), a2);
            weights = TBytes.LoadNibbles(w3 + 2);
            scale = TLanes.Broadcast(halves[*(ushort*)w3]);
            a3 = TLanes.MultiplyAdd(TBytes.Dot(weights, xa, offsetsa), TLanes.Multiply(scale, scalea), a3);
            CacheLine.Prefetch(w + ahead);
            CacheLine.Prefetch(w1 + ahead);
            CacheLine.Prefetch(w2 + ahead);
            CacheLine.Prefetch(w3 + ahead);
            x += 32;
            offsets += 8;
            scales++;
            w += 18;
            w1 += 18;
            w2 += 18;
            w3 += 18;
        }

        TLanes.StoreSums(a0, a1, a2, a3, y);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Nibbles2x4<TBytes, TLanes, TSums>(
        sbyte* x, float* scales, int* offsets, nint stride, byte* w, nint ldw, float* halves, float* y, nint ldy, int blocks)
        where TBytes : struct, IByteLanes<TSums>
        where TLanes : struct, ILanes<TSums>
        where TSums : struct
    {
        byte* w1 = w + ldw;
        byte* w2 = w1 + ldw;
        byte* w3 = w2 + ldw;
        TSums a0 = TLanes.Zero, a1 = a0, a2 = a0, a3 = a0;
        TSums b0 = TLanes.Zero, b1 = b0, b2 = b0, b3 = b0;
        nint scaleStride = stride / 32, offsetStride = stride / 4;
        for (nint b = 0; b < blocks; b++)
        {
            Vector256<sbyte> xa = Vector256.Load(x);
            Vector256<int> offsetsa = TBytes.NibbleOffsets(offsets);
            TSums scalea = TLanes.Broadcast(scales[0]);
            Vector256<sbyte> xb = Vector256.Load(x + stride);
            Vector256<int> offsetsb = TBytes.NibbleOffsets(offsets + offsetStride);
            TSums scaleb = TLanes.Broadcast(scales[scaleStride]);
            Vector256<sbyte> weights = TBytes.LoadNibbles(w + 2);
            TSums scale = TLanes.Broadcast(halves[*(ushort*)w]);
            a0 = TLanes.MultiplyAdd(TBytes.Dot(weights, xa, offsetsa), TLanes.Multiply(scale, scalea), a0);
            b0 = TLanes.MultiplyAdd(TBytes.Dot(weights, xb, offsetsb), TLanes.Multiply(scale, scaleb), b0);
            weights = TBytes.LoadNibbles(w1 + 2);
            scale = TLanes.Broadcast(halves[*(ushort*)w1]);
            a1 = TLanes.MultiplyAdd(TBytes.Dot(weights, xa, offsetsa), TLanes.Multiply(scale, scalea), a1);
            b1 = TLanes.MultiplyAdd(TBytes.Dot(weights, xb, offsetsb), TLanes.Multiply(scale, scaleb), b1);
            weights = TBytes.LoadNibbles(w2 + 2);
            scale = TLanes.Broadcast(halves[*(ushort*)w2]);
            a2 = TLanes.MultiplyAdd(TBytes.Dot(weights, xa, offsetsa), TLanes.Multiply(scale, scalea), a2);
            b2 = TLanes.MultiplyAdd(TBytes.Dot(weights, xb, offsetsb), TLanes.Multiply(scale, scaleb), b2);
            weights = TBytes.LoadNibbles(w3 + 2);
            scale = TLanes.Broadcast(halves[*(ushort*)w3]);
            a3 = TLanes.MultiplyAdd(TBytes.Dot(weights, xa, offsetsa), TLanes.Multiply(scale, scalea), a3);
            b3 = TLanes.MultiplyAdd(TBytes.Dot(weights, xb, offsetsb), TLanes.Multiply(scale, scaleb), b3);
            x += 32;
            offsets += 8;
            scales++;
            w += 18;
            w1 += 18;
            w2 += 18;
            w3 += 18;
        }

        TLanes.StoreSums(a0, a1, a2, a3, y);
        TLanes.StoreSums(b0, b1, b2, b3, y + ldy);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static float Nibbles1x1<TBytes, TLanes, TSums>(sbyte* x, float* scales, int* offsets, byte* w, float* halves, int blocks)
        where TBytes : struct, IByteLanes<TSums>
        where TLanes : struct, ILanes<TSums>
        where TSums : struct
    {
        TSums sum = TLanes.Zero;
        for (nint b = 0; b < blocks; b++)
        {
            TSums scale = TLanes.Multiply(TLanes.Broadcast(halves[*(ushort*)w]), TLanes.Broadcast(scales[b]));
            sum = TLanes.MultiplyAdd(
                TBytes.Dot(TBytes.LoadNibbles(w + 2), Vector256.Load(x + (b * 32)), TBytes.NibbleOffsets(offsets + (b * 8))), scale, sum);
            w += 18;
        }

        return TLanes.Sum(sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Rows1x4<TBytes, TSums>(sbyte* x, nint stride, byte* w, nint ldw, int* sums, int n)
        where TBytes : struct, IByteLanes<TSums>
        where TSums : struct
    {
        byte* w1 = w + ldw;
        byte* w2 = w1 + ldw;
        byte* w3 = w2 + ldw;
        Vector256<int> a0 = Vector256<int>.Zero, a1 = a0, a2 = a0, a3 = a0;
        for (nint k = 0; k < n; k += 32)
        {
            Vector256<sbyte> xa = Vector256.Load(x + k);
            Vector256<sbyte> weights = TBytes.LoadBytes(w + k);
            a0 = TBytes.Accumulate(a0, weights, xa);
            weights = TBytes.LoadBytes(w1 + k);
            a1 = TBytes.Accumulate(a1, weights, xa);
            weights = TBytes.LoadBytes(w2 + k);
            a2 = TBytes.Accumulate(a2, weights, xa);
            weights = TBytes.LoadBytes(w3 + k);
            a3 = TBytes.Accumulate(a3, weights, xa);
        }

        sums[0] = Vector256.Sum(a0);
        sums[1] = Vector256.Sum(a1);
        sums[2] = Vector256.Sum(a2);
        sums[3] = Vector256.Sum(a3);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Rows2x4<TBytes, TSums>(sbyte* x, nint stride, byte* w, nint ldw, int* sums, int n)
        where TBytes : struct, IByteLanes<TSums>
        where TSums : struct
    {
        byte* w1 = w + ldw;
        byte* w2 = w1 + ldw;
        byte* w3 = w2 + ldw;
        Vector256<int> a0 = Vector256<int>.Zero, a1 = a0, a2 = a0, a3 = a0;
        Vector256<int> b0 = Vector256<int>.Zero, b1 = b0, b2 = b0, b3 = b0;
        for (nint k = 0; k < n; k += 32)
        {
            Vector256<sbyte> xa = Vector256.Load(x + k);
            Vector256<sbyte> xb = Vector256.Load(x + k + stride);
            Vector256<sbyte> weights = TBytes.LoadBytes(w + k);
            a0 = TBytes.Accumulate(a0, weights, xa);
            b0 = TBytes.Accumulate(b0, weights, xb);
            weights = TBytes.LoadBytes(w1 + k);
            a1 = TBytes.Accumulate(a1, weights, xa);
            b1 = TBytes.Accumulate(b1, weights, xb);
            weights = TBytes.LoadBytes(w2 + k);
            a2 = TBytes.Accumulate(a2, weights, xa);
            b2 = TBytes.Accumulate(b2, weights, xb);
            weights = TBytes.LoadBytes(w3 + k);
            a3 = TBytes.Accumulate(a3, weights, xa);
            b3 = TBytes.Accumulate(b3, weights, xb);
        }

        sums[0] = Vector256.Sum(a0);
        sums[1] = Vector256.Sum(a1);
        sums[2] = Vector256.Sum(a2);
        sums[3] = Vector256.Sum(a3);
        sums[4] = Vector256.Sum(b0);
        sums[5] = Vector256.Sum(b1);
        sums[6] = Vector256.Sum(b2);
        sums[7] = Vector256.Sum(b3);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static int Row1x1<TBytes, TSums>(sbyte* x, byte* w, int n)
        where TBytes : struct, IByteLanes<TSums>
        where TSums : struct
    {
        Vector256<int> sum = Vector256<int>.Zero;
        for (nint k = 0; k < n; k += 32)
        {
            sum = TBytes.Accumulate(sum, TBytes.LoadBytes(w + k), Vector256.Load(x + k));
        }

        return Vector256.Sum(sum);
    }
}
