using OpenLedger.Lora.Models;

namespace OpenLedger.Lora.Inference;

/// <summary>All weights of a decoder as singles. Immutable; models that differ in a few layers share the rest.</summary>
internal sealed class DecoderWeights
{
    public static readonly DecoderLinear[] Linears = Enum.GetValues<DecoderLinear>();

    public required ReadOnlyMemory<float> Embedding { get; init; }

    public required ReadOnlyMemory<float> FinalNorm { get; init; }

    /// <summary>The embedding itself where the two are tied.</summary>
    public required ReadOnlyMemory<float> Head { get; init; }

    public required IReadOnlyList<LayerWeights> Layers { get; init; }

    /// <summary>Collects the weights by name.</summary>
    /// <param name="description">The model.</param>
    /// <param name="read">Gives a named tensor, row-major.</param>
    public static DecoderWeights Collect(DecoderDescription description, Func<string, ReadOnlyMemory<float>> read)
    {
        ReadOnlyMemory<float> embedding = read(LlamaTensorNames.Embedding);
        LayerWeights[] layers = new LayerWeights[description.LayerCount];
        for (int layer = 0; layer < layers.Length; layer++)
        {
            layers[layer] = new LayerWeights
            {
                AttentionNorm = read(LlamaTensorNames.AttentionNorm(layer)),
                MlpNorm = read(LlamaTensorNames.MlpNorm(layer)),
                Linears = [.. Linears.Select(linear => read(LlamaTensorNames.Module(layer, linear) + ".weight"))],
            };
        }

        return new DecoderWeights
        {
            Embedding = embedding,
            FinalNorm = read(LlamaTensorNames.FinalNorm),
            Head = description.TiedEmbeddings ? embedding : read(LlamaTensorNames.Head),
            Layers = layers,
        };
    }
}
