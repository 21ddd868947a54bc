namespace OpenLedger.Lora.Models;

/// <summary>What a decoder-only transformer is built from: the one description that every executor reads.</summary>
/// <remarks>
/// The defaults are the LLaMA block: RMSNorm before each branch, rotary positions in rotate-half form, grouped-query attention and a SwiGLU
/// MLP without biases. A <see cref="ModelFamily"/> is a file that maps its <c>config.json</c> and tensor names to this record.
/// </remarks>
public sealed record DecoderDescription
{
    /// <summary>More layers than any decoder has.</summary>
    internal const int MaxLayers = 4096;

    /// <summary>Name of the <see cref="ModelFamily"/> whose tensor names the checkpoint uses.</summary>
    /// <value><c>llama</c></value>
    public string Family { get; init; } = "llama";

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

    /// <summary>How activations are normalised.</summary>
    public NormKind Norm { get; init; }

    /// <summary>Epsilon of the normalisations.</summary>
    /// <value>1e-5 where the checkpoint says nothing; checkpoints do say.</value>
    public double NormEpsilon { get; init; } = 1e-5;

    /// <summary>Where a block normalises and adds.</summary>
    public BlockLayout Layout { get; init; }

    /// <summary>α of <see cref="BlockLayout.NormedResidual"/>.</summary>
    public double ResidualScale { get; init; } = 1;

    /// <summary>Whether the embedding is normalised before the first block (BLOOM).</summary>
    public bool EmbeddingNorm { get; init; }

    /// <summary>What embeddings are multiplied with (Gemma: the square root of the width, rounded to the type of the weights).</summary>
    public double EmbeddingScale { get; init; } = 1;

    /// <summary>How the order of tokens is known.</summary>
    public PositionKind Positions { get; init; }

    /// <summary>Rotary positions of all layers, or of the layers without a window where <see cref="LocalRope"/> is set.</summary>
    public RotaryDescription Rope { get; init; } = new();

    /// <summary>Rotary positions of the layers with a window, where they differ (Gemma 3).</summary>
    public RotaryDescription? LocalRope { get; init; }

    /// <summary>The biases of <see cref="PositionKind.Alibi"/>.</summary>
    public AlibiDescription? Alibi { get; init; }

    /// <summary>W: a query at position i sees keys at <c>i - W &lt; j ≤ i</c> in the layers of <see cref="WindowedLayers"/>.</summary>
    /// <value><see langword="null"/>: every layer sees everything before it.</value>
    public int? Window { get; init; }

    /// <summary>Layers to which <see cref="Window"/> applies, ascending; empty means all.</summary>
    public ValueList<int> WindowedLayers { get; init; } = [];

    /// <summary>What scores are multiplied with.</summary>
    /// <value><see langword="null"/>: <c>1/√HeadSize</c>.</value>
    public double? AttentionScale { get; init; }

    /// <summary>c: scaled scores become <c>c · tanh(score / c)</c> (Gemma 2).</summary>
    public double? AttentionSoftCap { get; init; }

    /// <summary>c: logits become <c>c · tanh(logit / c)</c> (Gemma 2).</summary>
    public double? LogitSoftCap { get; init; }

    /// <summary>Whether each query and key head is normalised before rotation (Qwen 3, Gemma 3).</summary>
    public bool QueryKeyNorm { get; init; }

    /// <summary>Whether query, key and value projections have biases.</summary>
    public bool QueryKeyValueBias { get; init; }

    /// <summary>Whether the output projection of attention has a bias.</summary>
    public bool AttentionOutputBias { get; init; }

    /// <summary>Whether the linears of the MLP have biases.</summary>
    public bool MlpBias { get; init; }

    /// <summary>Whether the MLP is <c>down(f(gate(x)) · up(x))</c>; else it is <c>down(f(up(x)))</c> and <see cref="DecoderLinear.Gate"/> is absent.</summary>
    public bool GatedMlp { get; init; } = true;

    /// <summary>f of the MLP.</summary>
    public Activation Activation { get; init; }

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

