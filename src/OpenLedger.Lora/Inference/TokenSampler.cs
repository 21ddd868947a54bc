using System.Numerics.Tensors;

namespace OpenLedger.Lora.Inference;

/// <summary>Chooses tokens from logits: greedy, or by temperature, top-k and top-p with an explicit seed.</summary>
/// <remarks>For one thread at a time. Advances its random sequence by one number per sampled token, none when greedy.</remarks>
public sealed class TokenSampler
{
    private readonly double _temperature;
    private readonly int _topK;
    private readonly double _topP;
    private readonly int _vocabularyLimit;
    private ulong _state;
    private double[] _probabilities = [];
    private int[] _candidates = [];

    /// <summary>Creates a sampler.</summary>
    /// <param name="options">Copied; stop tokens and the token limit do not concern a sampler.</param>
    /// <exception cref="ArgumentException">The options are invalid.</exception>
    public TokenSampler(GenerationOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _temperature = options.Temperature;
        _topK = options.TopK;
        _topP = options.TopP;
        _vocabularyLimit = options.VocabularyLimit ?? int.MaxValue;
        _state = (ulong)options.Seed;
    }

    /// <summary>Chooses one token.</summary>
    /// <param name="logits">Scores, <c>[vocabulary]</c>; at least one.</param>
    /// <returns>The chosen id.</returns>
    /// <exception cref="ArgumentException">There are no logits, or some are NaN or none is finite.</exception>
    public int Sample(ReadOnlySpan<float> logits)
    {
        if (logits.IsEmpty)
        {
            throw new ArgumentException("There are no logits to choose from.", nameof(logits));
        }

        logits = logits[..Math.Min(logits.Length, _vocabularyLimit)];
        int best = TensorPrimitives.IndexOfMax(logits);
        if (!float.IsFinite(logits[best]))
        {
            throw new ArgumentException(
                $"Logit {best} is {logits[best]}: the weights of the model or adapter hold values that are not finite, or overflow.", nameof(logits));
        }

        return _temperature == 0 ? best : Draw(logits, logits[best]);
    }

    private int Draw(ReadOnlySpan<float> logits, double max)
    {
        if (_probabilities.Length < logits.Length)
        {
            _probabilities = new double[logits.Length];
            _candidates = new int[logits.Length];
        }

        double sum = 0;
        for (int i = 0; i < logits.Length; i++)
        {
            _probabilities[i] = Math.Exp((logits[i] - max) / _temperature);
            _candidates[i] = i;
            sum += _probabilities[i];
        }

        int count = logits.Length;
        if ((_topK > 0 && _topK < count) || _topP < 1)
        {
            count = Truncate(count, ref sum);
        }

        double point = NextUniform() * sum;
        for (int i = 0; i < count; i++)
        {
            point -= _probabilities[_candidates[i]];
            if (point < 0)
            {
                return _candidates[i];
            }
        }

        // Rounding can leave a sliver beyond the last candidate. The best token is always possible, the last may have probability 0.
        return TensorPrimitives.IndexOfMax(logits);
    }

    /// <summary>Moves the kept candidates to the front, most probable first, and returns how many; <paramref name="sum"/> becomes theirs.</summary>
    private int Truncate(int count, ref double sum)
    {
        // All tokens below this together miss at most 1 - p of the mass, so none of them is in the nucleus: sorting can skip them.
        double negligible = _topK > 0 ? 0 : sum * (1 - _topP) / count;
        int kept = 0;
        for (int i = 0; i < count; i++)
        {
            if (_probabilities[i] >= negligible)
            {
                _candidates[kept++] = i;
            }
        }

        _candidates.AsSpan(0, kept).Sort((a, b) =>
            _probabilities[b].CompareTo(_probabilities[a]) is int order and not 0 ? order : a.CompareTo(b));
        if (_topK > 0 && _topK < kept)
        {
            kept = _topK;
            sum = 0;
            for (int i = 0; i < kept; i++)
            {
                sum += _probabilities[_candidates[i]];
            }
        }

        double target = _topP * sum;
        double mass = 0;
        for (int i = 0; i < kept; i++)
        {
            mass += _probabilities[_candidates[i]];
            if (mass >= target)
            {
                sum = mass;
                return i + 1;
            }
        }

        sum = mass;
        return kept;
    }

    /// <summary>SplitMix64 (Steele, Lea and Flood 2014), the upper 53 bits as a number in [0, 1).</summary>
    private double NextUniform()
    {
        _state += 0x9E3779B97F4A7C15;
        ulong z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return ((z ^ (z >> 31)) >> 11) * (1.0 / (1UL << 53));
    }
}
