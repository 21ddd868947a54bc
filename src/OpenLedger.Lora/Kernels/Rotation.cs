// Shape legend: d = rotated dimensions of a head, p = d / 2 pairs.
using System.Diagnostics;
using System.Numerics;
using System.Runtime.InteropServices;

namespace OpenLedger.Lora.Kernels;

/// <summary>Turns pairs of numbers by their angles, as rotary positions do (Su et al., arXiv 2104.09864).</summary>
internal static class Rotation
{
    /// <summary><c>y[i] = x[i]·c_i - x[i+p]·s_i; y[i+p] = x[i+p]·c_i + x[i]·s_i</c>, in place.</summary>
    /// <param name="x_d">One head, <c>[d]</c>.</param>
    /// <param name="cosines_p">Cosines, <c>[p]</c>.</param>
    /// <param name="sines_p">Sines, <c>[p]</c>.</param>
    /// <remarks>NaN propagates within its pair. Cost: two multiply-adds per element.</remarks>
    public static void TurnHalves(Span<float> x_d, ReadOnlySpan<float> cosines_p, ReadOnlySpan<float> sines_p)
    {
        Debug.Assert(x_d.Length == 2 * cosines_p.Length && sines_p.Length == cosines_p.Length, "shapes must agree");
        int pairs = cosines_p.Length;
        Span<float> first = x_d[..pairs];
        Span<float> second = x_d[pairs..];
        int i = 0;
        for (; i <= pairs - Vector<float>.Count; i += Vector<float>.Count)
        {
            Vector<float> a = new(first[i..]);
            Vector<float> b = new(second[i..]);
            Vector<float> cosine = new(cosines_p[i..]);
            Vector<float> sine = new(sines_p[i..]);
            ((a * cosine) - (b * sine)).CopyTo(first[i..]);
            ((b * cosine) + (a * sine)).CopyTo(second[i..]);
        }

        for (; i < pairs; i++)
        {
            float a = first[i];
            float b = second[i];
            first[i] = (a * cosines_p[i]) - (b * sines_p[i]);
            second[i] = (b * cosines_p[i]) + (a * sines_p[i]);
        }
    }

    /// <summary><c>y[2i] = x[2i]·c_i - x[2i+1]·s_i; y[2i+1] = x[2i+1]·c_i + x[2i]·s_i</c>, in place.</summary>
    /// <param name="x_d">One head, <c>[d]</c>.</param>
    /// <param name="cosines_p">Cosines, <c>[p]</c>.</param>
    /// <param name="sines_p">Sines, <c>[p]</c>.</param>
    /// <remarks>NaN propagates within its pair. Cost: two multiply-adds per element.</remarks>
    public static void TurnNeighbours(Span<float> x_d, ReadOnlySpan<float> cosines_p, ReadOnlySpan<float> sines_p)
    {
        Debug.Assert(x_d.Length == 2 * cosines_p.Length && sines_p.Length == cosines_p.Length, "shapes must agree");
        Span<(float First, float Second)> pairs = MemoryMarshal.Cast<float, (float First, float Second)>(x_d);
        for (int i = 0; i < pairs.Length; i++)
        {
            (float a, float b) = pairs[i];
            pairs[i] = ((a * cosines_p[i]) - (b * sines_p[i]), (b * cosines_p[i]) + (a * sines_p[i]));
        }
    }
}
