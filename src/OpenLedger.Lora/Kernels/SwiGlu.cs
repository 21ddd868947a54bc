// Shape legend: n = inner width of the MLP.
using System.Diagnostics;
using System.Numerics.Tensors;

namespace OpenLedger.Lora.Kernels;

/// <summary>The gate of the LLaMA MLP (Shazeer, arXiv 2002.05202).</summary>
internal static class SwiGlu
{
    /// <summary><c>y_n = g_n · sigmoid(g_n) · u_n</c></summary>
    /// <param name="gate_n">Output of the gate layer, <c>[n]</c>.</param>
    /// <param name="up_n">Output of the up layer, <c>[n]</c>.</param>
    /// <param name="y_n">Receives <c>[n]</c>; may not overlap the inputs.</param>
    /// <remarks>A gate of negative infinity gives NaN, as the formula does. NaN propagates per element. Cost: one exponential per element.</remarks>
    public static void Apply(ReadOnlySpan<float> gate_n, ReadOnlySpan<float> up_n, Span<float> y_n)
    {
        Debug.Assert(gate_n.Length == up_n.Length && gate_n.Length == y_n.Length, "shapes must agree");
        if (gate_n.IsEmpty)
        {
            return;
        }

        TensorPrimitives.Sigmoid(gate_n, y_n);
        TensorPrimitives.Multiply(y_n, gate_n, y_n);
        TensorPrimitives.Multiply(y_n, up_n, y_n);
    }
}
