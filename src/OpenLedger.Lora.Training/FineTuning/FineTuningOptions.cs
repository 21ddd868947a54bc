using OpenLedger.Lora.Adapters;

namespace OpenLedger.Lora.Training.FineTuning;

/// <summary>How a LoRA adapter is trained.</summary>
public sealed record FineTuningOptions
{
    /// <summary>Passes over the training examples.</summary>
    /// <value>Default 30; 1 to 10 000.</value>
    public int Epochs { get; init; } = 30;

    /// <summary>Ends training after this many optimiser steps, whatever <see cref="Epochs"/> says; the schedule is laid over the shorter of the two.</summary>
    /// <value>Default <see langword="null"/>: no limit. At least 1.</value>
    public int? MaxSteps { get; init; }

    /// <summary>Examples per optimiser step.</summary>
    /// <value>Default 16; 1 to 4096.</value>
    public int BatchSize { get; init; } = 16;

    /// <summary>How gradients become updates.</summary>
    /// <value>Default <see cref="TrainingOptimizer.AdamW"/>.</value>
    public TrainingOptimizer Optimizer { get; init; } = TrainingOptimizer.AdamW;

    /// <summary>Peak learning rate.</summary>
    /// <value>Default 2e-3; above 0, at most 1.</value>
    public double LearningRate { get; init; } = 2e-3;

    /// <summary>What the learning rate does after the warm-up.</summary>
    /// <value>Default <see cref="LearningRateSchedule.Cosine"/>.</value>
    public LearningRateSchedule Schedule { get; init; } = LearningRateSchedule.Cosine;

    /// <summary>Share of the steps that warm up linearly, before <see cref="Schedule"/> begins; rounded down to whole steps.</summary>
    /// <value>Default 0.05; 0 to 0.9.</value>
    public double WarmupShare { get; init; } = 0.05;

    /// <summary>Weight decay: decoupled with AdamW, an L2 penalty with SGD.</summary>
    /// <value>Default 0; 0 to 1.</value>
    public double WeightDecay { get; init; }

    /// <summary>Global gradient norm above which gradients are scaled down.</summary>
    /// <value>Default 1; above 0. <see cref="double.PositiveInfinity"/> never scales.</value>
    public double MaxGradientNorm { get; init; } = 1;

    /// <summary>Shape of a new adapter, in PEFT's terms. Dropout is not supported in training.</summary>
    /// <value>Default: rank 16, alpha 32, every linear of every layer. Without effect where <see cref="StartFrom"/> is given.</value>
    public LoraConfig Lora { get; init; } = new() { Rank = 16, Alpha = 32, TargetModules = TargetModules.AllLinear };

    /// <summary>An adapter to go on training from; its configuration takes the place of <see cref="Lora"/>. The optimiser's state starts anew.</summary>
    /// <value>Default <see langword="null"/>: A uniform within ±1/√inFeatures (PEFT's start) and B zero, so that the new adapter changes nothing yet.</value>
    public LoraAdapter? StartFrom { get; init; }

    /// <summary>Seed of the adapter's first weights and of the order of the examples.</summary>
    /// <value>Default 0.</value>
    public int Seed { get; init; }

    /// <summary>Reports every fault at once.</summary>
    /// <exception cref="ArgumentException">A value is out of range; the message lists each with its legal range.</exception>
    public void Validate()
    {
        List<string> faults = [];
        void Check(bool legal, string name, object? value, string range)
        {
            if (!legal)
            {
                faults.Add($"{name} is {value}, legal is {range}");
            }
        }

        Check(Epochs is >= 1 and <= 10_000, nameof(Epochs), Epochs, "1 to 10000");
        Check(MaxSteps is null or >= 1, nameof(MaxSteps), MaxSteps, "null or at least 1");
        Check(BatchSize is >= 1 and <= 4096, nameof(BatchSize), BatchSize, "1 to 4096");
        Check(Enum.IsDefined(Optimizer), nameof(Optimizer), Optimizer, "AdamW or Sgd");
        Check(LearningRate is > 0 and <= 1, nameof(LearningRate), LearningRate, "above 0, at most 1");
        Check(Enum.IsDefined(Schedule), nameof(Schedule), Schedule, "Cosine or Constant");
        Check(WarmupShare is >= 0 and <= 0.9, nameof(WarmupShare), WarmupShare, "0 to 0.9");
        Check(WeightDecay is >= 0 and <= 1, nameof(WeightDecay), WeightDecay, "0 to 1");
        Check(MaxGradientNorm > 0, nameof(MaxGradientNorm), MaxGradientNorm, "above 0, infinity for no limit");
        if (AdapterConfig is not { } lora)
        {
            faults.Add("Lora is null, legal is a configuration");
        }
        else
        {
            Check(lora.Dropout == 0, $"{(StartFrom is null ? nameof(Lora) : "StartFrom.Config")}.Dropout", lora.Dropout, "0");
            try
            {
                lora.Validate();
            }
            catch (ArgumentException fault)
            {
                faults.Add(fault.Message);
            }
        }

        Check(StartFrom is null || StartFrom.TaskHead.Count == 0, "StartFrom.TaskHead", StartFrom?.TaskHead.Count, "empty, because only language models are trained");
        if (faults.Count > 0)
        {
            throw new ArgumentException($"Fine-tuning options: {string.Join("; ", faults)}.");
        }
    }

    /// <summary>The configuration that the trained adapter has.</summary>
    internal LoraConfig? AdapterConfig => StartFrom?.Config ?? Lora;
}
