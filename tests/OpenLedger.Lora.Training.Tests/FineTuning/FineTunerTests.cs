using OpenLedger.Lora.Adapters;
using OpenLedger.Lora.Safetensors;
using OpenLedger.Lora.Training.Autograd;
using OpenLedger.Lora.Training.Data;
using OpenLedger.Lora.Training.FineTuning;
using OpenLedger.Lora.Training.Tests.Reference;
using OpenLedger.Testing;

namespace OpenLedger.Lora.Training.Tests.FineTuning;

public sealed class FineTunerTests
{
    private static readonly LoraConfig Small = new() { Rank = 4, Alpha = 8, TargetModules = TargetModules.AllLinear };

    /// <summary>Stated with the golden runs, which are float64: losses within 1e-3.</summary>
    private const double GoldenLoss = 1e-3;

    /// <summary>Stated with the golden runs: AdamW divides tiny gradients by their own size, so that float32 noise reaches the weights.</summary>
    private const double GoldenWeight = 2e-3;

    [Theory]
    [InlineData("sgd_10", TrainingOptimizer.Sgd, 10)]
    [InlineData("adamw_20", TrainingOptimizer.AdamW, 20)]
    public async Task TrainAsync_GoldenRun_FollowsItsLossesToItsWeights(string name, TrainingOptimizer optimizer, int steps)
    {
        string folder = RealData.Require($"train-golden/{name}");
        using TorchDecoder model = TorchDecoder.Load(RealData.Require("models/stories260K/hf"));
        using System.Text.Json.JsonDocument golden = System.Text.Json.JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "golden.json")));
        using TemporaryFolder start = new();
        File.Copy(Path.Combine(folder, "adapter_config.json"), start.File(LoraAdapter.ConfigFile));
        File.Copy(Path.Combine(folder, "init.safetensors"), start.File(LoraAdapter.WeightsFile));
        LoraAdapter initial = LoraAdapter.Load(start.Path);
        int[] tokens = [.. golden.RootElement.GetProperty("input_ids").EnumerateArray().Select(e => e.GetInt32())];
        double[] losses = [.. golden.RootElement.GetProperty("losses_before_each_step_then_final").EnumerateArray().Select(e => e.GetDouble())];
        TrainingExample example = new("golden", tokens, 1);
        FineTuningOptions options = new()
        {
            Epochs = steps,
            BatchSize = 1,
            Optimizer = optimizer,
            LearningRate = golden.RootElement.GetProperty("lr").GetDouble(),
            WeightDecay = golden.RootElement.GetProperty("weight_decay").GetDouble(),
            Schedule = LearningRateSchedule.Constant,
            WarmupShare = 0,
            MaxGradientNorm = double.PositiveInfinity,
            StartFrom = initial,
        };
        using FineTuner tuner = new(model, options, [example], [example]);

        List<TrainingEvent> events = await ListAsync(tuner);

        double[] measured = [.. events.OfType<TrainingStepCompleted>().Select(e => e.Loss), events.OfType<TrainingCompleted>().Single().HeldOutLoss!.Value];
        Assert.Equal(losses.Length, measured.Length);
        Assert.All(losses.Zip(measured), pair => Assert.Equal(pair.First, pair.Second, GoldenLoss));

        using SafetensorsFile final = SafetensorsFile.Open(Path.Combine(folder, "final.safetensors"));
        LoraAdapter trained = tuner.Adapter.ToAdapter(initial.Config);
        Assert.Equal(2, trained.Modules.Count);
        foreach (LoraModule module in trained.Modules.Values)
        {
            string prefix = $"base_model.model.{module.ModulePath}.";
            Assert.InRange(Logits.LargestDifference(final.ReadSingles(prefix + "lora_A.weight"), module.LoraA.Span), 0, GoldenWeight);
            Assert.InRange(Logits.LargestDifference(final.ReadSingles(prefix + "lora_B.weight"), module.LoraB.Span), 0, GoldenWeight);
            Assert.True(Logits.LargestDifference(initial.Modules[module.ModulePath].LoraB.Span, module.LoraB.Span) > 5 * GoldenWeight, "training moved too little to test anything");
        }
    }

    [Fact]
    public async Task TrainAsync_TinyTask_LearnsIt()
    {
        using TinyModel tiny = new();
        TrainingExample[] examples = tiny.Examples(6);
        using FineTuner tuner = new(tiny.Torch, new FineTuningOptions { Epochs = 40, BatchSize = 3, LearningRate = 0.02, Lora = Small }, examples, examples);

        List<TrainingEvent> events = await ListAsync(tuner);

        double before = events.OfType<TrainingStarted>().Single().HeldOutLoss!.Value, after = events.OfType<TrainingCompleted>().Single().HeldOutLoss!.Value;
        Assert.True(after < before / 4, $"held-out loss went from {before} to {after}");
        LoraAdapter adapter = tuner.Adapter.ToAdapter(Small);
        double managed = examples.SelectMany(e => tiny.Managed.ComputeLogProbabilities([.. e.Tokens], adapter).Skip(e.LossFrom - 1)).Average(p => -p);
        Assert.Equal(after, managed, 1e-4);
    }

    [Fact]
    public async Task TrainAsync_ShortLastBatch_CountsStepsTokensAndEpochs()
    {
        using TinyModel tiny = new();
        TrainingExample[] examples = tiny.Examples(5);
        using FineTuner tuner = new(tiny.Torch, new FineTuningOptions { Epochs = 2, BatchSize = 2, WarmupShare = 0.4, LearningRate = 0.01, Lora = Small }, examples, []);

        List<TrainingEvent> events = await ListAsync(tuner);

        Assert.Equal(
            ["TrainingStarted", .. Epoch, .. Epoch, "TrainingCompleted"], events.Select(e => e.GetType().Name));
        TrainingStarted started = (TrainingStarted)events[0];
        Assert.Equal((6, (double?)null), (started.TotalSteps, started.HeldOutLoss));
        Assert.Equal(tuner.Adapter.Pairs.Values.Sum(p => p.A.numel() + p.B.numel()), started.TrainableParameters);
        TrainingStepCompleted[] steps = [.. events.OfType<TrainingStepCompleted>()];
        Assert.Equal(Enumerable.Range(1, 6), steps.Select(s => s.Step));
        int tokens = examples.Sum(e => e.Tokens.Count - 1);
        Assert.Equal(tokens, steps[..3].Sum(s => s.Tokens));
        Assert.Equal(tokens, steps[3..].Sum(s => s.Tokens));
        Assert.NotEqual(steps[..3].Select(s => s.Tokens), steps[3..].Select(s => s.Tokens)); // shuffled anew
        Assert.Equal([1, 2], events.OfType<TrainingEpochCompleted>().Select(e => e.Epoch));
        Assert.Equal(steps[3..].Average(s => s.Loss), events.OfType<TrainingEpochCompleted>().Last().MeanLoss, 1e-12);

        // Two steps of warm-up, then a tenth plus nine tenths of (1 + cos(π k / 4)) / 2 for k = 0 to 3.
        double[] rates = [0.5, 1, 1, 0.1 + (0.45 * (1 + Math.Sqrt(0.5))), 0.55, 0.1 + (0.45 * (1 - Math.Sqrt(0.5)))];
        Assert.All(rates.Zip(steps), pair => Assert.Equal(pair.First * 0.01, pair.Second.LearningRate, 1e-12));
        Assert.Equal(TimeSpan.Zero, steps[^1].Remaining);
    }

    private static string[] Epoch => ["TrainingStepCompleted", "TrainingStepCompleted", "TrainingStepCompleted", "TrainingEpochCompleted"];

    [Theory]
    [InlineData(4, 4, 2)]
    [InlineData(3, 3, 1)]
    [InlineData(100, 6, 2)]
    public async Task TrainAsync_MaxSteps_CutsTheSchedule(int maxSteps, int expectedSteps, int expectedEpochs)
    {
        using TinyModel tiny = new();
        FineTuningOptions options = new() { Epochs = 2, MaxSteps = maxSteps, BatchSize = 2, WarmupShare = 0, Schedule = LearningRateSchedule.Constant, Lora = Small };
        using FineTuner tuner = new(tiny.Torch, options, tiny.Examples(5), []);

        List<TrainingEvent> events = await ListAsync(tuner);

        Assert.Equal(expectedSteps, events.OfType<TrainingStepCompleted>().Count());
        Assert.Equal(expectedEpochs, events.OfType<TrainingEpochCompleted>().Count());
        Assert.All(events.OfType<TrainingStepCompleted>(), step => Assert.Equal((options.LearningRate, expectedSteps), (step.LearningRate, step.TotalSteps)));
    }

    [Fact]
    public async Task TrainAsync_SameSeed_GivesTheSameBytesAndAnotherSeedOthers()
    {
        using TinyModel tiny = new();
        async Task<byte[]> TrainedAsync(int seed)
        {
            using FineTuner tuner = new(tiny.Torch, new FineTuningOptions { Epochs = 3, BatchSize = 2, Seed = seed, Lora = Small }, tiny.Examples(5), []);
            await ListAsync(tuner);
            using TemporaryFolder folder = new();
            tuner.Adapter.ToAdapter(Small).Save(folder.Path);
            return File.ReadAllBytes(folder.File(LoraAdapter.WeightsFile));
        }

        byte[] first = await TrainedAsync(11);
        Assert.Equal(first, await TrainedAsync(11));
        Assert.NotEqual(first, await TrainedAsync(12));
    }

    [Fact]
    public void Constructor_NewAdapter_ChangesNothingYetAndStartsAsPeftDoes()
    {
        using TinyModel tiny = new();
        using FineTuner tuner = new(tiny.Torch, new FineTuningOptions { Lora = Small }, tiny.Examples(1), []);
        LoraAdapter adapter = tuner.Adapter.ToAdapter(Small);
        int[] tokens = tiny.Tokens(8);

        Assert.Equal(14, adapter.Modules.Count);
        Assert.Equal(tiny.Managed.ComputeLogits(tokens), tiny.Managed.ComputeLogits(tokens, adapter));
        foreach (LoraModule module in adapter.Modules.Values)
        {
            float bound = 1 / MathF.Sqrt(module.InFeatures);
            float[] a = module.LoraA.ToArray();
            Assert.All(a, value => Assert.InRange(value, -bound, bound));
            Assert.True(a.Max() > 0.8f * bound && a.Min() < -0.8f * bound, "A does not fill its range");
        }
    }

    [Fact]
    public async Task TrainAsync_StartFrom_GoesOnFromItsWeights()
    {
        using TinyModel tiny = new();
        LoraAdapter start = tiny.Adapter();
        TrainingExample[] examples = tiny.Examples(4);
        using FineTuner tuner = new(tiny.Torch, new FineTuningOptions { MaxSteps = 1, LearningRate = 1e-3, StartFrom = start, Lora = Small }, examples, examples);
        Assert.Equal(start.Modules.Values.SelectMany(m => m.LoraB.ToArray()), tuner.Adapter.ToAdapter(start.Config).Modules.Values.SelectMany(m => m.LoraB.ToArray()));

        List<TrainingEvent> events = await ListAsync(tuner);

        double managed = examples.SelectMany(e => tiny.Managed.ComputeLogProbabilities([.. e.Tokens], start).Skip(e.LossFrom - 1)).Average(p => -p);
        Assert.Equal(managed, events.OfType<TrainingStarted>().Single().HeldOutLoss!.Value, 1e-4);
        Assert.NotEqual(managed, events.OfType<TrainingCompleted>().Single().HeldOutLoss!.Value, 1e-4);
    }

    [Fact]
    public async Task TrainAsync_GradientNorm_IsClippedOnlyAboveTheLimit()
    {
        using TinyModel tiny = new();
        LoraAdapter start = tiny.Adapter();
        async Task<double> MovedAsync(double maxNorm)
        {
            FineTuningOptions options = new()
            {
                MaxSteps = 1,
                Optimizer = TrainingOptimizer.Sgd,
                LearningRate = 0.5,
                WarmupShare = 0,
                MaxGradientNorm = maxNorm,
                StartFrom = start,
            };
            using FineTuner tuner = new(tiny.Torch, options, tiny.Examples(4), []);
            await ListAsync(tuner);
            return Math.Sqrt(tuner.Adapter.ToAdapter(start.Config).Modules.Values.Sum(m =>
                Squared(m.LoraA, start.Modules[m.ModulePath].LoraA) + Squared(m.LoraB, start.Modules[m.ModulePath].LoraB)));
        }

        // One SGD step moves by rate · ‖gradient‖.
        double free = await MovedAsync(double.PositiveInfinity) / 0.5;
        Assert.Equal(free, await MovedAsync(free * 10) / 0.5, free * 1e-4);
        Assert.Equal(free / 10, await MovedAsync(free / 10) / 0.5, free * 1e-4);

        static double Squared(ReadOnlyMemory<float> x, ReadOnlyMemory<float> y) =>
            x.ToArray().Zip(y.ToArray()).Sum(pair => Math.Pow((double)pair.First - pair.Second, 2));
    }

    [Fact]
    public async Task TrainAsync_SecondTime_IsRefused()
    {
        using TinyModel tiny = new();
        FineTuner tuner = new(tiny.Torch, new FineTuningOptions { MaxSteps = 1, Lora = Small }, tiny.Examples(2), []);
        IAsyncEnumerable<TrainingEvent> stream = tuner.TrainAsync();
        Assert.Throws<InvalidOperationException>(() => tuner.TrainAsync());
        await foreach (TrainingEvent _ in stream)
        {
        }

        await Assert.ThrowsAsync<InvalidOperationException>(async () =>
        {
            await foreach (TrainingEvent _ in stream)
            {
            }
        });
        tuner.Dispose();
        tuner.Dispose();
        Assert.Throws<ObjectDisposedException>(() => tuner.TrainAsync());
    }

    [Fact]
    public async Task TrainAsync_Divergence_KeepsTheLastFiniteWeights()
    {
        using TinyModel tiny = new();
        LoraAdapter start = tiny.Adapter();
        LoraModule[] blown = [.. start.Modules.Values.Select(m => new LoraModule(
            m.ModulePath, m.Rank, m.InFeatures, m.OutFeatures, m.Scaling, m.LoraA, m.LoraB.ToArray().Select(v => v * 1e38f).ToArray()))];
        LoraAdapter huge = new(start.Config, blown);
        using FineTuner tuner = new(tiny.Torch, new FineTuningOptions { StartFrom = huge }, tiny.Examples(2), []);

        NotFiniteNumberException thrown = await Assert.ThrowsAsync<NotFiniteNumberException>(() => ListAsync(tuner));

        Assert.Contains("lower LearningRate", thrown.Message, StringComparison.Ordinal);
        Assert.Equal(blown.SelectMany(m => m.LoraB.ToArray()), tuner.Adapter.ToAdapter(start.Config).Modules.Values.SelectMany(m => m.LoraB.ToArray()));
    }

    [Fact]
    public void Constructor_BadInput_IsRefusedBeforeTraining()
    {
        using TinyModel tiny = new();
        FineTuningOptions options = new() { Lora = Small };
        TrainingExample[] good = tiny.Examples(2);
        void Refused(string part, FineTuningOptions with, TrainingExample[] train, TrainingExample[] heldOut) => Assert.Contains(
            part, Assert.Throws<ArgumentException>(() => new FineTuner(tiny.Torch, with, train, heldOut)).Message, StringComparison.Ordinal);

        Refused("nothing to train on", options, [], good);
        Refused("BatchSize is 0", options with { BatchSize = 0 }, good, []);
        Refused("'bad' holds the token 61", options, [.. good, new("bad", [1, 61], 1)], []);
        Refused("'bad' has 42 tokens", options, good, [new("bad", tiny.Tokens(42), 1)]);
        Refused("'bad' has 1 tokens", options, good, [new("bad", [1], 1)]);
        Refused("match no linear", options with { Lora = Small with { TargetModules = TargetModules.Named("c_attn") } }, good, []);
        using TinyModel wider = new(heads: 4, keyValueHeads: 4);
        Refused("does not fit", options with { StartFrom = wider.Adapter() }, good, []);
        Refused("StartFrom.Config.Dropout", options with { StartFrom = new LoraAdapter(tiny.Adapter().Config with { Dropout = 0.5 }, tiny.Adapter().Modules.Values) }, good, []);

        // The longest sequence that fits: the last token is predicted and not read.
        using FineTuner fits = new(tiny.Torch, options, [new("long", tiny.Tokens(41), 1)], []);
    }

    internal static async Task<List<TrainingEvent>> ListAsync(FineTuner tuner, CancellationToken cancellationToken = default)
    {
        List<TrainingEvent> events = [];
        await foreach (TrainingEvent happened in tuner.TrainAsync(cancellationToken))
        {
            events.Add(happened);
        }

        return events;
    }
}
