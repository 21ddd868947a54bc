namespace OpenLedger.Lora.Training.Autograd;

/// <summary>Precision in which a <see cref="TorchDecoder"/> multiplies activations with weights; everything else stays float32.</summary>
public enum TorchProducts
{
    /// <summary>float32: exact to rounding, the choice for gradients that are compared or paid for.</summary>
    FullPrecision,

    /// <summary>bfloat16 inputs with float32 accumulation: about four times faster where the processor has AVX512-BF16, slower elsewhere.</summary>
    BFloat16,
}
