namespace OpenLedger.Lora.Safetensors;

/// <summary>Element types of the safetensors format.</summary>
public enum SafetensorsDataType
{
    /// <summary><c>BOOL</c>, one byte.</summary>
    Bool,

    /// <summary><c>U8</c></summary>
    U8,

    /// <summary><c>I8</c></summary>
    I8,

    /// <summary><c>F8_E5M2</c></summary>
    F8E5M2,

    /// <summary><c>F8_E4M3</c></summary>
    F8E4M3,

    /// <summary><c>I16</c></summary>
    I16,

    /// <summary><c>U16</c></summary>
    U16,

    /// <summary><c>F16</c>: IEEE 754 half precision.</summary>
    F16,

    /// <summary><c>BF16</c>: the upper half of a single.</summary>
    BF16,

    /// <summary><c>I32</c></summary>
    I32,

    /// <summary><c>U32</c></summary>
    U32,

    /// <summary><c>F32</c></summary>
    F32,

    /// <summary><c>F64</c></summary>
    F64,

    /// <summary><c>I64</c></summary>
    I64,

    /// <summary><c>U64</c></summary>
    U64,
}
