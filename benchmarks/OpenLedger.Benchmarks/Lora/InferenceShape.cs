using OpenLedger.Lora.Models;

namespace OpenLedger.Benchmarks.Lora;

/// <summary>A llama-architecture model whose speed is measured: as many key-value heads as heads, untied head, rotary base 10000.</summary>
public sealed record InferenceShape(string Name, int Layers, int Hidden, int Intermediate, int Heads, int Vocabulary)
{
    /// <summary>Positions a session may hold.</summary>
    public const int Context = 2048;

    /// <summary>28 million weights are read per token: the shape that fits in few caches but loads in an instant.</summary>
    public static InferenceShape Million28 { get; } = new("28M", 8, 512, 1408, 8, 4096);

    /// <summary>110 million weights are read per token.</summary>
    public static InferenceShape Million110 { get; } = new("110M", 12, 768, 2048, 12, 32_000);

    /// <summary>Width of one head.</summary>
    public int HeadSize => Hidden / Heads;

    /// <summary>Weights of matrices that every token reads: all but the embedding, of which it reads one row.</summary>
    public long WeightsPerToken => (Layers * ((4L * Hidden * Hidden) + (3L * Hidden * Intermediate))) + ((long)Hidden * Vocabulary);

    /// <summary>The description this package builds a model from.</summary>
    public DecoderDescription Describe() => new()
    {
        VocabularySize = Vocabulary,
        HiddenSize = Hidden,
        IntermediateSize = Intermediate,
        LayerCount = Layers,
        HeadCount = Heads,
        KeyValueHeadCount = Heads,
        HeadSize = HeadSize,
        MaxPositions = Context,
        NormEpsilon = 1e-5f,
        TiedEmbeddings = false,
    };

    /// <inheritdoc/>
    public override string ToString() => Name;
}
