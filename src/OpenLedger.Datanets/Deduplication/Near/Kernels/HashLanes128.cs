using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace OpenLedger.Datanets.Deduplication.Near.Kernels;

/// <summary>4 rows per register.</summary>
internal readonly struct HashLanes128 : IHashLanes<Vector128<uint>>
{
    public static int Count => Vector128<uint>.Count;

    public static Vector128<uint> AllOnes => Vector128<uint>.AllBitsSet;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Broadcast(ulong hash) =>
        Vector128.Create(BitConverter.IsLittleEndian ? hash : BitOperations.RotateLeft(hash, 32)).AsUInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Load(ReadOnlySpan<uint> source) => Vector128.Create(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128<uint> value, Span<uint> destination) => value.CopyTo(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Step(Vector128<uint> minimum, Vector128<uint> hash, Vector128<uint> mask, Vector128<uint> multiplier) =>
        Vector128.Min(minimum, (hash ^ mask) * multiplier);
}
