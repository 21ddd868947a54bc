// Shape legend: n = number of scores.
using System.Numerics.Tensors;

namespace OpenLedger.Lora.Kernels;

/// <summary>Softmax that cannot overflow, and its logarithm for one element.</summary>
internal static class Softmax
{
    /// <summary><c>x_n = exp(x_n - max(x)) / Σ exp(x - max(x))</c>, in place.</summary>
    /// <param name="x_n">Scores on entry, probabilities on return, <c>[n]</c>.</param>
    /// <remarks>The library's SoftMax does not subtract the maximum. NaN spreads to all of x. Cost: one exponential per element.</remarks>
    public static void Apply(Span<float> x_n)
    {
        if (x_n.IsEmpty)
        {
            return;
        }

        TensorPrimitives.Subtract(x_n, TensorPrimitives.Max<float>(x_n), x_n);
        TensorPrimitives.Exp<float>(x_n, x_n);
        TensorPrimitives.Multiply(x_n, 1 / RowSums.Sum(x_n), x_n);
    }

    /// <summary><c>log softmax(x)[index]</c> without changing x.</summary>
    /// <param name="x_n">Scores, <c>[n]</c>, n ≥ 1.</param>
    /// <param name="index">Which element.</param>
    /// <returns>A value ≤ 0; the exponentials are summed in double.</returns>
    public static double LogProbability(ReadOnlySpan<float> x_n, int index)
    {
        double max = TensorPrimitives.Max(x_n);
        double sum = 0;
        foreach (float x in x_n)
        {
            sum += Math.Exp(x - max);
        }

        return x_n[index] - max - Math.Log(sum);
    }
}
