using OpenLedger.Lora.Models;

namespace OpenLedger.Lora.Inference;

/// <summary>How fast each pair of a head rotates at a given length of the sequence. Immutable.</summary>
internal sealed class RotaryFrequencies
{
    private readonly double[] _frequencies;
    private readonly double _magnitude;

    private RotaryFrequencies(double[] frequencies, double magnitude)
    {
        _frequencies = frequencies;
        _magnitude = magnitude;
    }

    /// <summary>Rotated pairs.</summary>
    public int Pairs => _frequencies.Length;

    /// <summary>Whether frequencies change when a sequence outgrows the trained length.</summary>
    public static bool DependOnLength(RotaryDescription rope) => rope.Scaling?.Kind is RotaryScalingKind.Dynamic or RotaryScalingKind.LongRope;

    /// <summary>Computes the frequencies.</summary>
    /// <param name="rope">A valid description.</param>
    /// <param name="dimensions">d, even: the dimensions that rotate.</param>
    /// <param name="length">Tokens of the sequence; matters only where <see cref="DependOnLength"/>.</param>
    public static RotaryFrequencies Of(RotaryDescription rope, int dimensions, int length)
    {
        RotaryScaling? scaling = rope.Scaling;
        double theta = rope.Theta;
        if (scaling is { Kind: RotaryScalingKind.Dynamic } && length > scaling.OriginalMaxPositions)
        {
            double stretch = (scaling.Factor * length / scaling.OriginalMaxPositions) - (scaling.Factor - 1);
            theta *= Math.Pow(stretch, dimensions / (dimensions - 2.0));
        }

        double[] frequencies = new double[dimensions / 2];
        for (int i = 0; i < frequencies.Length; i++)
        {
            frequencies[i] = Math.Pow(theta, -2.0 * i / dimensions);
        }

        double magnitude = 1;
        switch (scaling?.Kind)
        {
            case RotaryScalingKind.Linear:
                Array.ConvertAll(frequencies, f => f / scaling.Factor).CopyTo(frequencies, 0);
                break;
            case RotaryScalingKind.Llama3:
                Array.ConvertAll(frequencies, f => Llama3(f, scaling)).CopyTo(frequencies, 0);
                break;
            case RotaryScalingKind.Yarn:
                Yarn(frequencies, theta, dimensions, scaling);
                magnitude = scaling.AttentionFactor ?? ((0.1 * Math.Log(scaling.Factor)) + 1);
                break;
            case RotaryScalingKind.LongRope:
                ValueList<double> divisors = length > scaling.OriginalMaxPositions ? scaling.LongFactors : scaling.ShortFactors;
                for (int i = 0; i < frequencies.Length; i++)
                {
                    frequencies[i] /= divisors[i];
                }

                magnitude = scaling.AttentionFactor
                    ?? (scaling.Factor > 1 ? Math.Sqrt(1 + (Math.Log(scaling.Factor) / Math.Log(scaling.OriginalMaxPositions))) : 1);
                break;
        }

        return new RotaryFrequencies(frequencies, magnitude);
    }

    /// <summary>Cosines and sines of one position, times the magnitude; <c>[Pairs]</c> each.</summary>
    public void Fill(int position, Span<float> cosines, Span<float> sines)
    {
        for (int i = 0; i < _frequencies.Length; i++)
        {
            (double sine, double cosine) = Math.SinCos(position * _frequencies[i]);
            cosines[i] = (float)(cosine * _magnitude);
            sines[i] = (float)(sine * _magnitude);
        }
    }

    private static double Llama3(double frequency, RotaryScaling scaling)
    {
        double wavelength = 2 * Math.PI / frequency;
        if (wavelength > scaling.OriginalMaxPositions / scaling.LowFrequencyFactor)
        {
            return frequency / scaling.Factor;
        }

        if (wavelength < scaling.OriginalMaxPositions / scaling.HighFrequencyFactor)
        {
            return frequency;
        }

        double smooth = ((scaling.OriginalMaxPositions / wavelength) - scaling.LowFrequencyFactor) / (scaling.HighFrequencyFactor - scaling.LowFrequencyFactor);
        return ((1 - smooth) * frequency / scaling.Factor) + (smooth * frequency);
    }

    private static void Yarn(double[] frequencies, double theta, int dimensions, RotaryScaling scaling)
    {
        // The pair that turns `rotations` times within the trained length.
        double PairOf(double rotations) =>
            dimensions * Math.Log(scaling.OriginalMaxPositions / (rotations * 2 * Math.PI)) / (2 * Math.Log(theta));
        double low = Math.Max(Math.Floor(PairOf(scaling.BetaFast)), 0);
        double high = Math.Min(Math.Ceiling(PairOf(scaling.BetaSlow)), dimensions - 1);
        double width = high == low ? 0.001 : high - low;
        for (int i = 0; i < frequencies.Length; i++)
        {
            double divided = Math.Clamp((i - low) / width, 0, 1);
            frequencies[i] = (frequencies[i] / scaling.Factor * divided) + (frequencies[i] * (1 - divided));
        }
    }
}
