using System.Runtime.Intrinsics;

namespace OpenLedger.Lora.Kernels;

/// <summary>Dot products of 32 small integers, as the machine has them. The integers are exact everywhere.</summary>
/// <typeparam name="TSums">The register of floats that partial sums are turned into.</typeparam>
internal unsafe interface IByteLanes<TSums>
    where TSums : struct
{
    /// <summary>32 signed bytes of a weight, in the form that <see cref="Dot"/> wants.</summary>
    static abstract Vector256<sbyte> LoadBytes(byte* weights);

    /// <summary>32 values from -8 to 7 of a weight: those in the low halves of 16 bytes, then those in the high halves.</summary>
    static abstract Vector256<sbyte> LoadNibbles(byte* weights);

    /// <summary>What <see cref="Dot"/> of signed bytes wants, from sums of four activations times -128.</summary>
    static abstract Vector256<int> ByteOffsets(int* sums);

    /// <summary>What <see cref="Dot"/> of nibbles wants, from sums of four activations times -128.</summary>
    static abstract Vector256<int> NibbleOffsets(int* sums);

    /// <summary>Partial sums of the 32 products, as floats.</summary>
    static abstract TSums Dot(Vector256<sbyte> weights, Vector256<sbyte> x, Vector256<int> offsets);

    /// <summary>Adds partial sums of the 32 products of signed bytes to integers.</summary>
    static abstract Vector256<int> Accumulate(Vector256<int> sums, Vector256<sbyte> weights, Vector256<sbyte> x);

    /// <summary>What must be added to the sum of <see cref="Accumulate"/>, from the sum of all activations.</summary>
    static abstract int RowOffset(int sum);
}
