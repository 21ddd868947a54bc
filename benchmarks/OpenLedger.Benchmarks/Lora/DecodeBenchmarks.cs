using BenchmarkDotNet.Attributes;
using OpenLedger.Lora.Adapters;
using OpenLedger.Lora.Inference;
using OpenLedger.Lora.Models;

namespace OpenLedger.Benchmarks.Lora;

/// <summary>64 tokens decoded one by one on a random model of 7 million weights: base, adapter unmerged, adapter merged.</summary>
[MemoryDiagnoser]
public class DecodeBenchmarks
{
    private CausalLM _model = null!;
    private CausalLM _merged = null!;
    private LoraAdapter _adapter = null!;

    /// <summary>Threads one product may use.</summary>
    [Params(1, 2)]
    public int Threads { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        DecoderDescription description = new()
        {
            VocabularySize = 4096,
            HiddenSize = 256,
            IntermediateSize = 688,
            LayerCount = 8,
            HeadCount = 8,
            KeyValueHeadCount = 4,
            HeadSize = 32,
            MaxPositions = 512,
            TiedEmbeddings = true,
        };
        Random random = new(1);
        Dictionary<string, ReadOnlyMemory<float>> weights = ModelFamily.ExpectedTensors(description).ToDictionary(
            t => t.Name, t => (ReadOnlyMemory<float>)Fill(random, t.Shape.Aggregate((a, b) => a * b)));
        _model = CausalLM.FromWeights("random", description, weights, new InferenceOptions { MaxThreads = Threads });
        LoraConfig config = new() { TargetModules = TargetModules.AllLinear, Rank = 16, Alpha = 16 };
        _adapter = new LoraAdapter(
            config,
            from layer in Enumerable.Range(0, description.LayerCount)
            from linear in Enum.GetValues<DecoderLinear>()
            let shape = description.ShapeOf(linear)
            select new LoraModule(
                LlamaTensorNames.Module(layer, linear), 16, shape.InFeatures, shape.OutFeatures, 1, Fill(random, 16 * shape.InFeatures), Fill(random, 16 * shape.OutFeatures)));
        _merged = _model.Merge(_adapter);
    }

    [Benchmark(Baseline = true)]
    public int Base() => Decode(_model.CreateSession());

    [Benchmark]
    public int AdapterUnmerged() => Decode(_model.CreateSession(_adapter));

    [Benchmark]
    public int AdapterMerged() => Decode(_merged.CreateSession());

    private static int Decode(DecodeSession session) =>
        session.Generate([1], new GenerationOptions { MaxTokens = 64 }).Last();

    private static float[] Fill(Random random, int length)
    {
        float[] values = new float[length];
        for (int i = 0; i < length; i++)
        {
            values[i] = (float)((random.NextDouble() - 0.5) * 0.1);
        }

        return values;
    }
}
