// Shape legend: n = width of the residual stream.
using System.Diagnostics;
using System.Numerics.Tensors;

namespace OpenLedger.Lora.Kernels;

/// <summary>Layer normalisation (Ba, Kiros and Hinton, arXiv 1607.06450).</summary>
internal static class LayerNorm
{
    /// <summary><c>y_n = (x_n - mean(x)) · w_n / sqrt(var(x) + epsilon) + b_n</c></summary>
    /// <param name="x_n">Activations, <c>[n]</c>.</param>
    /// <param name="w_n">Gain, <c>[n]</c>.</param>
    /// <param name="b_n">Bias, <c>[n]</c>, or empty for none.</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <param name="y_n">Receives <c>[n]</c>; may be <paramref name="x_n"/> itself.</param>
    /// <remarks>Sums are taken in float, the variance of centred values. NaN propagates to all of y. Cost: five passes over n.</remarks>
    public static void Apply(ReadOnlySpan<float> x_n, ReadOnlySpan<float> w_n, ReadOnlySpan<float> b_n, double epsilon, Span<float> y_n)
    {
        Debug.Assert(x_n.Length == w_n.Length && x_n.Length == y_n.Length && (b_n.IsEmpty || b_n.Length == x_n.Length), "shapes must agree");
        if (x_n.IsEmpty)
        {
            return;
        }

        float mean = (float)(RowSums.Sum(x_n) / (double)x_n.Length);
        TensorPrimitives.Subtract(x_n, mean, y_n);
        double variance = RowSums.SumOfSquares(y_n) / (double)x_n.Length;
        TensorPrimitives.Multiply(y_n, (float)(1 / Math.Sqrt(variance + epsilon)), y_n);
        TensorPrimitives.Multiply(y_n, w_n, y_n);
        if (!b_n.IsEmpty)
        {
            TensorPrimitives.Add(y_n, b_n, y_n);
        }
    }
}
