using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace OpenLedger.Lora.Kernels;

/// <summary>AVX2: bytes are widened first, since its byte product saturates.</summary>
internal readonly unsafe struct ByteLanes256 : IByteLanes<Vector256<float>>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<sbyte> LoadBytes(byte* weights) => Vector256.Load((sbyte*)weights);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<sbyte> LoadNibbles(byte* weights)
    {
        Vector128<byte> pairs = Vector128.Load(weights);
        Vector256<byte> nibbles = Vector256.Create(pairs, (pairs.AsUInt16() >> 4).AsByte()) & Vector256.Create((byte)0x0F);
        return nibbles.AsSByte() - Vector256.Create((sbyte)8);
    }

    public static Vector256<int> ByteOffsets(int* sums) => default;

    public static Vector256<int> NibbleOffsets(int* sums) => default;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Dot(Vector256<sbyte> weights, Vector256<sbyte> x, Vector256<int> offsets) =>
        Vector256.ConvertToSingle(Products(weights, x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Accumulate(Vector256<int> sums, Vector256<sbyte> weights, Vector256<sbyte> x) => sums + Products(weights, x);

    public static int RowOffset(int sum) => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Products(Vector256<sbyte> weights, Vector256<sbyte> x) =>
        Avx2.MultiplyAddAdjacent(Avx2.ConvertToVector256Int16(weights.GetLower()), Avx2.ConvertToVector256Int16(x.GetLower())) +
        Avx2.MultiplyAddAdjacent(Avx2.ConvertToVector256Int16(weights.GetUpper()), Avx2.ConvertToVector256Int16(x.GetUpper()));
}
