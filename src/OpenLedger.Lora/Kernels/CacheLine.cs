using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace OpenLedger.Lora.Kernels;

/// <summary>Asks for memory before it is needed.</summary>
internal static unsafe class CacheLine
{
    /// <summary>Begins to load a cache line where the machine has an instruction for it; any address is allowed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch(byte* address)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(address);
        }
    }
}