    /// <summary>Whether a layer's attention is limited to <see cref="Window"/>.</summary>
    /// <param name="layer">Zero-based layer.</param>
    public bool IsWindowed(int layer) => Window is not null && (WindowedLayers.Count == 0 || WindowedLayers.Contains(layer));

    /// <summary>Rotary positions of a layer.</summary>
    /// <param name="layer">Zero-based layer.</param>
    public RotaryDescription RopeOf(int layer) => LocalRope is not null && IsWindowed(layer) ? LocalRope : Rope;

    /// <summary>Whether a linear exists in every block: all but <see cref="DecoderLinear.Gate"/> always do.</summary>
    /// <param name="linear">Which linear.</param>
    public bool Has(DecoderLinear linear) => linear != DecoderLinear.Gate || GatedMlp;

    /// <summary>Whether a linear of the blocks has a bias.</summary>
    /// <param name="linear">Which linear.</param>
    public bool HasBias(DecoderLinear linear) => Has(linear) && linear switch
    {
        DecoderLinear.Query or DecoderLinear.Key or DecoderLinear.Value => QueryKeyValueBias,
        DecoderLinear.Output => AttentionOutputBias,
        _ => MlpBias,
    };

    /// <summary>Every weight of this model.</summary>
    /// <returns>The weight, its layer (-1 for the whole model) and its shape; the head is absent when embeddings are tied.</returns>
    public IEnumerable<(DecoderTensor Tensor, int Layer, ValueList<int> Shape)> Tensors()
    {
        bool bias = Norm == NormKind.LayerNorm;
        yield return (DecoderTensor.Embedding, -1, [VocabularySize, HiddenSize]);
        if (Positions == PositionKind.Learned)
        {
            yield return (DecoderTensor.PositionEmbedding, -1, [MaxPositions, HiddenSize]);
        }

        foreach ((DecoderTensor tensor, bool present) in ((DecoderTensor, bool)[])
            [(DecoderTensor.EmbeddingNorm, EmbeddingNorm), (DecoderTensor.EmbeddingNormBias, EmbeddingNorm && bias)])
        {
            if (present)
            {
                yield return (tensor, -1, [HiddenSize]);
            }
        }

        for (int layer = 0; layer < LayerCount; layer++)
        {
            foreach ((DecoderTensor tensor, ValueList<int> shape) in LayerTensors())
            {
                yield return (tensor, layer, shape);
            }
        }

        yield return (DecoderTensor.FinalNorm, -1, [HiddenSize]);
        if (bias)
        {
            yield return (DecoderTensor.FinalNormBias, -1, [HiddenSize]);
        }

        if (!TiedEmbeddings)
        {
            yield return (DecoderTensor.Head, -1, [VocabularySize, HiddenSize]);
        }
    }

    private IEnumerable<(DecoderTensor Tensor, ValueList<int> Shape)> LayerTensors()
    {
        bool bias = Norm == NormKind.LayerNorm, sandwich = Layout == BlockLayout.Sandwich, twoNorms = Layout != BlockLayout.ParallelOneNorm;
        (DecoderTensor Tensor, bool Present, int Width)[] norms =
        [
            (DecoderTensor.AttentionNorm, true, HiddenSize),
            (DecoderTensor.AttentionNormBias, bias, HiddenSize),
            (DecoderTensor.AttentionOutputNorm, sandwich, HiddenSize),
            (DecoderTensor.MlpNorm, twoNorms, HiddenSize),
            (DecoderTensor.MlpNormBias, twoNorms && bias, HiddenSize),
            (DecoderTensor.MlpOutputNorm, sandwich, HiddenSize),
            (DecoderTensor.QueryNorm, QueryKeyNorm, HeadSize),
            (DecoderTensor.KeyNorm, QueryKeyNorm, HeadSize),
        ];
        foreach ((DecoderTensor tensor, bool present, int width) in norms)
        {
            if (present)
            {
                yield return (tensor, [width]);
            }
        }

        foreach (DecoderLinear linear in Enum.GetValues<DecoderLinear>())
        {
            (int outFeatures, int inFeatures) = ShapeOf(linear);
            if (Has(linear))
            {
                yield return (WeightOf(linear), [outFeatures, inFeatures]);
            }

            if (HasBias(linear))
            {
                yield return (BiasOf(linear), [outFeatures]);
            }
        }
    }

