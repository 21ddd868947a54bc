using System.Diagnostics.CodeAnalysis;

namespace OpenLedger.Lora.Gguf;

/// <summary>Storage types of GGUF tensors that this package reads and writes; the names are ggml's.</summary>
[SuppressMessage("Naming", "CA1707:Identifiers should not contain underscores", Justification = "These are ggml's names.")]
public enum GgufTensorType
{
    /// <summary><c>f32</c>: IEEE 754 single precision.</summary>
    F32,

    /// <summary><c>f16</c>: IEEE 754 half precision.</summary>
    F16,

    /// <summary><c>bf16</c>: the upper half of a single.</summary>
    BF16,

    /// <summary><c>q8_0</c>: blocks of 32 values, one half-precision scale and 32 signed bytes each (34 bytes).</summary>
    Q8_0,

    /// <summary><c>q4_0</c>: blocks of 32 values, one half-precision scale and 32 nibbles each (18 bytes).</summary>
    Q4_0,

    /// <summary>A type of ggml that this package can list and hand out as bytes, but not convert: see <see cref="GgufTensorInfo.TypeName"/>.</summary>
    Other,
}
