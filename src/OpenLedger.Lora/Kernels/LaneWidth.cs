using System.Runtime.Intrinsics;

namespace OpenLedger.Lora.Kernels;

/// <summary>Chooses the register width of a loop.</summary>
/// <remarks>The choice depends on the machine and on the row length only, never on how many rows a call has: see <see cref="MatrixProduct"/>.</remarks>
internal static class LaneWidth
{
    /// <summary>Floats of the widest register of this machine: 16, 8, 4, or 1 without vectors. Products of matrices use it for any row length.</summary>
    public static int Machine => Vector512.IsHardwareAccelerated ? 16 : Vector256.IsHardwareAccelerated ? 8 : Vector128.IsHardwareAccelerated ? 4 : 1;

    /// <summary>The widest register that <paramref name="n"/> floats fill once.</summary>
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

    /// <summary>Length of a row padded to a multiple of <paramref name="step"/>.</summary>
    public static int Pad(int n, int step) => checked((n + step - 1) / step * step);
}
