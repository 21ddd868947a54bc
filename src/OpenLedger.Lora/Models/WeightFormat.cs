namespace OpenLedger.Lora.Models;

/// <summary>Number formats of stored weights, as far as the kernels tell them apart.</summary>
internal enum WeightFormat
{
    /// <summary>IEEE 754 single precision.</summary>
    Single,

    /// <summary>IEEE 754 half precision.</summary>
    Half,

    /// <summary>The upper half of a single.</summary>
    BFloat16,

    /// <summary>Blocks of 32 bytes with a scale.</summary>
    Q8,

    /// <summary>Blocks of 32 nibbles with a scale.</summary>
    Q4,

    /// <summary>Anything else: converted to singles when loaded.</summary>
    Converted,
}
