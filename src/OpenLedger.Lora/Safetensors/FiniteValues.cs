using System.Numerics;
using System.Numerics.Tensors;

namespace OpenLedger.Lora.Safetensors;

/// <summary>Whether stored floating-point values are all finite, without converting them.</summary>
internal static class FiniteValues
{
    public static bool AreSingles(ReadOnlySpan<float> values) => TensorPrimitives.IsFiniteAll(values);

    public static bool AreHalves(ReadOnlySpan<ushort> bits) => HaveNoExponent(bits, 0x7C00);

    public static bool AreBFloat16(ReadOnlySpan<ushort> bits) => HaveNoExponent(bits, 0x7F80);

    public static bool AreDoubles(ReadOnlySpan<double> values) => TensorPrimitives.IsFiniteAll(values);

    /// <summary>Infinities and NaNs are the values whose exponent bits are all set.</summary>
    private static bool HaveNoExponent(ReadOnlySpan<ushort> bits, ushort exponent)
    {
        Vector<ushort> mask = new(exponent);
        int i = 0;
        for (; i <= bits.Length - Vector<ushort>.Count; i += Vector<ushort>.Count)
        {
            if (Vector.EqualsAny(new Vector<ushort>(bits[i..]) & mask, mask))
            {
                return false;
            }
        }

        foreach (ushort value in bits[i..])
        {
            if ((value & exponent) == exponent)
            {
                return false;
            }
        }

        return true;
    }
}
