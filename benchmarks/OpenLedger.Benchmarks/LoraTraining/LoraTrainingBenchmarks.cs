using BenchmarkDotNet.Attributes;
using OpenLedger.Attribution.Gradients;
using OpenLedger.Lora.Adapters;
using OpenLedger.Lora.Models;
using OpenLedger.Lora.Training.Autograd;
using OpenLedger.Lora.Training.Data;
using OpenLedger.Lora.Training.FineTuning;
using TorchSharp;

namespace OpenLedger.Benchmarks.LoraTraining;

/// <summary>
/// A LoRA on every linear (rank 16) of a small decoder (hidden 192, 4 layers, vocabulary 1024), 16 sequences of 32 tokens: one
/// optimiser step, and the gradient of each sequence on its own, which attribution needs.
/// </summary>
[MemoryDiagnoser]
public class LoraTrainingBenchmarks
{
    private const int Sequences = 16;
    private const int Tokens = 32;

    private readonly Stack<IDisposable> _owned = [];
    private TorchDecoder _model = null!;
    private TrainingExample[] _examples = null!;
    private TorchLora _adapter = null!;
    private IEnumerator<TrainingEvent> _events = null!;
    private IEnumerator<TrainingEvent> _coarseEvents = null!;

    [GlobalSetup]
    public void Setup()
    {
        TorchRuntime.EnsureLoaded();
        DecoderDescription description = new()
        {
            VocabularySize = 1024,
            HiddenSize = 192,
            IntermediateSize = 512,
            LayerCount = 4,
            HeadCount = 6,
            KeyValueHeadCount = 2,
            HeadSize = 32,
            MaxPositions = 256,
            TiedEmbeddings = true,
        };
        _model = Model(description, TorchProducts.FullPrecision);
        TorchDecoder coarseModel = Model(description, TorchProducts.BFloat16);
        Random random = new(1);
        _examples = [.. Enumerable.Range(0, Sequences).Select(i =>
            new TrainingExample($"{i}", [.. Enumerable.Range(0, Tokens).Select(_ => random.Next(description.VocabularySize))], Tokens / 2))];
        FineTuningOptions options = new()
        {
            BatchSize = Sequences,
            Epochs = 10_000,
            Lora = new LoraConfig { Rank = 16, Alpha = 32, TargetModules = TargetModules.AllLinear },
        };
        TrainingRun run = new(_model, options, _examples, []), coarseRun = new(coarseModel, options, _examples, []);
        _events = run.Events(CancellationToken.None).GetEnumerator();
        _coarseEvents = coarseRun.Events(CancellationToken.None).GetEnumerator();
        using FineTuner untrained = new(_model, options, _examples, []);
        _adapter = TorchLora.From(untrained.Adapter.ToAdapter(options.Lora));
        foreach (IDisposable one in new IDisposable[] { _model, coarseModel, run, coarseRun, _events, _coarseEvents, _adapter })
        {
            _owned.Push(one);
        }
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        while (_owned.TryPop(out IDisposable? one))
        {
            one.Dispose();
        }
    }

    /// <summary>One forward and one backward pass per sequence.</summary>
    [Benchmark(Baseline = true)]
    public GradientMatrix SampleGradientsOneByOne() => new LoraGradients(_model, _adapter, batchSize: 1).Compute(_examples);

    /// <summary>One forward and one backward pass for all, on one copy of the adapter per sequence.</summary>
    [Benchmark]
    public GradientMatrix SampleGradientsBatched() => new LoraGradients(_model, _adapter, batchSize: Sequences).Compute(_examples);

    [Benchmark]
    public double TrainingStep() => NextStep(_events);

    [Benchmark]
    public double TrainingStepBFloat16() => NextStep(_coarseEvents);

    private static double NextStep(IEnumerator<TrainingEvent> events)
    {
        while (events.MoveNext())
        {
            if (events.Current is TrainingStepCompleted step)
            {
                return step.Loss;
            }
        }

        throw new InvalidOperationException("All steps are done; give the run more epochs.");
    }

    private static TorchDecoder Model(DecoderDescription description, TorchProducts products)
    {
        using torch.Generator generator = new(7);
        return new TorchDecoder(description, TorchDecoder.Shapes(description).ToDictionary(
            shape => shape.Name,
            shape => shape.Shape.Length == 1 ? torch.ones(shape.Shape) : torch.randn(shape.Shape, generator: generator) * 0.05))
        {
            Products = products,
        };
    }
}
