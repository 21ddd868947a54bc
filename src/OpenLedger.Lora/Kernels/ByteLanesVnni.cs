using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace OpenLedger.Lora.Kernels;

/// <summary>AVX-VNNI: one instruction multiplies 32 unsigned by 32 signed bytes and adds fours of the products to integers.</summary>
/// <remarks>Weights become unsigned by adding 128 (nibbles are already unsigned, 8 too much); the sum of the activations takes that out again.</remarks>
internal readonly unsafe struct ByteLanesVnni : IByteLanes<Vector256<float>>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<sbyte> LoadBytes(byte* weights) => (Vector256.Load(weights) ^ Vector256.Create((byte)0x80)).AsSByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<sbyte> LoadNibbles(byte* weights)
    {
        Vector128<byte> pairs = Vector128.Load(weights);
        return (Vector256.Create(pairs, (pairs.AsUInt16() >> 4).AsByte()) & Vector256.Create((byte)0x0F)).AsSByte();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> ByteOffsets(int* sums) => Vector256.Load(sums);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> NibbleOffsets(int* sums) => Vector256.Load(sums) >> 4; // exact: multiples of 128

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Dot(Vector256<sbyte> weights, Vector256<sbyte> x, Vector256<int> offsets) =>
        Vector256.ConvertToSingle(AvxVnni.MultiplyWideningAndAdd(offsets, weights.AsByte(), x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Accumulate(Vector256<int> sums, Vector256<sbyte> weights, Vector256<sbyte> x) =>
        AvxVnni.MultiplyWideningAndAdd(sums, weights.AsByte(), x);

    public static int RowOffset(int sum) => -128 * sum;
}
