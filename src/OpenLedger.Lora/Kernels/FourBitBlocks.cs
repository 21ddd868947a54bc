// Shape legend: n = values of a block or run, s = n / 2 packed bytes (first value in the high half of a byte).
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace OpenLedger.Lora.Kernels;

/// <summary>Four-bit codes to floats and back. Every width gives the same bits: each value is one comparison chain or one product.</summary>
internal static class FourBitBlocks
{
    /// <summary><c>y_n = code[q_n] · scale</c></summary>
    /// <param name="packed_s">The codes, <c>[ceil(n / 2)]</c>; the low half of the last byte is ignored when n is odd.</param>
    /// <param name="code">Sixteen values.</param>
    /// <param name="scale">The block's scale.</param>
    /// <param name="y_n">Receives <c>[n]</c>.</param>
    /// <remarks>A NaN or infinite scale gives NaN or infinity as the product does. Cost: one table look-up and one product per value.</remarks>
    public static void Expand(ReadOnlySpan<byte> packed_s, ReadOnlySpan<float> code, float scale, Span<float> y_n)
    {
        Debug.Assert(code.Length == 16 && packed_s.Length == (y_n.Length + 1) / 2, "shapes must agree");
        ref byte packed = ref MemoryMarshal.GetReference(packed_s);
        ref float y = ref MemoryMarshal.GetReference(y_n);
        int done = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            Vector512<float> table = Vector512.Create(code) * Vector512.Create(scale);
            for (; done + 16 <= y_n.Length; done += 16)
            {
                Vector512<int> indices = Widen(Indices(ref Unsafe.Add(ref packed, done / 2)));
                Vector512.ShuffleNative(table, indices).StoreUnsafe(ref y, (nuint)done);
            }
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            Vector256<float> low = Vector256.Create(code[..8]) * Vector256.Create(scale);
            Vector256<float> high = Vector256.Create(code[8..]) * Vector256.Create(scale);
            for (; done + 16 <= y_n.Length; done += 16)
            {
                Vector128<byte> indices = Indices(ref Unsafe.Add(ref packed, done / 2));
                (Vector128<ushort> first, Vector128<ushort> second) = Vector128.Widen(indices);
                Pick(low, high, Vector256.Create(Vector128.WidenLower(first), Vector128.WidenUpper(first)).AsInt32()).StoreUnsafe(ref y, (nuint)done);
                Pick(low, high, Vector256.Create(Vector128.WidenLower(second), Vector128.WidenUpper(second)).AsInt32()).StoreUnsafe(ref y, (nuint)done + 8);
            }
        }

