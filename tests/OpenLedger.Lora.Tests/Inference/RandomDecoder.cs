using OpenLedger.Lora.Adapters;
using OpenLedger.Lora.Inference;
using OpenLedger.Lora.Models;
using OpenLedger.Lora.Tests.Reference;

namespace OpenLedger.Lora.Tests.Inference;

/// <summary>Random weights for any description, by what they are, with odd sizes so that every kernel meets its edges.</summary>
internal sealed class RandomDecoder
{
    private readonly Dictionary<(DecoderTensor, int), ReadOnlyMemory<float>> _weights;

    public RandomDecoder(DecoderDescription description, int seed = 1)
    {
        Description = description;
        Random random = new(seed);
        _weights = description.Tensors().ToDictionary(
            t => (t.Tensor, t.Layer),
            t => (ReadOnlyMemory<float>)TinyLlama.RandomArray(
                random, t.Shape.Aggregate((a, b) => a * b), !IsGain(t.Tensor) ? 0 : description.Norm == NormKind.RootMeanSquarePlusOne ? 0.2 : 1, SpreadOf(t.Tensor)));
        Model = CausalLM.FromWeights("random", description, Weight, new InferenceOptions { MaxThreads = 1 });
    }

    /// <summary>LLaMA with sizes that no register divides.</summary>
    public static DecoderDescription Llama { get; } = new()
    {
        VocabularySize = 61,
        HiddenSize = 36,
        IntermediateSize = 50,
        LayerCount = 3,
        HeadCount = 6,
        KeyValueHeadCount = 2,
        HeadSize = 12,
        MaxPositions = 300,
    };

    public DecoderDescription Description { get; }

    public CausalLM Model { get; }

    public ReferenceDecoder Reference => new(Description, Weight);

    public ReadOnlyMemory<float> Weight(DecoderTensor tensor, int layer) => _weights[(tensor, layer)];

    public int[] RandomTokens(int count, int seed = 2)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.Next(Description.VocabularySize))];
    }

    /// <summary>An update of every linear that the description has.</summary>
    public LoraAdapter RandomAdapter(int seed = 3, int rank = 3)
    {
        LoraConfig config = new() { TargetModules = TargetModules.AllLinear, Rank = rank, Alpha = 5 };
        Random random = new(seed);
        return new LoraAdapter(
            config,
            from layer in Enumerable.Range(0, Description.LayerCount)
            from linear in Enum.GetValues<DecoderLinear>()
            where Description.Has(linear)
            let shape = Description.ShapeOf(linear)
            select new LoraModule(
                LlamaTensorNames.Module(layer, linear),
                rank,
                shape.InFeatures,
                shape.OutFeatures,
                config.ScalingOf(LlamaTensorNames.Module(layer, linear)),
                TinyLlama.RandomArray(random, rank * shape.InFeatures, 0, 0.2),
                TinyLlama.RandomArray(random, shape.OutFeatures * rank, 0, 0.2)));
    }

    private static bool IsGain(DecoderTensor tensor) => tensor is DecoderTensor.EmbeddingNorm or DecoderTensor.FinalNorm or DecoderTensor.AttentionNorm
        or DecoderTensor.AttentionOutputNorm or DecoderTensor.MlpNorm or DecoderTensor.MlpOutputNorm or DecoderTensor.QueryNorm or DecoderTensor.KeyNorm;

    private static double SpreadOf(DecoderTensor tensor) => tensor is DecoderTensor.Embedding or DecoderTensor.PositionEmbedding ? 1 : 0.3;
}
