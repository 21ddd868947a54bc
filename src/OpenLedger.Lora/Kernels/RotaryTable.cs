// Shape legend: d = head size; the first half of a head rotates against the second ("rotate half").
using System.Diagnostics;

namespace OpenLedger.Lora.Kernels;

/// <summary>Cosines and sines of rotary positions (Su et al., arXiv 2104.09864) for positions 0 to a bound.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
internal sealed class RotaryTable
{
    private readonly float[] _cosines;
    private readonly float[] _sines;
    private readonly int _half;

    /// <param name="positions">Number of positions.</param>
    /// <param name="headSize">d, even.</param>
    /// <param name="theta">Base of the frequencies; frequency i is <c>theta^(-2i/d)</c>.</param>
    public RotaryTable(int positions, int headSize, double theta)
    {
        _half = headSize / 2;
        Positions = positions;
        _cosines = new float[positions * _half];
        _sines = new float[positions * _half];
        for (int i = 0; i < _half; i++)
        {
            double frequency = Math.Pow(theta, -2.0 * i / headSize);
            for (int p = 0; p < positions; p++)
            {
                (double sine, double cosine) = Math.SinCos(p * frequency);
                _cosines[(p * _half) + i] = (float)cosine;
                _sines[(p * _half) + i] = (float)sine;
            }
        }
    }

    /// <summary>Positions the table covers.</summary>
    public int Positions { get; }

    /// <summary><c>y[i] = x[i]·c_i - x[i+d/2]·s_i; y[i+d/2] = x[i+d/2]·c_i + x[i]·s_i</c>, in place.</summary>
    /// <param name="heads_d">One or more whole heads, <c>[heads, d]</c>.</param>
    /// <param name="position">Position of the token, below <see cref="Positions"/>.</param>
    /// <remarks>NaN propagates within its pair. Cost: two multiply-adds per element.</remarks>
    public void Rotate(Span<float> heads_d, int position)
    {
        Debug.Assert(heads_d.Length % (2 * _half) == 0 && position < Positions, "whole heads at a known position");
        ReadOnlySpan<float> cosines = _cosines.AsSpan(position * _half, _half);
        ReadOnlySpan<float> sines = _sines.AsSpan(position * _half, _half);
        for (; heads_d.Length > 0; heads_d = heads_d[(2 * _half)..])
        {
            Span<float> first = heads_d[.._half];
            Span<float> second = heads_d.Slice(_half, _half);
            for (int i = 0; i < first.Length; i++)
            {
                float a = first[i];
                float b = second[i];
                first[i] = (a * cosines[i]) - (b * sines[i]);
                second[i] = (b * cosines[i]) + (a * sines[i]);
            }
        }
    }
}
