using OpenLedger.Lora.Adapters;
using OpenLedger.Lora.Training.FineTuning;

namespace OpenLedger.Lora.Training.Tests.FineTuning;

public sealed class FineTuningOptionsTests
{
    [Fact]
    public void Validate_EverythingWrong_IsToldAtOnce()
    {
        FineTuningOptions options = new()
        {
            Epochs = 0,
            MaxSteps = 0,
            BatchSize = 4097,
            Optimizer = (TrainingOptimizer)7,
            LearningRate = double.NaN,
            Schedule = (LearningRateSchedule)7,
            WarmupShare = 0.95,
            WeightDecay = -1,
            MaxGradientNorm = double.NaN,
            Lora = new LoraConfig { Dropout = 0.1, Rank = 0, TargetModules = TargetModules.AllLinear },
        };

        Assert.Equal(
            "Fine-tuning options: Epochs is 0, legal is 1 to 10000; MaxSteps is 0, legal is null or at least 1; BatchSize is 4097, legal is 1 to 4096; " +
            "Optimizer is 7, legal is AdamW or Sgd; LearningRate is NaN, legal is above 0, at most 1; Schedule is 7, legal is Cosine or Constant; " +
            "WarmupShare is 0.95, legal is 0 to 0.9; WeightDecay is -1, legal is 0 to 1; MaxGradientNorm is NaN, legal is above 0, infinity for no limit; " +
            "Lora.Dropout is 0.1, legal is 0; The LoRA configuration is invalid:\n  - Rank (r) is 0; legal is 1 to 65536.",
            Assert.Throws<ArgumentException>(options.Validate).Message);
        Assert.Contains("Lora is null", Assert.Throws<ArgumentException>(() => new FineTuningOptions { Lora = null! }.Validate()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_DefaultsAndLimits_Pass()
    {
        new FineTuningOptions().Validate();
        new FineTuningOptions
        {
            Epochs = 10_000,
            MaxSteps = 1,
            BatchSize = 4096,
            LearningRate = 1,
            WarmupShare = 0.9,
            WeightDecay = 1,
            MaxGradientNorm = double.PositiveInfinity,
            Optimizer = TrainingOptimizer.Sgd,
            Schedule = LearningRateSchedule.Constant,
        }.Validate();
    }
}
