using OpenLedger.Lora.Adapters;
using OpenLedger.Lora.Inference;
using OpenLedger.Lora.Models;
using OpenLedger.Lora.Safetensors;

namespace OpenLedger.Lora.Tests.Inference;

/// <summary>A random model small enough for the scalar reference, with odd sizes so that every kernel meets its edges.</summary>
internal sealed class TinyLlama
{
    public TinyLlama(bool tied = false, int vocabularySize = 61, int maxPositions = 300, int seed = 1)
    {
        Description = new DecoderDescription
        {
            VocabularySize = vocabularySize,
            HiddenSize = 36,
            IntermediateSize = 50,
            LayerCount = 2,
            HeadCount = 6,
            KeyValueHeadCount = 2,
            HeadSize = 10,
            MaxPositions = maxPositions,
            Rope = new() { Theta = 5000 },
            NormEpsilon = 1e-5,
            TiedEmbeddings = tied,
        };
        Random random = new(seed);
        Weights = ModelFamily.ExpectedTensors(Description).ToDictionary(
            t => t.Name,
            t => (ReadOnlyMemory<float>)RandomArray(
                random,
                t.Shape.Aggregate((a, b) => a * b),
                t.Shape.Count == 1 ? 1 : 0,
                t.Name == LlamaTensorNames.Embedding ? 1 : 0.3));
        Model = CausalLM.FromWeights("tiny", Description, Weights, new InferenceOptions { MaxThreads = 1 });
    }

    public DecoderDescription Description { get; }

    public Dictionary<string, ReadOnlyMemory<float>> Weights { get; }

    public CausalLM Model { get; }

    public static float[] RandomArray(Random random, int length, double mean = 0, double spread = 1) =>
        [.. Enumerable.Range(0, length).Select(_ => (float)(mean + (spread * ((random.NextDouble() * 2) - 1))))];

    public int[] RandomTokens(int count, int seed = 2)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.Next(Description.VocabularySize))];
    }

    public LoraAdapter RandomAdapter(int seed = 3, int rank = 3, params string[] targets)
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
                        path, r, inFeatures, outFeatures, config.ScalingOf(path), RandomArray(random, r * inFeatures, 0, 0.2), RandomArray(random, outFeatures * r, 0, 0.2)));
                }
            }
        }

        return new LoraAdapter(config, modules);
    }

    /// <summary>Writes the model as a Hugging Face folder.</summary>
    public void Save(string folder, SafetensorsDataType dataType = SafetensorsDataType.F32, Action<List<SafetensorsTensor>>? change = null)
    {
        Directory.CreateDirectory(folder);
        LlamaFamily.WriteConfig(Path.Combine(folder, "config.json"), Description, beginToken: 1, endToken: 2);
        SafetensorsWriter.Write(Path.Combine(folder, "model.safetensors"), Tensors(dataType, change));
    }

    public List<SafetensorsTensor> Tensors(SafetensorsDataType dataType = SafetensorsDataType.F32, Action<List<SafetensorsTensor>>? change = null)
    {
        List<SafetensorsTensor> tensors =
        [
            .. ModelFamily.ExpectedTensors(Description)
                .Select(t => new SafetensorsTensor { Name = t.Name, Shape = t.Shape, Values = Weights[t.Name], DataType = dataType }),
        ];
        change?.Invoke(tensors);
        return tensors;
    }
}
