// Shape legend: n = width of the residual stream.
using System.Diagnostics;
using System.Numerics.Tensors;

namespace OpenLedger.Lora.Kernels;

/// <summary>Root-mean-square normalisation (Zhang and Sennrich, arXiv 1910.07467).</summary>
internal static class RmsNorm
{
    /// <summary><c>y_n = x_n · w_n / sqrt(mean(x²) + epsilon)</c></summary>
    /// <param name="x_n">Activations, <c>[n]</c>.</param>
    /// <param name="w_n">Gain, <c>[n]</c>.</param>
    /// <param name="epsilon">Added to the mean square.</param>
    /// <param name="y_n">Receives <c>[n]</c>; may be <paramref name="x_n"/> itself.</param>
    /// <remarks>The mean is summed in float. NaN propagates to all of y. Cost: three passes over n.</remarks>
    public static void Apply(ReadOnlySpan<float> x_n, ReadOnlySpan<float> w_n, double epsilon, Span<float> y_n)
    {
        Debug.Assert(x_n.Length == w_n.Length && x_n.Length == y_n.Length, "shapes must agree");
        if (x_n.IsEmpty)
        {
            return;
        }

        double meanSquare = RowSums.SumOfSquares(x_n) / (double)x_n.Length;
        TensorPrimitives.Multiply(x_n, (float)(1 / Math.Sqrt(meanSquare + epsilon)), y_n);
        TensorPrimitives.Multiply(y_n, w_n, y_n);
    }
}
