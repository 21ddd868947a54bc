using OpenLedger.Lora.Adapters;
using OpenLedger.Lora.Training.Autograd;
using OpenLedger.Lora.Training.Data;
using OpenLedger.Lora.Training.FineTuning;
using OpenLedger.Lora.Training.Objectives;
using OpenLedger.Lora.Training.Tests.Reference;
using OpenLedger.Testing;
using TorchSharp;

namespace OpenLedger.Lora.Training.Tests.FineTuning;

/// <summary>That nothing native outlives its owner, however training ends.</summary>
[Collection(LiveTensors.Alone)]
public sealed class FineTunerReleaseTests
{
    private static readonly FineTuningOptions Options = new()
    {
        Epochs = 3,
        BatchSize = 2,
        Lora = new LoraConfig { Rank = 2, Alpha = 4, TargetModules = TargetModules.Named("q_proj", "down_proj") },
    };

    /// <summary>A and B of two modules in two layers.</summary>
    private const int Parameters = 8;

    /// <summary>A model that has made the rotary tables that it keeps.</summary>
    private static TinyModel Warm()
    {
        TinyModel tiny = new();
        Assert.NotEmpty(Logits.Of(tiny.Torch, null, tiny.Tokens(20)));
        return tiny;
    }

    private static long Miscounted(int parameters) => parameters * LiveTensors.MiscountedPerParameter;

    [Fact]
    public void MiscountedParameters_AreNoMemory()
    {
        TorchRuntime.EnsureLoaded();
        long before = Environment.WorkingSet;
        for (int i = 0; i < 100; i++)
        {
            using torch.Tensor source = torch.ones(1 << 22);
            using TorchSharp.Modules.Parameter parameter = new(source);
        }

        Assert.InRange(Environment.WorkingSet - before, long.MinValue, 200 << 20);
    }

    [Theory]
    [InlineData(TrainingOptimizer.AdamW)]
    [InlineData(TrainingOptimizer.Sgd)]
    public async Task Dispose_AfterTraining_LeavesNoTensor(TrainingOptimizer optimizer)
    {
        using TinyModel tiny = Warm();
        TrainingExample[] examples = tiny.Examples(5);
        long left = await LiveTensors.LeftByAsync(async () =>
        {
            using FineTuner tuner = new(tiny.Torch, Options with { Optimizer = optimizer }, examples, examples);
            Assert.NotEmpty(await FineTunerTests.ListAsync(tuner));
            tuner.Adapter.ToAdapter(Options.Lora);
        });

        Assert.Equal(Miscounted(Parameters), left);
    }

    [Fact]
    public async Task TrainAsync_ManySteps_HoldNoMoreTensorsThanOne()
    {
        using TinyModel tiny = Warm();
        using FineTuner tuner = new(tiny.Torch, Options, tiny.Examples(6), []);
        List<long> live = [];
        await foreach (TrainingEvent happened in tuner.TrainAsync())
        {
            if (happened is TrainingStepCompleted)
            {
                live.Add(torch.Tensor.TotalCount);
            }
        }

        Assert.Equal(9, live.Count);
        Assert.All(live, count => Assert.Equal(live[0], count));
    }

    [Fact]
    public async Task Dispose_AfterLeavingTheLoop_LeavesNoTensorAndKeepsTheAdapterUntilThen()
    {
        using TinyModel tiny = Warm();
        long left = await LiveTensors.LeftByAsync(async () =>
        {
            using FineTuner tuner = new(tiny.Torch, Options, tiny.Examples(5), []);
            await foreach (TrainingEvent happened in tuner.TrainAsync())
            {
                if (happened is TrainingStepCompleted { Step: 2 })
                {
                    break;
                }
            }

            Assert.Contains(tuner.Adapter.ToAdapter(Options.Lora).Modules.Values, m => m.LoraB.ToArray().Any(v => v != 0));
        });

        Assert.Equal(Miscounted(Parameters), left);
    }

