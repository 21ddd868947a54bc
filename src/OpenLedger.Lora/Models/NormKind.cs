namespace OpenLedger.Lora.Models;

/// <summary>How activations are normalised, over the last dimension.</summary>
public enum NormKind
{
    /// <summary><c>x / sqrt(mean(x²) + ε) · g</c></summary>
    RootMeanSquare,

    /// <summary><c>x / sqrt(mean(x²) + ε) · (1 + g)</c>, as Gemma stores its gains.</summary>
    RootMeanSquarePlusOne,

    /// <summary><c>(x - mean(x)) / sqrt(var(x) + ε) · g + b</c></summary>
    LayerNorm,
}
