using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace OpenLedger.Lora.Kernels;

/// <summary>8 floats per register, as AVX2 has them.</summary>
internal readonly unsafe struct Lanes256 : ILanes<Vector256<float>>
{
    public static int Count => Vector256<float>.Count;

    public static Vector256<float> Zero => Vector256<float>.Zero;

    public static Vector256<float> Broadcast(float value) => Vector256.Create(value);

    public static Vector256<float> Load(float* source) => Vector256.Load(source);

    public static void Store(Vector256<float> value, float* destination) => value.Store(destination);

    public static Vector256<float> Add(Vector256<float> a, Vector256<float> b) => a + b;

    public static Vector256<float> Multiply(Vector256<float> a, Vector256<float> b) => a * b;

    public static Vector256<float> Max(Vector256<float> a, Vector256<float> b) => Vector256.Max(a, b);

    public static Vector256<float> MultiplyAdd(Vector256<float> a, Vector256<float> b, Vector256<float> c) =>
        Vector256.MultiplyAddEstimate(a, b, c);

    public static float Sum(Vector256<float> value) => Lanes128.Sum(value.GetLower() + value.GetUpper());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreSums(Vector256<float> a, Vector256<float> b, Vector256<float> c, Vector256<float> d, float* destination) =>
        Lanes128.StoreSums(
            a.GetLower() + a.GetUpper(), b.GetLower() + b.GetUpper(), c.GetLower() + c.GetUpper(), d.GetLower() + d.GetUpper(), destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector256<float> Even, Vector256<float> Odd) Part(Vector256<float> first, Vector256<float> second)
    {
        if (Avx2.IsSupported)
        {
            // Shuffles work inside halves of the register; the halves are put in order by quarters.
            return (InOrder(Avx.Shuffle(first, second, 0b10_00_10_00)), InOrder(Avx.Shuffle(first, second, 0b11_01_11_01)));
        }

        (Vector128<float> even0, Vector128<float> odd0) = Lanes128.Part(first.GetLower(), first.GetUpper());
        (Vector128<float> even1, Vector128<float> odd1) = Lanes128.Part(second.GetLower(), second.GetUpper());
        return (Vector256.Create(even0, even1), Vector256.Create(odd0, odd1));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector256<float> Even, Vector256<float> Odd) LoadBFloat16(ushort* source)
    {
        Vector256<uint> pairs = Vector256.Load((uint*)source);
        return ((pairs << 16).AsSingle(), (pairs & Vector256.Create(0xFFFF_0000)).AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector256<float> Even, Vector256<float> Odd) LoadHalf(ushort* source)
    {
        Vector256<int> pairs = Vector256.Load((int*)source);
        return (Widen(pairs << 16), Widen(pairs));
    }

    /// <summary>The half in the upper bits of each lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Widen(Vector256<int> halves)
    {
        // The exponent has five bits at the place of eight, biased by 15 instead of 127: the product sets that right, subnormals too.
        Vector256<int> moved = (halves >> 3) & Vector256.Create(unchecked((int)0x8FFF_E000));
        Vector256<float> value = moved.AsSingle() * Vector256.Create(BitConverter.Int32BitsToSingle((127 + 112) << 23));

        // Infinity and NaN come out as 65536 and more, which no half is: they get the exponent that says so.
        Vector256<float> isSpecial = Vector256.GreaterThanOrEqual(Vector256.Abs(value), Vector256.Create(65536f));
        return Vector256.ConditionalSelect(isSpecial, value | Vector256.Create(float.PositiveInfinity), value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> InOrder(Vector256<float> value) => Avx2.Permute4x64(value.AsDouble(), 0b11_01_10_00).AsSingle();
}