    [Fact]
    public async Task TrainAsync_CancelledMidway_StopsBeforeTheNextStepAndLeavesNoTensor()
    {
        using TinyModel tiny = Warm();
        int steps = 0;
        long left = await LiveTensors.LeftByAsync(async () =>
        {
            using CancellationTokenSource source = new();
            using FineTuner tuner = new(tiny.Torch, Options, tiny.Examples(5), tiny.Examples(2));
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
            {
                await foreach (TrainingEvent happened in tuner.TrainAsync().WithCancellation(source.Token))
                {
                    if (happened is TrainingStepCompleted && ++steps == 2)
                    {
                        source.Cancel();
                    }
                }
            });
        });

        Assert.Equal((2, Miscounted(Parameters)), (steps, left));
    }

    [Fact]
    public async Task TrainAsync_CancelledBefore_DoesNothingAndLeavesNoTensor()
    {
        using TinyModel tiny = Warm();
        long left = await LiveTensors.LeftByAsync(async () =>
        {
            using FineTuner tuner = new(tiny.Torch, Options, tiny.Examples(5), []);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => FineTunerTests.ListAsync(tuner, new CancellationToken(canceled: true)));
        });

        Assert.Equal(Miscounted(Parameters), left);
    }

    [Fact]
    public void Constructor_Failing_LeavesNoTensor()
    {
        using TinyModel tiny = Warm();
        using TinyModel other = new(heads: 4, keyValueHeads: 4);
        LoraConfig nothing = Options.Lora with { TargetModules = TargetModules.Named("c_attn") };
        LoraAdapter misfit = other.Adapter();

        long left = LiveTensors.LeftBy(() =>
        {
            Assert.Throws<ArgumentException>(() => new FineTuner(tiny.Torch, Options with { Lora = nothing }, tiny.Examples(1), []));
            Assert.Throws<ArgumentException>(() => new FineTuner(tiny.Torch, Options with { StartFrom = misfit }, tiny.Examples(1), []));
            Assert.Throws<ArgumentException>(() => new TrainingBatch([new("x", [1, 2], 1), new("y", [1], 1)]));
        });

        Assert.Equal(0, left);
    }

    [Fact]
    public async Task Constructor_InsideAScopeOfTheCaller_OutlivesIt()
    {
        using TinyModel tiny = Warm();
        LoraAdapter start = tiny.Adapter();
        long left = await LiveTensors.LeftByAsync(async () =>
        {
            FineTuner fresh, continued;
            TorchLora lora;
            TorchDecoder decoder;
            using TemporaryFolder folder = new();
            tiny.Save(folder.Path);
            using (torch.NewDisposeScope())
            {
                fresh = new FineTuner(tiny.Torch, Options, tiny.Examples(2), []);
                continued = new FineTuner(tiny.Torch, Options with { StartFrom = start }, tiny.Examples(2), []);
                lora = TorchLora.From(start);
                decoder = TorchDecoder.Load(folder.Path);
            }

            Assert.NotEmpty(await FineTunerTests.ListAsync(fresh));
            Assert.NotEmpty(await FineTunerTests.ListAsync(continued));
            Assert.NotEmpty(Logits.Of(decoder, lora, tiny.Tokens(5)));
            fresh.Dispose();
            continued.Dispose();
            lora.Dispose();
            decoder.Dispose();
        });

        Assert.Equal(Miscounted(Parameters + (2 * start.Modules.Count)), left);
    }

    [Fact]
    public void Loss_RefusedOrComputed_LeavesOnlyItsResult()
    {
        using TinyModel tiny = Warm();
        using TorchLora lora = TorchLora.From(tiny.Adapter());
        using TorchLora misfit = new();
        misfit.Add("model.layers.0.self_attn.q_proj", new TorchLoraPair(torch.zeros(2, 3), torch.zeros(4, 2), 1));

        long left = LiveTensors.LeftBy(() =>
        {
            using TrainingBatch batch = new(tiny.Examples(3));
            using torch.Tensor mean = CausalLoss.Mean(tiny.Torch, lora, batch);
            using torch.Tensor sum = CausalLoss.SumOfSampleMeans(tiny.Torch, lora, batch);
            Assert.Throws<ArgumentException>(() => CausalLoss.Mean(tiny.Torch, misfit, batch));
            using torch.Tensor hidden = tiny.Torch.Hidden(batch.Inputs, lora);
            using torch.Tensor logits = tiny.Torch.Logits(hidden);
        });

        Assert.Equal(0, left);
    }
}
