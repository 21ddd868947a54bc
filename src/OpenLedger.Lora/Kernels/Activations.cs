namespace OpenLedger.Lora.Kernels;

/// <summary>The prepared activations of one product: where each form lies. Pointers are valid during the product only.</summary>
internal unsafe struct Activations
{
    /// <summary>t.</summary>
    public int Tokens;

    /// <summary>n.</summary>
    public int InFeatures;

    /// <summary>Floats per register: 16, 8, 4 or 1.</summary>
    public int Lanes;

    /// <summary>How bytes are multiplied.</summary>
    public ByteKernel Bytes;

    /// <summary><see cref="ActivationForms.Plain"/>: the caller's memory when no padding is needed.</summary>
    public float* Plain;

    /// <summary>Floats between tokens, for <see cref="Plain"/>.</summary>
    public int PlainStride;

    /// <summary><see cref="ActivationForms.Parted"/>.</summary>
    public float* Parted;

    /// <summary>Floats between tokens, for <see cref="Parted"/>.</summary>
    public int PartedStride;

    /// <summary><see cref="ActivationForms.RowBytes"/>, <c>[t, ByteStride]</c>, padded with zeros to 32.</summary>
    public sbyte* RowBytes;

    /// <summary>One scale per token.</summary>
    public float* RowScales;

    /// <summary>Sum of the bytes of each token.</summary>
    public int* RowSums;

    /// <summary><see cref="ActivationForms.BlockBytes"/>, <c>[t, ByteStride]</c>, padded with zeros to 32.</summary>
    public sbyte* BlockBytes;

    /// <summary>One scale per token and block of 32 bytes.</summary>
    public float* BlockScales;

    /// <summary>Per token and block eight sums of four consecutive bytes, times -128.</summary>
    public int* BlockOffsets;

    /// <summary>Bytes between tokens of both byte forms.</summary>
    public int ByteStride;
}
