using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace OpenLedger.Lora.Kernels;

/// <summary>Chooses the register width of a loop over <c>n</c> floats: the widest that this machine has and that <c>n</c> fills once.</summary>
/// <remarks>The choice depends on the machine and on <c>n</c> only, never on how many rows a call has: see <see cref="MatrixProduct"/>.</remarks>
internal static class LaneWidth
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int For(int n)
    {
        if (Vector512.IsHardwareAccelerated && n >= 16)
        {
            return 16;
        }

        if (Vector256.IsHardwareAccelerated && n >= 8)
        {
            return 8;
        }

        return Vector128.IsHardwareAccelerated && n >= 4 ? 4 : 1;
    }
}
