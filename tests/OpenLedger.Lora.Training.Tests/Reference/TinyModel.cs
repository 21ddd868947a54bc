using OpenLedger.Lora.Adapters;
using OpenLedger.Lora.Inference;
using OpenLedger.Lora.Models;
using OpenLedger.Lora.Safetensors;
using OpenLedger.Lora.Training.Autograd;
using OpenLedger.Lora.Training.Data;
using TorchSharp;

namespace OpenLedger.Lora.Training.Tests.Reference;

/// <summary>A random model of odd sizes in both executors, and things that fit it.</summary>
internal sealed class TinyModel : IDisposable
{
    public TinyModel(bool tied = false, int heads = 6, int keyValueHeads = 2, int seed = 1, int vocabularySize = 61, int maxPositions = 40)
    {
        TorchRuntime.EnsureLoaded();
        Description = new DecoderDescription
        {
            VocabularySize = vocabularySize,
            HiddenSize = 36,
            IntermediateSize = 50,
            LayerCount = 2,
            HeadCount = heads,
            KeyValueHeadCount = keyValueHeads,
            HeadSize = 10,
            MaxPositions = maxPositions,
            Rope = new() { Theta = 5000 },
            TiedEmbeddings = tied,
        };
        Random random = new(seed);
        Weights = ModelFamily.ExpectedTensors(Description).ToDictionary(
            t => t.Name,
            t => (ReadOnlyMemory<float>)Values(random, t.Shape.Aggregate((a, b) => a * b), t.Shape.Count == 1 ? 1 : 0, t.Name == LlamaTensorNames.Embedding ? 1 : 0.3));
        Managed = CausalLM.FromWeights("tiny", Description, Weights, new InferenceOptions { MaxThreads = 1 });
        Torch = new TorchDecoder(Description, Tensors());
    }

    public DecoderDescription Description { get; }

    public Dictionary<string, ReadOnlyMemory<float>> Weights { get; }

    public CausalLM Managed { get; }

    public TorchDecoder Torch { get; }

    public static float[] Values(Random random, int length, double mean = 0, double spread = 1) =>
        [.. Enumerable.Range(0, length).Select(_ => (float)(mean + (spread * ((random.NextDouble() * 2) - 1))))];

    /// <summary>The weights as new tensors, which the caller owns.</summary>
    public Dictionary<string, torch.Tensor> Tensors() => TorchDecoder.Shapes(Description).ToDictionary(
        shape => shape.Name, shape => torch.tensor(Weights[shape.Name].ToArray(), shape.Shape));

    public int[] Tokens(int count, int seed = 2)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.Next(Description.VocabularySize))];
    }

    /// <summary>Examples of differing lengths, so that batches have padding.</summary>
    public TrainingExample[] Examples(int count, int seed = 5)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            int[] tokens = Tokens(random.Next(2, 14), seed: (seed * 1000) + i);
            return new TrainingExample($"example {i}", tokens, random.Next(1, tokens.Length));
        })];
    }

    public LoraAdapter Adapter(int seed = 3, int rank = 3, params string[] targets)
    {
        LoraConfig config = new()
        {
            TargetModules = targets.Length == 0 ? TargetModules.AllLinear : TargetModules.Named(targets),
            Rank = rank,
            Alpha = 5,
            RankPattern = [new("layers.1.self_attn.q_proj", rank + 2)],
            UseRsLora = true,
        };
        Random random = new(seed);
        List<LoraModule> modules = [];
        for (int layer = 0; layer < Description.LayerCount; layer++)
        {
            foreach (DecoderLinear linear in Enum.GetValues<DecoderLinear>())
            {
                string path = LlamaTensorNames.Module(layer, linear);
                if (config.Targets(path))
                {
                    (int outFeatures, int inFeatures) = Description.ShapeOf(linear);
                    int r = config.RankOf(path);
                    modules.Add(new LoraModule(
                        path, r, inFeatures, outFeatures, config.ScalingOf(path), Values(random, r * inFeatures, 0, 0.2), Values(random, outFeatures * r, 0, 0.2)));
                }
            }
        }

        return new LoraAdapter(config, modules);
    }

    /// <summary>Writes the model as a Hugging Face folder.</summary>
    public void Save(string folder, string? without = null)
    {
        LlamaFamily.WriteConfig(Path.Combine(folder, "config.json"), Description, beginToken: 1, endToken: 2);
        SafetensorsWriter.Write(Path.Combine(folder, "model.safetensors"), ModelFamily.ExpectedTensors(Description).Where(t => t.Name != without)
            .Select(t => new SafetensorsTensor { Name = t.Name, Shape = t.Shape, Values = Weights[t.Name] }));
    }

    public void Dispose() => Torch.Dispose();
}
