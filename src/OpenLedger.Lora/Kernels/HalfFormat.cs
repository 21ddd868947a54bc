using System.Runtime.CompilerServices;

namespace OpenLedger.Lora.Kernels;

/// <summary>IEEE half precision, widened to singles.</summary>
internal readonly unsafe struct HalfFormat : IShortFormat
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (TVector Even, TVector Odd) Load<TLanes, TVector>(ushort* source)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct => TLanes.LoadHalf(source);
}
