using System.Runtime.Intrinsics.X86;

namespace OpenLedger.Lora.Kernels;

/// <summary>The ways to multiply bytes; see <see cref="IByteLanes{TSums}"/>.</summary>
internal enum ByteKernel
{
    /// <summary><see cref="ByteLanes128"/>: everywhere.</summary>
    Portable,

    /// <summary><see cref="ByteLanes256"/>.</summary>
    Avx2,

    /// <summary><see cref="ByteLanesVnni"/>.</summary>
    Vnni,
}
