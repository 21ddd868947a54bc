using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace OpenLedger.Datanets.Deduplication.Near.Kernels;

/// <summary>16 rows per register.</summary>
internal readonly struct HashLanes512 : IHashLanes<Vector512<uint>>
{
    public static int Count => Vector512<uint>.Count;

    public static Vector512<uint> AllOnes => Vector512<uint>.AllBitsSet;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Broadcast(ulong hash) =>
        Vector512.Create(BitConverter.IsLittleEndian ? hash : BitOperations.RotateLeft(hash, 32)).AsUInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Load(ReadOnlySpan<uint> source) => Vector512.Create(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<uint> value, Span<uint> destination) => value.CopyTo(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> Step(Vector512<uint> minimum, Vector512<uint> hash, Vector512<uint> mask, Vector512<uint> multiplier) =>
        Vector512.Min(minimum, (hash ^ mask) * multiplier);
}
