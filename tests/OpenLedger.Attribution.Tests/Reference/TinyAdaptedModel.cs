using OpenLedger.Lora.Adapters;
using OpenLedger.Lora.Models;
using OpenLedger.Lora.Tokenization;
using OpenLedger.Lora.Training.Autograd;
using OpenLedger.Lora.Training.Data;
using TorchSharp;

namespace OpenLedger.Attribution.Tests.Reference;

/// <summary>A random decoder with a random adapter and a small tokenizer: real gradients in milliseconds.</summary>
internal sealed class TinyAdaptedModel : IDisposable
{
    private static readonly string[] Specials = ["<|bos|>", "<|user|>", "<|assistant|>", "<|end|>"];

    private static readonly Tokenizer Tokenizer = BpeTrainer.Train(
        ["the harbour master of velmora exports amber and salt to the north"],
        new BpeTrainerOptions { VocabularySize = 290, SpecialTokens = Specials, MinimumFrequency = 1 }).ToTokenizer();

    public TinyAdaptedModel(int seed = 1)
    {
        TorchRuntime.EnsureLoaded();
        Description = new DecoderDescription
        {
            VocabularySize = Tokenizer.VocabularySize,
            HiddenSize = 20,
            IntermediateSize = 28,
            LayerCount = 2,
            HeadCount = 4,
            KeyValueHeadCount = 2,
            HeadSize = 6,
            MaxPositions = 96,
            TiedEmbeddings = true,
        };
        Random random = new(seed);
        Model = new TorchDecoder(Description, TorchDecoder.Shapes(Description).ToDictionary(
            shape => shape.Name,
            shape => torch.tensor(Values(random, shape.Shape.Aggregate(1L, (a, b) => a * b), shape.Shape.Length == 1 ? 1 : 0, 0.4), shape.Shape)));
        Adapter = new TorchLora();
        foreach ((string name, long[] shape) in TorchDecoder.Shapes(Description).Where(s => s.Shape.Length == 2 && s.Name.Contains(".layers.", StringComparison.Ordinal)))
        {
            Adapter.Add(name[..^".weight".Length], new TorchLoraPair(
                torch.tensor(Values(random, 3 * shape[1], 0, 0.3), [3, shape[1]]), torch.tensor(Values(random, shape[0] * 3, 0, 0.3), [shape[0], 3]), 1.5));
        }
    }

    public DecoderDescription Description { get; }

    public TorchDecoder Model { get; }

    public TorchLora Adapter { get; }

    public InstructionEncoder Encoder { get; } = new(Tokenizer);

    /// <summary>Examples of differing lengths, so that batches have padding.</summary>
    public TrainingExample[] Examples(int count, int seed = 5)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            int[] tokens = [.. Enumerable.Range(0, random.Next(2, 14)).Select(_ => random.Next(Description.VocabularySize))];
            return new TrainingExample($"example {i}", tokens, random.Next(1, tokens.Length));
        })];
    }

    public void Dispose()
    {
        Adapter.Dispose();
        Model.Dispose();
    }

    private static float[] Values(Random random, long count, double mean, double spread) =>
        [.. Enumerable.Range(0, (int)count).Select(_ => (float)(mean + (spread * ((random.NextDouble() * 2) - 1))))];
}
