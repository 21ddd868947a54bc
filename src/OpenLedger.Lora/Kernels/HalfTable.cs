namespace OpenLedger.Lora.Kernels;

/// <summary>All 65536 halves as singles: the block scales of a weight differ little, so that what is looked up stays in the first cache.</summary>
internal static unsafe class HalfTable
{
    private static readonly float[] Values = Create();

    /// <summary>Indexed by the half's bits; lives as long as the process.</summary>
    public static float* Pointer => (float*)System.Runtime.CompilerServices.Unsafe.AsPointer(ref System.Runtime.InteropServices.MemoryMarshal.GetArrayDataReference(Values));

    private static float[] Create()
    {
        float[] values = GC.AllocateUninitializedArray<float>(1 << 16, pinned: true);
        for (int bits = 0; bits < values.Length; bits++)
        {
            values[bits] = (float)BitConverter.UInt16BitsToHalf((ushort)bits);
        }

        return values;
    }
}
