namespace OpenLedger.Lora.Models;

/// <summary>Number formats in which containers store weights that this package reads.</summary>
internal enum StoredFormat
{
    /// <summary>IEEE 754 single precision.</summary>
    Single,

    /// <summary>IEEE 754 half precision.</summary>
    Half,

    /// <summary>The upper half of a single.</summary>
    BFloat16,

    /// <summary>IEEE 754 double precision.</summary>
    Double,

    /// <summary>ggml's <c>q8_0</c>: 32 bytes and a half-precision scale.</summary>
    Q8,

    /// <summary>ggml's <c>q4_0</c>: 32 nibbles and a half-precision scale.</summary>
    Q4,
}
