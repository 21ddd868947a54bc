// Shape legend: n = inner width of the MLP.
using System.Diagnostics;
using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace OpenLedger.Lora.Kernels;

/// <summary>Gaussian error linear units (Hendrycks and Gimpel, arXiv 1606.08415): exact and in the tanh form.</summary>
internal static class Gelu
{
    /// <summary><c>y_n = x_n · (1 + erf(x_n / √2)) / 2</c></summary>
    /// <param name="x_n">Activations, <c>[n]</c>.</param>
    /// <param name="y_n">Receives <c>[n]</c>; may not overlap the input.</param>
    /// <remarks>
    /// The error function is formula 7.1.26 of Abramowitz and Stegun, wrong by at most 1.5e-7, so that y is wrong by less than 2e-7 of x.
    /// NaN propagates per element; negative infinity gives NaN, as the formula does. Cost: one exponential and one division per element.
    /// </remarks>
    public static void Apply(ReadOnlySpan<float> x_n, Span<float> y_n)
    {
        Debug.Assert(x_n.Length == y_n.Length, "shapes must agree");
        if (x_n.IsEmpty)
        {
            return;
        }

        // exp(-x²/2) for all, then the polynomial on top of it.
        TensorPrimitives.Multiply(x_n, x_n, y_n);
        TensorPrimitives.Multiply(y_n, -0.5f, y_n);
        TensorPrimitives.Exp<float>(y_n, y_n);
        int done = 0;
        ReadOnlySpan<Vector<float>> xs = MemoryMarshal.Cast<float, Vector<float>>(x_n);
        Span<Vector<float>> ys = MemoryMarshal.Cast<float, Vector<float>>(y_n);
        for (int i = 0; i < xs.Length; i++)
        {
            Vector<float> x = xs[i];
            Vector<float> t = Vector<float>.One / (Vector<float>.One + (new Vector<float>(Slope) * Vector.Abs(x)));
            Vector<float> tail = ((((((((new Vector<float>(A5) * t) + new Vector<float>(A4)) * t) + new Vector<float>(A3)) * t) + new Vector<float>(A2)) * t) + new Vector<float>(A1)) * t * ys[i];
            Vector<float> half = x * new Vector<float>(0.5f);
            ys[i] = Vector.ConditionalSelect(Vector.GreaterThan(x, Vector<float>.Zero), x - (half * tail), half * tail);
            done += Vector<float>.Count;
        }

        for (; done < x_n.Length; done++)
        {
            float x = x_n[done];
            float t = 1 / (1 + (Slope * MathF.Abs(x)));
            float tail = ((((((((A5 * t) + A4) * t) + A3) * t) + A2) * t) + A1) * t * y_n[done];
            y_n[done] = x > 0 ? x - (0.5f * x * tail) : 0.5f * x * tail;
        }
    }

    /// <summary><c>y_n = x_n · (1 + tanh(√(2/π) · (x_n + 0.044715·x_n³))) / 2</c></summary>
    /// <param name="x_n">Activations, <c>[n]</c>.</param>
    /// <param name="y_n">Receives <c>[n]</c>; may not overlap the input.</param>
    /// <remarks>
    /// Computed as <c>x · sigmoid(2u)</c>, which is the same: <c>(1 + tanh(u)) / 2 = sigmoid(2u)</c>. NaN propagates per element; negative
    /// infinity gives NaN, as the formula does. Cost: one exponential per element.
    /// </remarks>
    public static void ApplyTanh(ReadOnlySpan<float> x_n, Span<float> y_n)
    {
        Debug.Assert(x_n.Length == y_n.Length, "shapes must agree");
        if (x_n.IsEmpty)
        {
            return;
        }

        const double Twice = 2 * 0.79788456080286535588;
        TensorPrimitives.Multiply(x_n, x_n, y_n);
        TensorPrimitives.Multiply(y_n, (float)(Twice * 0.044715), y_n);
        TensorPrimitives.Add(y_n, (float)Twice, y_n);
        TensorPrimitives.Multiply(y_n, x_n, y_n);
        TensorPrimitives.Sigmoid<float>(y_n, y_n);
        TensorPrimitives.Multiply(y_n, x_n, y_n);
    }

    // t = 1 / (1 + 0.3275911·|x|/√2)
    private const float Slope = (float)(0.3275911 * 0.70710678118654752440);
    private const float A1 = 0.254829592f;
    private const float A2 = -0.284496736f;
    private const float A3 = 1.421413741f;
    private const float A4 = -1.453152027f;
    private const float A5 = 1.061405429f;
}
