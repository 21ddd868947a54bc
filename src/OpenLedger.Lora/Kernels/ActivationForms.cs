namespace OpenLedger.Lora.Kernels;

/// <summary>The forms that weights want their activations in; a product prepares each at most once.</summary>
[Flags]
internal enum ActivationForms
{
    None = 0,

    /// <summary>Singles in order, rows padded with zeros to whole registers.</summary>
    Plain = 1,

    /// <summary>Singles, those at even and at odd places apart in every two registers; rows padded with zeros to two registers.</summary>
    Parted = 2,

    /// <summary>Bytes with one scale per token: <see cref="ByteActivations"/>.</summary>
    RowBytes = 4,

    /// <summary>Bytes with one scale per 32 values.</summary>
    BlockBytes = 8,
}
