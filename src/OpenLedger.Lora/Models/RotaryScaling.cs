namespace OpenLedger.Lora.Models;

/// <summary>The numbers of one <see cref="RotaryScalingKind"/>, named as in <c>config.json</c>. Fields of other kinds are ignored.</summary>
public sealed record RotaryScaling
{
    /// <summary>Which formula.</summary>
    public required RotaryScalingKind Kind { get; init; }

    /// <summary>The factor <c>f</c> by which positions are stretched; at least 1.</summary>
    public double Factor { get; init; } = 1;

    /// <summary>The trained length in tokens (<c>original_max_position_embeddings</c>).</summary>
    public int OriginalMaxPositions { get; init; }

    /// <summary>Llama 3: wavelengths above <c>OriginalMaxPositions / LowFrequencyFactor</c> are divided.</summary>
    public double LowFrequencyFactor { get; init; } = 1;

    /// <summary>Llama 3: wavelengths below <c>OriginalMaxPositions / HighFrequencyFactor</c> are kept.</summary>
    public double HighFrequencyFactor { get; init; } = 4;

    /// <summary>YaRN: rotations within the trained length above which a frequency is kept.</summary>
    public double BetaFast { get; init; } = 32;

    /// <summary>YaRN: rotations within the trained length below which a frequency is divided.</summary>
    public double BetaSlow { get; init; } = 1;

    /// <summary>YaRN and LongRoPE: what sines and cosines are multiplied with.</summary>
    /// <value><see langword="null"/>: <c>0.1 · ln f + 1</c> for YaRN, <c>√(1 + ln f / ln OriginalMaxPositions)</c> for LongRoPE.</value>
    public double? AttentionFactor { get; init; }

    /// <summary>LongRoPE: divisors up to the trained length, one per rotated pair.</summary>
    public ValueList<double> ShortFactors { get; init; } = [];

    /// <summary>LongRoPE: divisors beyond the trained length, one per rotated pair.</summary>
    public ValueList<double> LongFactors { get; init; } = [];

    /// <param name="pairs">Rotated pairs of a head.</param>
    internal IEnumerable<string> FindFaults(int pairs)
    {
        if (!double.IsFinite(Factor) || Factor < 1)
        {
            yield return $"the rotary scaling factor is {Factor}; legal is a finite number of at least 1";
        }

        if (AttentionFactor is double attention && (!double.IsFinite(attention) || attention <= 0))
        {
            yield return $"the rotary attention factor is {attention}; legal is a positive finite number";
        }

        // LongRoPE divides by the logarithm of the trained length.
        int shortest = Kind == RotaryScalingKind.LongRope ? 2 : 1;
        if (Kind != RotaryScalingKind.Linear && OriginalMaxPositions < shortest)
        {
            yield return $"rotary scaling of kind {Kind} needs the trained length ({nameof(OriginalMaxPositions)}), at least {shortest}";
        }

        if (Kind == RotaryScalingKind.Llama3 && !(LowFrequencyFactor > 0 && HighFrequencyFactor > LowFrequencyFactor && double.IsFinite(HighFrequencyFactor)))
        {
            yield return $"the frequency factors are {LowFrequencyFactor} and {HighFrequencyFactor}; legal are 0 < low < high";
        }

        if (Kind == RotaryScalingKind.Yarn && !(BetaSlow > 0 && BetaFast > BetaSlow && double.IsFinite(BetaFast)))
        {
            yield return $"the YaRN betas are slow {BetaSlow} and fast {BetaFast}; legal are 0 < slow < fast";
        }

        if (Kind == RotaryScalingKind.LongRope)
        {
            foreach ((string name, ValueList<double> factors) in ((string, ValueList<double>)[])[(nameof(ShortFactors), ShortFactors), (nameof(LongFactors), LongFactors)])
            {
                if (factors.Count != pairs || factors.Any(f => !double.IsFinite(f) || f <= 0))
                {
                    yield return $"{name} has {factors.Count} entries; LongRoPE needs {pairs} positive finite numbers";
                }
            }
        }
    }
}