        for (; done < y_n.Length; done++)
        {
            byte pair = Unsafe.Add(ref packed, done / 2);
            y_n[done] = code[done % 2 == 0 ? pair >> 4 : pair & 15] * scale;
        }
    }

    /// <summary>The same for several blocks, in every 32 values those at even places and then those at odd places.</summary>
    /// <param name="packed_s">The codes, <c>[n / 2]</c>.</param>
    /// <param name="code">Sixteen values.</param>
    /// <param name="scales">One per block.</param>
    /// <param name="blockSize">Values of a block, a multiple of 32.</param>
    /// <param name="into">Values of the first block that come before, a multiple of 32.</param>
    /// <param name="y_n">Receives <c>[n]</c>, n a multiple of 32.</param>
    /// <remarks>Cost: two look-ups and a shift per 32 values where registers hold 16 floats.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void ExpandParted(
        ReadOnlySpan<byte> packed_s, ReadOnlySpan<float> code, ReadOnlySpan<float> scales, int blockSize, int into, Span<float> y_n)
    {
        Debug.Assert(code.Length == 16 && y_n.Length % 32 == 0 && packed_s.Length == y_n.Length / 2, "shapes must agree");
        Vector512<float> values = Vector512.Create(code);
        ref byte packed = ref MemoryMarshal.GetReference(packed_s);
        ref float y = ref MemoryMarshal.GetReference(y_n);
        nuint n = (nuint)y_n.Length;
        nuint done = 0;
        nuint end = (nuint)(blockSize - into);
        for (int block = 0; done < n; block++, end += (nuint)blockSize)
        {
            Vector512<float> table = values * Vector512.Create(scales[block]);
            for (; done < Math.Min(end, n); done += 32)
            {
                Vector128<byte> bytes = Vector128.LoadUnsafe(ref packed, done / 2);
                Vector512<int> pairs = Avx512F.IsSupported ? Avx512F.ConvertToVector512Int32(bytes) : Widen(bytes);
                Vector512.ShuffleNative(table, pairs >>> 4).StoreUnsafe(ref y, done);
                Vector512.ShuffleNative(table, pairs & Vector512.Create(15)).StoreUnsafe(ref y, done + 16);
            }
        }
    }

    /// <summary><c>rank_n = |{ j : x_n / scale > midpoint_j }|</c>: the place of the nearest of sixteen ascending values.</summary>
    /// <param name="x_n">The values, <c>[n]</c>.</param>
    /// <param name="midpoints">Fifteen bounds, ascending.</param>
    /// <param name="scale">The block's scale, greater than 0.</param>
    /// <param name="rank_n">Receives <c>[n]</c>, each 0 to 15.</param>
    /// <remarks>NaN has rank 0. Cost: one division and fifteen comparisons per value.</remarks>
    public static void Rank(ReadOnlySpan<float> x_n, ReadOnlySpan<float> midpoints, float scale, Span<byte> rank_n)
    {
        Debug.Assert(midpoints.Length == 15 && rank_n.Length == x_n.Length, "shapes must agree");
        ref float x = ref MemoryMarshal.GetReference(x_n);
        ref byte rank = ref MemoryMarshal.GetReference(rank_n);
        int done = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            Vector256<float> divisor = Vector256.Create(scale);
            for (; done + 32 <= x_n.Length; done += 32)
            {
                Vector256<int> a = Count(Vector256.LoadUnsafe(ref x, (nuint)done) / divisor, midpoints);
                Vector256<int> b = Count(Vector256.LoadUnsafe(ref x, (nuint)done + 8) / divisor, midpoints);
                Vector256<int> c = Count(Vector256.LoadUnsafe(ref x, (nuint)done + 16) / divisor, midpoints);
                Vector256<int> d = Count(Vector256.LoadUnsafe(ref x, (nuint)done + 24) / divisor, midpoints);
                Vector256.Narrow(Vector256.Narrow(a, b).AsUInt16(), Vector256.Narrow(c, d).AsUInt16()).StoreUnsafe(ref rank, (nuint)done);
            }
        }

        for (; done < x_n.Length; done++)
        {
            float value = x_n[done] / scale;
            int count = 0;
            foreach (float midpoint in midpoints)
            {
                count += value > midpoint ? 1 : 0;
            }

            rank_n[done] = (byte)count;
        }
    }

    /// <summary><c>q_s = code[rank_2s] · 16 + code[rank_2s+1]</c>, two codes per byte.</summary>
    /// <param name="rank_n">Ranks, <c>[n]</c>, each 0 to 15.</param>
    /// <param name="codeOfRank">Sixteen codes.</param>
    /// <param name="packed_s">Receives <c>[ceil(n / 2)]</c>; the low half of the last byte is 0 when n is odd.</param>
    public static void Pack(ReadOnlySpan<byte> rank_n, ReadOnlySpan<byte> codeOfRank, Span<byte> packed_s)
    {
        Debug.Assert(codeOfRank.Length == 16 && packed_s.Length >= (rank_n.Length + 1) / 2, "shapes must agree");
        ref byte rank = ref MemoryMarshal.GetReference(rank_n);
        int done = 0;
        if (Vector128.IsHardwareAccelerated)
        {
            Vector128<byte> table = Vector128.Create(codeOfRank);
            for (; done + 32 <= rank_n.Length; done += 32)
            {
                Vector128<ushort> first = Vector128.ShuffleNative(table, Vector128.LoadUnsafe(ref rank, (nuint)done)).AsUInt16();
                Vector128<ushort> second = Vector128.ShuffleNative(table, Vector128.LoadUnsafe(ref rank, (nuint)done + 16)).AsUInt16();
                Vector128<ushort> low = Vector128.Create((ushort)15);
                Vector128.Narrow(((first & low) << 4) | (first >>> 8), ((second & low) << 4) | (second >>> 8)).CopyTo(packed_s[(done / 2)..]);
            }
        }

        for (; done + 1 < rank_n.Length; done += 2)
        {
            packed_s[done / 2] = (byte)((codeOfRank[rank_n[done]] << 4) | codeOfRank[rank_n[done + 1]]);
        }

        if (done < rank_n.Length)
        {
            packed_s[done / 2] = (byte)(codeOfRank[rank_n[done]] << 4);
        }
    }

    /// <summary><c>max |x_n|</c>; NaN when one of them is NaN.</summary>
    /// <param name="x_n">The values, <c>[n]</c>.</param>
    public static float Largest(ReadOnlySpan<float> x_n)
    {
        float largest = 0;
        int done = 0;
        if (Vector256.IsHardwareAccelerated && x_n.Length >= 32)
        {
            ref float x = ref MemoryMarshal.GetReference(x_n);
            Vector256<float> a = Vector256<float>.Zero;
            Vector256<float> b = Vector256<float>.Zero;
            for (; done + 16 <= x_n.Length; done += 16)
            {
                a = Vector256.Max(a, Vector256.Abs(Vector256.LoadUnsafe(ref x, (nuint)done))); // Max keeps NaN
                b = Vector256.Max(b, Vector256.Abs(Vector256.LoadUnsafe(ref x, (nuint)done + 8)));
            }

            a = Vector256.Max(a, b);
            for (int lane = 0; lane < Vector256<float>.Count; lane++)
            {
                largest = MathF.Max(largest, a[lane]);
            }
        }

        for (; done < x_n.Length; done++)
        {
            largest = MathF.Max(largest, MathF.Abs(x_n[done]));
        }

        return largest;
    }

    /// <summary>The sixteen codes of eight bytes, in order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Indices(ref byte packed)
    {
        Vector128<ushort> pairs = Vector128.WidenLower(Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<ulong>(ref packed)).AsByte());
        return ((pairs >>> 4) | ((pairs & Vector128.Create((ushort)15)) << 8)).AsByte();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Widen(Vector128<byte> indices)
    {
        Vector256<ushort> shorts = Vector256.WidenLower(indices.ToVector256Unsafe());
        return Vector512.WidenLower(shorts.ToVector512Unsafe()).AsInt32();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Pick(Vector256<float> low, Vector256<float> high, Vector256<int> indices)
    {
        Vector256<int> inner = indices & Vector256.Create(7);
        return Vector256.ConditionalSelect(
            Vector256.GreaterThan(indices, Vector256.Create(7)).AsSingle(), Vector256.ShuffleNative(high, inner), Vector256.ShuffleNative(low, inner));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Count(Vector256<float> values, ReadOnlySpan<float> midpoints)
    {
        // A true comparison is -1 in every lane, so that subtracting counts.
        Vector256<int> count = Vector256<int>.Zero;
        foreach (float midpoint in midpoints)
        {
            count -= Vector256.GreaterThan(values, Vector256.Create(midpoint)).AsInt32();
        }

        return count;
    }
}
