using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace OpenLedger.Lora.Kernels;

/// <summary>16 floats per register, as AVX-512 has them.</summary>
internal readonly unsafe struct Lanes512 : ILanes<Vector512<float>>
{
    public static int Count => Vector512<float>.Count;

    public static Vector512<float> Zero => Vector512<float>.Zero;

    public static Vector512<float> Broadcast(float value) => Vector512.Create(value);

    public static Vector512<float> Load(float* source) => Vector512.Load(source);

    public static void Store(Vector512<float> value, float* destination) => value.Store(destination);

    public static Vector512<float> Add(Vector512<float> a, Vector512<float> b) => a + b;

    public static Vector512<float> Multiply(Vector512<float> a, Vector512<float> b) => a * b;

    public static Vector512<float> Max(Vector512<float> a, Vector512<float> b) => Vector512.Max(a, b);

    public static Vector512<float> MultiplyAdd(Vector512<float> a, Vector512<float> b, Vector512<float> c) =>
        Vector512.MultiplyAddEstimate(a, b, c);

    public static float Sum(Vector512<float> value) => Lanes256.Sum(value.GetLower() + value.GetUpper());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreSums(Vector512<float> a, Vector512<float> b, Vector512<float> c, Vector512<float> d, float* destination) =>
        Lanes256.StoreSums(
            a.GetLower() + a.GetUpper(), b.GetLower() + b.GetUpper(), c.GetLower() + c.GetUpper(), d.GetLower() + d.GetUpper(), destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector512<float> Even, Vector512<float> Odd) Part(Vector512<float> first, Vector512<float> second)
    {
        if (Avx512F.IsSupported)
        {
            Vector512<int> even = Vector512.Create(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
            return (Avx512F.PermuteVar16x32x2(first, even, second), Avx512F.PermuteVar16x32x2(first, even + Vector512<int>.One, second));
        }

        (Vector256<float> even0, Vector256<float> odd0) = Lanes256.Part(first.GetLower(), first.GetUpper());
        (Vector256<float> even1, Vector256<float> odd1) = Lanes256.Part(second.GetLower(), second.GetUpper());
        return (Vector512.Create(even0, even1), Vector512.Create(odd0, odd1));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector512<float> Even, Vector512<float> Odd) LoadBFloat16(ushort* source)
    {
        Vector512<uint> pairs = Vector512.Load((uint*)source);
        return ((pairs << 16).AsSingle(), (pairs & Vector512.Create(0xFFFF_0000)).AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector512<float> Even, Vector512<float> Odd) LoadHalf(ushort* source)
    {
        Vector512<int> pairs = Vector512.Load((int*)source);
        return (Widen(pairs << 16), Widen(pairs));
    }

    /// <summary>The half in the upper bits of each lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Widen(Vector512<int> halves)
    {
        // The exponent has five bits at the place of eight, biased by 15 instead of 127: the product sets that right, subnormals too.
        Vector512<int> moved = (halves >> 3) & Vector512.Create(unchecked((int)0x8FFF_E000));
        Vector512<float> value = moved.AsSingle() * Vector512.Create(BitConverter.Int32BitsToSingle((127 + 112) << 23));

        // Infinity and NaN come out as 65536 and more, which no half is: they get the exponent that says so.
        Vector512<float> isSpecial = Vector512.GreaterThanOrEqual(Vector512.Abs(value), Vector512.Create(65536f));
        return Vector512.ConditionalSelect(isSpecial, value | Vector512.Create(float.PositiveInfinity), value);
    }
}
