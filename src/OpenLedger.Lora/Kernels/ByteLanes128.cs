using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;

namespace OpenLedger.Lora.Kernels;

/// <summary>Registers of 16 bytes: the dot product of ARM64 where it exists, else products of widened bytes on any machine.</summary>
internal readonly unsafe struct ByteLanes128 : IByteLanes<Vector128<float>>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<sbyte> LoadBytes(byte* weights) => Vector256.Create(Vector128.Load((sbyte*)weights), Vector128.Load((sbyte*)weights + 16));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<sbyte> LoadNibbles(byte* weights)
    {
        Vector128<byte> pairs = Vector128.Load(weights);
        Vector128<sbyte> eight = Vector128.Create((sbyte)8);
        return Vector256.Create((pairs & Vector128.Create((byte)0x0F)).AsSByte() - eight, (pairs >> 4).AsSByte() - eight);
    }

    public static Vector256<int> ByteOffsets(int* sums) => default;

    public static Vector256<int> NibbleOffsets(int* sums) => default;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Dot(Vector256<sbyte> weights, Vector256<sbyte> x, Vector256<int> offsets) =>
        Vector128.ConvertToSingle(Add(Add(Vector128<int>.Zero, weights.GetLower(), x.GetLower()), weights.GetUpper(), x.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Accumulate(Vector256<int> sums, Vector256<sbyte> weights, Vector256<sbyte> x) =>
        Vector256.Create(Add(sums.GetLower(), weights.GetLower(), x.GetLower()), Add(sums.GetUpper(), weights.GetUpper(), x.GetUpper()));

    public static int RowOffset(int sum) => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> Add(Vector128<int> sums, Vector128<sbyte> weights, Vector128<sbyte> x)
    {
        if (Dp.IsSupported)
        {
            return Dp.DotProduct(sums, weights, x);
        }

        // A product of two bytes fits in 16 bits.
        Vector128<short> low = Vector128.WidenLower(weights) * Vector128.WidenLower(x);
        Vector128<short> high = Vector128.WidenUpper(weights) * Vector128.WidenUpper(x);
        return sums + (Vector128.WidenLower(low) + Vector128.WidenUpper(low)) + (Vector128.WidenLower(high) + Vector128.WidenUpper(high));
    }
}
