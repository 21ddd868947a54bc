using System.Runtime.CompilerServices;

namespace OpenLedger.Lora.Kernels;

/// <summary>bfloat16, widened to singles.</summary>
internal readonly unsafe struct BFloat16Format : IShortFormat
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (TVector Even, TVector Odd) Load<TLanes, TVector>(ushort* source)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct => TLanes.LoadBFloat16(source);
}
