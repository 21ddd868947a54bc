using OpenLedger.Lora.Models;

namespace OpenLedger.Lora.Tests.Reference;

/// <summary>The frequency of one rotary pair, formula by formula as the papers and transformers' <c>modeling_rope_utils</c> state them.</summary>
internal static class ReferenceRotary
{
    public static (double Frequency, double Magnitude) Frequency(RotaryDescription rope, int pair, int dimensions, int length)
    {
        double plain = 1 / Math.Pow(rope.Theta, 2.0 * pair / dimensions);
        if (rope.Scaling is not RotaryScaling s)
        {
            return (plain, 1);
        }

        int trained = s.OriginalMaxPositions;
        switch (s.Kind)
        {
            case RotaryScalingKind.Linear:
                return (plain / s.Factor, 1);
            case RotaryScalingKind.Dynamic:
                double grown = length <= trained
                    ? rope.Theta
                    : rope.Theta * Math.Pow((s.Factor * length / trained) - (s.Factor - 1), (double)dimensions / (dimensions - 2));
                return (1 / Math.Pow(grown, 2.0 * pair / dimensions), 1);
            case RotaryScalingKind.Llama3:
                double wavelength = 2 * Math.PI / plain;
                double blend = ((trained / wavelength) - s.LowFrequencyFactor) / (s.HighFrequencyFactor - s.LowFrequencyFactor);
                return wavelength > trained / s.LowFrequencyFactor ? (plain / s.Factor, 1)
                    : wavelength < trained / s.HighFrequencyFactor ? (plain, 1)
                    : (((1 - blend) * plain / s.Factor) + (blend * plain), 1);
            case RotaryScalingKind.Yarn:
                double Boundary(double beta) => dimensions * Math.Log(trained / (2 * Math.PI * beta)) / (2 * Math.Log(rope.Theta));
                double low = Math.Max(0, Math.Floor(Boundary(s.BetaFast)));
                double high = Math.Min(dimensions - 1, Math.Ceiling(Boundary(s.BetaSlow)));
                double ramp = Math.Clamp((pair - low) / (high == low ? 0.001 : high - low), 0, 1);
                return ((plain / s.Factor * ramp) + (plain * (1 - ramp)), s.AttentionFactor ?? (1 + (0.1 * Math.Log(s.Factor))));
            default:
                double divisor = (length > trained ? s.LongFactors : s.ShortFactors)[pair];
                return (plain / divisor, s.AttentionFactor ?? Math.Sqrt(1 + (Math.Log(s.Factor) / Math.Log(trained))));
        }
    }
}
