namespace OpenLedger.Lora.Inference;

/// <summary>The number format in which a model keeps its large weights.</summary>
/// <remarks>
/// It concerns the linear layers of the blocks and the output head. The embedding, of which each token reads one row, always keeps its
/// stored format, and gains and biases are always single precision.
/// </remarks>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Naming", "CA1720:Identifier contains type name", Justification = "These are number formats, named as everywhere.")]
public enum WeightFormat
{
    /// <summary>As the checkpoint has them: <c>F32</c>, <c>BF16</c>, <c>F16</c>, or <c>q8_0</c> and <c>q4_0</c> of a GGUF file; <c>F64</c> becomes single precision.</summary>
    Stored,

    /// <summary>Single precision, 32 bits per weight.</summary>
    Single,

    /// <summary>The upper half of single precision, 16 bits per weight.</summary>
    BFloat16,

    /// <summary>Signed bytes with one scale per row, 8 bits per weight.</summary>
    Int8,

    /// <summary>Signed bytes with one scale per 32 weights (<c>Q8_0</c> of ggml), 8.5 bits per weight.</summary>
    Q8,

    /// <summary>Four bits with one scale per 32 weights (<c>Q4_0</c> of ggml), 4.5 bits per weight; the head is kept as <see cref="Q8"/>.</summary>
    Q4,

    /// <summary>
    /// Four bits on the quantiles of a normal distribution with one scale per 64 weights (QLoRA, arXiv 2305.14314), 4.1 bits per weight; the
    /// head is kept as <see cref="Q8"/>.
    /// </summary>
    NormalFloat4,
}
