namespace OpenLedger.Lora.Models;

/// <summary>The function between the two halves of an MLP.</summary>
public enum Activation
{
    /// <summary><c>x · sigmoid(x)</c></summary>
    Silu,

    /// <summary><c>0.5·x·(1 + tanh(√(2/π)·(x + 0.044715·x³)))</c></summary>
    GeluTanh,

    /// <summary><c>0.5·x·(1 + erf(x/√2))</c></summary>
    Gelu,
}
