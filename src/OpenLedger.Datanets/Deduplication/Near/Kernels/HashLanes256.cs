using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace OpenLedger.Datanets.Deduplication.Near.Kernels;

/// <summary>8 rows per register.</summary>
internal readonly struct HashLanes256 : IHashLanes<Vector256<uint>>
{
    public static int Count => Vector256<uint>.Count;

    public static Vector256<uint> AllOnes => Vector256<uint>.AllBitsSet;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Broadcast(ulong hash) =>
        Vector256.Create(BitConverter.IsLittleEndian ? hash : BitOperations.RotateLeft(hash, 32)).AsUInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Load(ReadOnlySpan<uint> source) => Vector256.Create(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<uint> value, Span<uint> destination) => value.CopyTo(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Step(Vector256<uint> minimum, Vector256<uint> hash, Vector256<uint> mask, Vector256<uint> multiplier) =>
        Vector256.Min(minimum, (hash ^ mask) * multiplier);
}
