// Shape legend: n = number of scores.
using System.Numerics.Tensors;

namespace OpenLedger.Lora.Kernels;

/// <summary>Bends scores into a range (Gemma 2, arXiv 2408.00118).</summary>
internal static class SoftCap
{
    /// <summary><c>x_n = cap · tanh(x_n / cap)</c>, in place.</summary>
    /// <param name="x_n">Scores, <c>[n]</c>.</param>
    /// <param name="cap">The bound, greater than 0.</param>
    /// <remarks>NaN propagates per element; infinity becomes the bound. Cost: one hyperbolic tangent per element.</remarks>
    public static void Apply(Span<float> x_n, float cap)
    {
        TensorPrimitives.Multiply(x_n, 1 / cap, x_n);
        TensorPrimitives.Tanh<float>(x_n, x_n);
        TensorPrimitives.Multiply(x_n, cap, x_n);
    }
}
