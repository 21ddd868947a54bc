using OpenLedger.Lora.Kernels;
using OpenLedger.Lora.Models;

namespace OpenLedger.Lora.Inference;

/// <summary>All weights of a decoder. Immutable; models that differ in a few layers share the rest.</summary>
internal sealed class DecoderWeights
{
    public static readonly DecoderLinear[] Linears = Enum.GetValues<DecoderLinear>();

    public required WeightMatrix Embedding { get; init; }

    public WeightMatrix? PositionEmbedding { get; init; }

    public NormWeights? EmbeddingNorm { get; init; }

    public required NormWeights FinalNorm { get; init; }

    /// <summary>The embedding itself where the two are tied.</summary>
    public required WeightMatrix Head { get; init; }

    public required IReadOnlyList<LayerWeights> Layers { get; init; }

    /// <summary>Bytes of all matrices; the embedding counts once where it is also the head.</summary>
    public long ByteLength =>
        new[] { Embedding, Head, PositionEmbedding }.Concat(Layers.SelectMany(l => l.Linears)).OfType<WeightMatrix>().Distinct().Sum(m => m.ByteLength);

    /// <summary>Collects the weights by what they are.</summary>
    /// <param name="description">The model.</param>
    /// <param name="matrix">Gives a matrix, by weight and layer; the head even where it is tied to the embedding.</param>
    /// <param name="vector">Gives a bias or gain, by weight and layer.</param>
    public static DecoderWeights Collect(
        DecoderDescription description, Func<DecoderTensor, int, WeightMatrix> matrix, Func<DecoderTensor, int, float[]> vector)
    {
        HashSet<(DecoderTensor, int)> present = [.. description.Tensors().Select(t => (t.Tensor, t.Layer))];
        WeightMatrix embedding = matrix(DecoderTensor.Embedding, -1);
        return new DecoderWeights
        {
            Embedding = embedding,
            PositionEmbedding = present.Contains((DecoderTensor.PositionEmbedding, -1)) ? matrix(DecoderTensor.PositionEmbedding, -1) : null,
            EmbeddingNorm = Norm(DecoderTensor.EmbeddingNorm, DecoderTensor.EmbeddingNormBias, -1),
            FinalNorm = Norm(DecoderTensor.FinalNorm, DecoderTensor.FinalNormBias, -1)!,
            Layers = [.. Enumerable.Range(0, description.LayerCount).Select(layer => new LayerWeights
            {
                AttentionNorm = Norm(DecoderTensor.AttentionNorm, DecoderTensor.AttentionNormBias, layer)!,
                AttentionOutputNorm = Norm(DecoderTensor.AttentionOutputNorm, null, layer),
                MlpNorm = Norm(DecoderTensor.MlpNorm, DecoderTensor.MlpNormBias, layer),
                MlpOutputNorm = Norm(DecoderTensor.MlpOutputNorm, null, layer),
                QueryNorm = Norm(DecoderTensor.QueryNorm, null, layer),
                KeyNorm = Norm(DecoderTensor.KeyNorm, null, layer),
                Linears = [.. Linears.Select(linear => description.Has(linear) ? matrix(DecoderDescription.WeightOf(linear), layer) : null)],
                Biases = [.. Linears.Select(linear => description.HasBias(linear) ? vector(DecoderDescription.BiasOf(linear), layer) : null)],
            })],
            Head = matrix(DecoderTensor.Head, -1),
        };

        NormWeights? Norm(DecoderTensor gain, DecoderTensor? bias, int layer)
        {
            if (!present.Contains((gain, layer)))
            {
                return null;
            }

            float[] gains = vector(gain, layer);
            if (description.Norm == NormKind.RootMeanSquarePlusOne)
            {
                gains = Array.ConvertAll(gains, g => 1 + g);
            }

            return new NormWeights(gains, bias is DecoderTensor tensor && present.Contains((tensor, layer)) ? vector(tensor, layer) : []);
        }
    }
}
