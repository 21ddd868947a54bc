namespace OpenLedger.Lora.Quantization;

/// <summary>The sixteen values a four-bit code stands for.</summary>
public enum FourBitType
{
    /// <summary>NormalFloat: quantiles of a normal distribution, zero included (Dettmers et al., arXiv 2305.14314).</summary>
    Nf4 = 0,

    /// <summary>A float of one sign, two exponent and one mantissa bit, with a subnormal near zero.</summary>
    Fp4 = 1,
}