    /// <summary>The weight of a linear.</summary>
    /// <param name="linear">Which linear.</param>
    public static DecoderTensor WeightOf(DecoderLinear linear) => DecoderTensor.Query + (int)linear;

    /// <summary>The bias of a linear.</summary>
    /// <param name="linear">Which linear.</param>
    public static DecoderTensor BiasOf(DecoderLinear linear) => DecoderTensor.QueryBias + (int)linear;

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
            (nameof(LayerCount), LayerCount, MaxLayers),
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

        if (inRange)
        {
            foreach (string fault in FindPositionFaults())
            {
                yield return fault;
            }
        }

        if (KeyValueHeadCount > 0 && HeadCount % KeyValueHeadCount != 0)
        {
            yield return $"{nameof(HeadCount)} {HeadCount} is not a multiple of {nameof(KeyValueHeadCount)} {KeyValueHeadCount}";
        }

        if (!double.IsFinite(NormEpsilon) || NormEpsilon is < 0 or > 1)
        {
            yield return $"{nameof(NormEpsilon)} is {NormEpsilon}; legal is 0 to 1";
        }

        foreach ((string name, double? value) in ((string, double?)[])
            [(nameof(ResidualScale), ResidualScale), (nameof(EmbeddingScale), EmbeddingScale), (nameof(AttentionScale), AttentionScale),
            (nameof(AttentionSoftCap), AttentionSoftCap), (nameof(LogitSoftCap), LogitSoftCap)])
        {
            if (value is double number && (!double.IsFinite(number) || number <= 0))
            {
                yield return $"{name} is {number}; legal is a positive finite number";
            }
        }

        if (Window < 1)
        {
            yield return $"{nameof(Window)} is {Window}; legal is 1 and up";
        }

        foreach (int layer in WindowedLayers)
        {
            if (layer < 0 || layer >= LayerCount)
            {
                yield return $"{nameof(WindowedLayers)} names layer {layer}; legal is 0 to {LayerCount - 1}";
            }
        }

        if (inRange)
        {
            long largest = Math.Max(
                Math.Max((long)VocabularySize * HiddenSize, (long)IntermediateSize * HiddenSize), (long)HeadCount * HeadSize * HiddenSize);
            if ((long)HeadCount * HeadSize > 1 << 24)
            {
                yield return $"{nameof(HeadCount)} {HeadCount} times {nameof(HeadSize)} {HeadSize} is more than {1 << 24}";
            }

            if (largest > Array.MaxLength)
            {
                yield return $"the largest weight has {largest} elements; the limit is {Array.MaxLength}";
            }
        }
    }

    private IEnumerable<string> FindPositionFaults()
    {
        if (Positions == PositionKind.Alibi != (Alibi is not null))
        {
            yield return $"{nameof(Alibi)} must be given with positions of kind {PositionKind.Alibi}, and only then";
        }

        if (Positions is not (PositionKind.Rotary or PositionKind.RotaryInTwoDimensions))
        {
            yield break;
        }

        int whole = Positions == PositionKind.RotaryInTwoDimensions ? HeadSize / 2 : HeadSize;
        foreach (RotaryDescription rope in LocalRope is null ? (RotaryDescription[])[Rope] : [Rope, LocalRope])
        {
            int rotated = rope.Dimensions ?? whole;
            if (rotated < 2 || rotated > whole || rotated % 2 != 0)
            {
                yield return $"{rotated} of {nameof(HeadSize)} {HeadSize} dimensions rotate; rotary positions need an even number from 2 to {whole}";
            }

            if (!double.IsFinite(rope.Theta) || rope.Theta <= 0)
            {
                yield return $"the rotary base is {rope.Theta}; legal is a positive finite number";
            }

            if (rope.Scaling is RotaryScaling scaling)
            {
                foreach (string fault in scaling.FindFaults(rotated / 2))
                {
                    yield return fault;
                }
            }
        }
    }
}
