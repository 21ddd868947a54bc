// Shape legend: t = tokens, n = in features.
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace OpenLedger.Lora.Kernels;

/// <summary>Turns activations into signed bytes: <c>q = round(x / d)</c> with <c>d = max |x| / 127</c>, per token or per 32 values.</summary>
/// <remarks>
/// NaN or infinity makes the scale NaN or infinite, so that every product with it is NaN. Magnitudes below 1e-28 count as zero.
/// Halves round to even.
/// </remarks>
internal static unsafe class ByteActivations
{
    /// <summary>Values that share a scale in blocks.</summary>
    public const int Block = 32;

    private const float LeastScale = 1e-30f;

    /// <summary>One scale per token.</summary>
    /// <param name="x_n">One token, <c>[n]</c>.</param>
    /// <param name="n">n ≥ 1.</param>
    /// <param name="q">Receives n bytes and zeros up to a multiple of 32.</param>
    /// <param name="sum">Receives the sum of the bytes.</param>
    /// <returns>The scale.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static float QuantizeRow(float* x_n, int n, sbyte* q, out int sum)
    {
        float* rest = stackalloc float[Block];
        int full = n / Block * Block;
        Vector256<int> largest = Vector256<int>.Zero;
        for (int k = 0; k < full; k += Block)
        {
            largest = Vector256.Max(largest, LargestBits(x_n + k));
        }

        if (full < n)
        {
            MatrixProduct.PadRows(x_n + full, 1, n - full, rest, Block);
            largest = Vector256.Max(largest, LargestBits(rest));
        }

        float scale = ScaleOf(largest, out float inverse);
        Vector256<int> sums = Vector256<int>.Zero;
        for (int k = 0; k < full; k += Block)
        {
            Round(x_n + k, inverse, q + k);
            sums += SumFours(q + k);
        }

        if (full < n)
        {
            Round(rest, inverse, q + full);
            sums += SumFours(q + full);
        }

        sum = Vector256.Sum(sums);
        return scale;
    }

    /// <summary>One scale per 32 values, the block of the weight formats <c>Q8_0</c> and <c>Q4_0</c>.</summary>
    /// <param name="x_n">One token, <c>[n]</c>.</param>
    /// <param name="n">A multiple of 32.</param>
    /// <param name="q">Receives n bytes.</param>
    /// <param name="scales">Receives <c>[n / 32]</c>.</param>
    /// <param name="offsets">Receives <c>[n / 4]</c>: sums of four bytes, times -128.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void QuantizeBlocks(float* x_n, int n, sbyte* q, float* scales, int* offsets)
    {
        for (int k = 0; k < n; k += Block)
        {
            scales[k / Block] = ScaleOf(LargestBits(x_n + k), out float inverse);
            Round(x_n + k, inverse, q + k);
            (SumFours(q + k) * -128).Store(offsets + (k / 4));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> LargestBits(float* x)
    {
        // Without the sign, floats order as their bits do, and NaN is above infinity.
        Vector256<int> magnitude = Vector256.Create(0x7FFF_FFFF);
        return Vector256.Max(
            Vector256.Max(Vector256.Load((int*)x) & magnitude, Vector256.Load((int*)x + 8) & magnitude),
            Vector256.Max(Vector256.Load((int*)x + 16) & magnitude, Vector256.Load((int*)x + 24) & magnitude));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float ScaleOf(Vector256<int> largestBits, out float inverse)
    {
        Vector128<int> four = Vector128.Max(largestBits.GetLower(), largestBits.GetUpper());
        four = Vector128.Max(four, Vector128.Shuffle(four, Vector128.Create(2, 3, 0, 1)));
        four = Vector128.Max(four, Vector128.Shuffle(four, Vector128.Create(1, 0, 3, 2)));
        float scale = BitConverter.Int32BitsToSingle(four.ToScalar()) / 127;
        if (scale < LeastScale)
        {
            inverse = 0;
            return 0;
        }

        inverse = 1 / scale;
        return scale;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Round(float* x, float inverse, sbyte* q)
    {
        Vector256<float> factor = Vector256.Create(inverse);
        Vector256<int> a = Integers(Vector256.Load(x) * factor), b = Integers(Vector256.Load(x + 8) * factor);
        Vector256<int> c = Integers(Vector256.Load(x + 16) * factor), d = Integers(Vector256.Load(x + 24) * factor);
        Vector256.Narrow(Vector256.Narrow(a, b), Vector256.Narrow(c, d)).Store(q);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Integers(Vector256<float> value)
    {
        // Adding 1.5 · 2^23 leaves no fraction: the float rounds to an integer, ties to even, that its low bits hold.
        const float Magic = 12582912;
        return (value + Vector256.Create(Magic)).AsInt32() - Vector256.Create(BitConverter.SingleToInt32Bits(Magic));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> SumFours(sbyte* q)
    {
        Vector256<int> fours = Vector256.Load((int*)q);
        return (fours << 24 >> 24) + (fours << 16 >> 24) + (fours << 8 >> 24) + (fours >> 24);
    }
}
