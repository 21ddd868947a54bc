namespace OpenLedger.Lora.Models;

/// <summary>Ways to stretch rotary frequencies beyond the trained length.</summary>
public enum RotaryScalingKind
{
    /// <summary>Every frequency is divided by the factor (Chen et al., arXiv 2306.15595).</summary>
    Linear,

    /// <summary>The base grows with the sequence once it is longer than the trained length ("dynamic NTK").</summary>
    Dynamic,

    /// <summary>Low frequencies are divided, high ones kept, those between blended (Llama 3.1).</summary>
    Llama3,

    /// <summary>Blend by rotations within the trained length, and a temperature on the scores (Peng et al., arXiv 2309.00071).</summary>
    Yarn,

    /// <summary>One divisor per frequency, a short and a long list (Ding et al., arXiv 2402.13753).</summary>
    LongRope,
}
