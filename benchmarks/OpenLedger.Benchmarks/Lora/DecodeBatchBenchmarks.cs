using System.Numerics.Tensors;
using BenchmarkDotNet.Attributes;
using OpenLedger.Lora.Adapters;
using OpenLedger.Lora.Inference;
using OpenLedger.Lora.Models;

namespace OpenLedger.Benchmarks.Lora;

/// <summary>
/// 32 tokens each for eight sequences, half of them with an adapter, on a random model of 34 million weights: one after another, and in a
/// batch, which reads each weight once per step.
/// </summary>
[MemoryDiagnoser]
public class DecodeBatchBenchmarks
{
    private const int Sequences = 8;
    private const int Steps = 32;

    private CausalLM _model = null!;
    private LoraAdapter _adapter = null!;

    /// <summary>Threads one product may use.</summary>
    [Params(1, 2)]
    public int Threads { get; set; }

    /// <summary>How linear layers and head are kept.</summary>
    [Params(WeightFormat.Single, WeightFormat.BFloat16, WeightFormat.Q8, WeightFormat.Q4)]
    public WeightFormat Format { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        DecoderDescription description = new()
        {
            VocabularySize = 8192,
            HiddenSize = 768,
            IntermediateSize = 2048,
            LayerCount = 4,
            HeadCount = 12,
            KeyValueHeadCount = 4,
            HeadSize = 64,
            MaxPositions = 512,
        };
        Random random = new(1);
        Dictionary<string, ReadOnlyMemory<float>> weights = ModelFamily.ExpectedTensors(description).ToDictionary(
            t => t.Name, t => (ReadOnlyMemory<float>)Fill(random, t.Shape.Aggregate((a, b) => a * b)));
        _model = CausalLM.FromWeights("random", description, weights, new InferenceOptions { MaxThreads = Threads, WeightFormat = Format });
        LoraConfig config = new() { TargetModules = TargetModules.AllLinear, Rank = 16, Alpha = 16 };
        _adapter = new LoraAdapter(
            config,
            from layer in Enumerable.Range(0, description.LayerCount)
            from linear in Enum.GetValues<DecoderLinear>()
            let shape = description.ShapeOf(linear)
            select new LoraModule(
                LlamaTensorNames.Module(layer, linear), 16, shape.InFeatures, shape.OutFeatures, 1, Fill(random, 16 * shape.InFeatures), Fill(random, 16 * shape.OutFeatures)));
    }

    [Benchmark(Baseline = true)]
    public int OneAfterAnother()
    {
        int last = 0;
        for (int i = 0; i < Sequences; i++)
        {
            last = _model.CreateSession(AdapterOf(i)).Generate([1], new GenerationOptions { MaxTokens = Steps }).Last();
        }

        return last;
    }

    [Benchmark]
    public int InABatch()
    {
        DecodeBatch batch = _model.CreateBatch();
        int[] tokens = new int[Sequences];
        for (int i = 0; i < Sequences; i++)
        {
            batch.Add(_model.CreateSession(AdapterOf(i)));
            tokens[i] = 1;
        }

        int vocabulary = _model.Description.VocabularySize;
        for (int step = 0; step < Steps; step++)
        {
            ReadOnlySpan<float> logits = batch.Decode(tokens);
            for (int i = 0; i < Sequences; i++)
            {
                tokens[i] = TensorPrimitives.IndexOfMax(logits.Slice(i * vocabulary, vocabulary));
            }
        }

        return tokens[^1];
    }

    private LoraAdapter? AdapterOf(int sequence) => sequence % 2 == 0 ? _adapter : null;

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
