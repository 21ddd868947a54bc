using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace OpenLedger.Lora.Kernels;

/// <summary>4 floats per register, as SSE or AdvSimd has them.</summary>
internal readonly unsafe struct Lanes128 : ILanes<Vector128<float>>
{
    public static int Count => Vector128<float>.Count;

    public static Vector128<float> Zero => Vector128<float>.Zero;

    public static Vector128<float> Broadcast(float value) => Vector128.Create(value);

    public static Vector128<float> Load(float* source) => Vector128.Load(source);

    public static void Store(Vector128<float> value, float* destination) => value.Store(destination);

    public static Vector128<float> Add(Vector128<float> a, Vector128<float> b) => a + b;

    public static Vector128<float> Multiply(Vector128<float> a, Vector128<float> b) => a * b;

    public static Vector128<float> Max(Vector128<float> a, Vector128<float> b) => Vector128.Max(a, b);

    public static Vector128<float> MultiplyAdd(Vector128<float> a, Vector128<float> b, Vector128<float> c) =>
        Vector128.MultiplyAddEstimate(a, b, c);

    public static float Sum(Vector128<float> value) => (value[0] + value[2]) + (value[1] + value[3]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreSums(Vector128<float> a, Vector128<float> b, Vector128<float> c, Vector128<float> d, float* destination)
    {
        if (Sse.IsSupported)
        {
            // [a0 + a2, b0 + b2, a1 + a3, b1 + b3] and the same of c and d; then the halves.
            Vector128<float> ab = Sse.UnpackLow(a, b) + Sse.UnpackHigh(a, b);
            Vector128<float> cd = Sse.UnpackLow(c, d) + Sse.UnpackHigh(c, d);
            (Sse.MoveLowToHigh(ab, cd) + Sse.MoveHighToLow(cd, ab)).Store(destination);
            return;
        }

        destination[0] = Sum(a);
        destination[1] = Sum(b);
        destination[2] = Sum(c);
        destination[3] = Sum(d);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector128<float> Even, Vector128<float> Odd) Part(Vector128<float> first, Vector128<float> second)
    {
        if (Sse.IsSupported)
        {
            return (Sse.Shuffle(first, second, 0b10_00_10_00), Sse.Shuffle(first, second, 0b11_01_11_01));
        }

        if (AdvSimd.Arm64.IsSupported)
        {
            return (AdvSimd.Arm64.UnzipEven(first, second), AdvSimd.Arm64.UnzipOdd(first, second));
        }

        return (Vector128.Create(first[0], first[2], second[0], second[2]), Vector128.Create(first[1], first[3], second[1], second[3]));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector128<float> Even, Vector128<float> Odd) LoadBFloat16(ushort* source)
    {
        Vector128<uint> pairs = Vector128.Load((uint*)source);
        return ((pairs << 16).AsSingle(), (pairs & Vector128.Create(0xFFFF_0000)).AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (Vector128<float> Even, Vector128<float> Odd) LoadHalf(ushort* source)
    {
        Vector128<int> pairs = Vector128.Load((int*)source);
        return (Widen(pairs << 16), Widen(pairs));
    }

    /// <summary>The half in the upper bits of each lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Widen(Vector128<int> halves)
    {
        // The exponent has five bits at the place of eight, biased by 15 instead of 127: the product sets that right, subnormals too.
        Vector128<int> moved = (halves >> 3) & Vector128.Create(unchecked((int)0x8FFF_E000));
        Vector128<float> value = moved.AsSingle() * Vector128.Create(BitConverter.Int32BitsToSingle((127 + 112) << 23));

        // Infinity and NaN come out as 65536 and more, which no half is: they get the exponent that says so.
        Vector128<float> isSpecial = Vector128.GreaterThanOrEqual(Vector128.Abs(value), Vector128.Create(65536f));
        return Vector128.ConditionalSelect(isSpecial, value | Vector128.Create(float.PositiveInfinity), value);
    }
}
