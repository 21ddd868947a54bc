namespace OpenLedger.Lora.Models;

/// <summary>What a <see cref="RotaryDescription"/> comes to for one sequence length: the angle per position of every rotated pair.</summary>
/// <remarks>
/// Formulas, with <c>d</c> rotated dimensions and <c>w_i = Theta^(-2i/d)</c>: linear <c>w_i / f</c>; dynamic puts
/// <c>Theta · (f·L/L0 - f + 1)^(d/(d-2))</c> for Theta once the length L exceeds the trained L0; Llama 3 and YaRN blend <c>w_i / f</c> with
/// <c>w_i</c> by wavelength; LongRoPE divides by one list of factors up to L0 and by another beyond.
/// </remarks>
public sealed class RotaryFrequencies
{
    private readonly double[] _perPair;

    private RotaryFrequencies(double[] perPair, double magnitude)
    {
        _perPair = perPair;
        Magnitude = magnitude;
    }

    /// <summary>Radians per position, <c>[d / 2]</c>.</summary>
    public ReadOnlySpan<double> PerPair => _perPair;

    /// <summary>What sines and cosines are multiplied with: 1, but for YaRN and LongRoPE.</summary>
    public double Magnitude { get; }

    /// <summary>Whether frequencies change when a sequence outgrows the trained length.</summary>
    /// <param name="rope">A description.</param>
    public static bool DependOnLength(RotaryDescription rope)
    {
        ArgumentNullException.ThrowIfNull(rope);
        return rope.Scaling?.Kind is RotaryScalingKind.Dynamic or RotaryScalingKind.LongRope;
    }

    /// <summary>Computes the frequencies.</summary>
    /// <param name="rope">A description that passed validation.</param>
    /// <param name="width">Dimensions that may rotate: the head size, or half of it with <see cref="PositionKind.RotaryInTwoDimensions"/>.</param>
    /// <param name="length">Length of the sequence in tokens; matters where <see cref="DependOnLength"/> says so.</param>
    /// <returns>The frequencies of every rotated pair.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="length"/> is less than 1.</exception>
    public static RotaryFrequencies Of(RotaryDescription rope, int width, int length)
    {
        ArgumentNullException.ThrowIfNull(rope);
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        int dimensions = rope.Dimensions ?? width;
        double theta = rope.Theta;
        if (rope.Scaling is { Kind: RotaryScalingKind.Dynamic } dynamic && length > dynamic.OriginalMaxPositions && dimensions > 2)
        {
            double stretch = (dynamic.Factor * length / dynamic.OriginalMaxPositions) - (dynamic.Factor - 1);
            theta *= Math.Pow(stretch, dimensions / (dimensions - 2.0));
        }

        double[] perPair = new double[dimensions / 2];
        for (int i = 0; i < perPair.Length; i++)
        {
            perPair[i] = Scale(rope, Math.Pow(theta, -2.0 * i / dimensions), i, dimensions, length);
        }

        return new RotaryFrequencies(perPair, MagnitudeOf(rope.Scaling));
    }

    /// <summary>Cosines and sines of one position, times the magnitude; <c>[d / 2]</c> each.</summary>
    internal void Fill(int position, Span<float> cosines, Span<float> sines)
    {
        for (int i = 0; i < _perPair.Length; i++)
        {
            (double sine, double cosine) = Math.SinCos(position * _perPair[i]);
            cosines[i] = (float)(cosine * Magnitude);
            sines[i] = (float)(sine * Magnitude);
        }
    }

    private static double Scale(RotaryDescription rope, double frequency, int pair, int dimensions, int length)
    {
        RotaryScaling? s = rope.Scaling;
        return s?.Kind switch
        {
            RotaryScalingKind.Linear => frequency / s.Factor,
            RotaryScalingKind.Llama3 => Llama3(s, frequency),
            RotaryScalingKind.Yarn => Yarn(s, frequency, pair, dimensions, rope.Theta),
            RotaryScalingKind.LongRope => frequency / (length > s.OriginalMaxPositions ? s.LongFactors : s.ShortFactors)[pair],
            _ => frequency,
        };
    }

    private static double Llama3(RotaryScaling s, double frequency)
    {
        double wavelength = 2 * Math.PI / frequency;
        double low = s.OriginalMaxPositions / s.LowFrequencyFactor, high = s.OriginalMaxPositions / s.HighFrequencyFactor;
        if (wavelength > low)
        {
            return frequency / s.Factor;
        }

        if (wavelength < high)
        {
            return frequency;
        }

        double keep = ((s.OriginalMaxPositions / wavelength) - s.LowFrequencyFactor) / (s.HighFrequencyFactor - s.LowFrequencyFactor);
        return ((1 - keep) * frequency / s.Factor) + (keep * frequency);
    }

    private static double Yarn(RotaryScaling s, double frequency, int pair, int dimensions, double theta)
    {
        // The pair that turns a given number of times within the trained length.
        double PairAt(double rotations) =>
            dimensions * Math.Log(s.OriginalMaxPositions / (rotations * 2 * Math.PI)) / (2 * Math.Log(theta));

        double low = Math.Max(Math.Floor(PairAt(s.BetaFast)), 0), high = Math.Min(Math.Ceiling(PairAt(s.BetaSlow)), dimensions - 1);
        double divided = Math.Clamp((pair - low) / (high == low ? 0.001 : high - low), 0, 1);
        return (frequency / s.Factor * divided) + (frequency * (1 - divided));
    }

    private static double MagnitudeOf(RotaryScaling? s) => s?.Kind switch
    {
        RotaryScalingKind.Yarn => s.AttentionFactor ?? ((0.1 * Math.Log(s.Factor)) + 1),
        RotaryScalingKind.LongRope => s.AttentionFactor ?? (s.Factor <= 1 ? 1 : Math.Sqrt(1 + (Math.Log(s.Factor) / Math.Log(s.OriginalMaxPositions)))),
        _ => 1,
    };
}
