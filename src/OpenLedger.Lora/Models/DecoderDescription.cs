namespace OpenLedger.Lora.Models;

/// <summary>What a decoder-only transformer is built from: the one description that every executor reads.</summary>
/// <remarks>
/// Today it describes the LLaMA block: pre-RMSNorm, rotary positions in rotate-half form, grouped-query attention and a SwiGLU MLP
/// without biases. A model family is a file that maps its <c>config.json</c> and tensor names to this record.
/// </remarks>
public sealed record DecoderDescription
{
    /// <summary>Number of rows of the embedding and of the output head.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>Width of the residual stream.</summary>
    public required int HiddenSize { get; init; }

    /// <summary>Inner width of the MLP.</summary>
    public required int IntermediateSize { get; init; }

    /// <summary>Number of decoder layers.</summary>
    public required int LayerCount { get; init; }

    /// <summary>Number of query heads.</summary>
    public required int HeadCount { get; init; }

    /// <summary>Number of key and value heads; divides <see cref="HeadCount"/>.</summary>
    public required int KeyValueHeadCount { get; init; }

    /// <summary>Width of one head; even, because rotary positions rotate pairs.</summary>
    public required int HeadSize { get; init; }

    /// <summary>Longest sequence that positions are defined for, in tokens.</summary>
    public required int MaxPositions { get; init; }

    /// <summary>Base of the rotary frequencies.</summary>
    /// <value>10000 where the checkpoint says nothing.</value>
    public double RopeTheta { get; init; } = 10_000;

    /// <summary>Epsilon of the RMS normalisations.</summary>
    /// <value>1e-5 where the checkpoint says nothing; checkpoints do say.</value>
    public double RmsNormEpsilon { get; init; } = 1e-5;

    /// <summary>Whether the output head shares the embedding matrix.</summary>
    public bool TiedEmbeddings { get; init; }

    /// <summary>Shape of one linear layer's weight.</summary>
    /// <param name="linear">Which linear of a block.</param>
    /// <returns>Rows (<c>OutFeatures</c>) and columns (<c>InFeatures</c>) of the row-major weight.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="linear"/> is no member of the enumeration.</exception>
    public (int OutFeatures, int InFeatures) ShapeOf(DecoderLinear linear) => linear switch
    {
        DecoderLinear.Query => (HeadCount * HeadSize, HiddenSize),
        DecoderLinear.Key or DecoderLinear.Value => (KeyValueHeadCount * HeadSize, HiddenSize),
        DecoderLinear.Output => (HiddenSize, HeadCount * HeadSize),
        DecoderLinear.Gate or DecoderLinear.Up => (IntermediateSize, HiddenSize),
        DecoderLinear.Down => (HiddenSize, IntermediateSize),
        _ => throw new ArgumentOutOfRangeException(nameof(linear), linear, "Not a linear layer of a decoder block."),
    };

    /// <summary>Checks that the numbers describe a model that can exist in memory.</summary>
    /// <exception cref="ArgumentException">Lists every fault.</exception>
    public void Validate()
    {
        List<string> faults = [.. FindFaults()];
        if (faults.Count > 0)
        {
            throw new ArgumentException($"The decoder description is impossible:\n  - {string.Join("\n  - ", faults)}");
        }
    }

    internal IEnumerable<string> FindFaults()
    {
        (string Name, int Value, int Max)[] sizes =
        [
            (nameof(VocabularySize), VocabularySize, 1 << 24),
            (nameof(HiddenSize), HiddenSize, 1 << 20),
            (nameof(IntermediateSize), IntermediateSize, 1 << 22),
            (nameof(LayerCount), LayerCount, 4096),
            (nameof(HeadCount), HeadCount, 1 << 16),
            (nameof(KeyValueHeadCount), KeyValueHeadCount, 1 << 16),
            (nameof(HeadSize), HeadSize, 1 << 14),
            (nameof(MaxPositions), MaxPositions, 1 << 24),
        ];
        bool inRange = true;
        foreach ((string name, int value, int max) in sizes)
        {
            if (value < 1 || value > max)
            {
                inRange = false;
                yield return $"{name} is {value}; legal is 1 to {max}";
            }
        }

        if (HeadSize % 2 != 0)
        {
            yield return $"{nameof(HeadSize)} is {HeadSize}; rotary positions need an even number";
        }

        if (KeyValueHeadCount > 0 && HeadCount % KeyValueHeadCount != 0)
        {
            yield return $"{nameof(HeadCount)} {HeadCount} is not a multiple of {nameof(KeyValueHeadCount)} {KeyValueHeadCount}";
        }

        if (!double.IsFinite(RopeTheta) || RopeTheta <= 0)
        {
            yield return $"{nameof(RopeTheta)} is {RopeTheta}; legal is a positive finite number";
        }

        if (!double.IsFinite(RmsNormEpsilon) || RmsNormEpsilon is < 0 or > 1)
        {
            yield return $"{nameof(RmsNormEpsilon)} is {RmsNormEpsilon}; legal is 0 to 1";
        }

        if (inRange)
        {
            long largest = Math.Max(
                Math.Max((long)VocabularySize * HiddenSize, (long)IntermediateSize * HiddenSize), (long)HeadCount * HeadSize * HiddenSize);
            if (largest > Array.MaxLength)
            {
                yield return $"the largest weight has {largest} elements; the limit is {Array.MaxLength}";
            }
        }
    }
}
