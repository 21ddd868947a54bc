using OpenLedger.Lora.Adapters;
using OpenLedger.Lora.Safetensors;
using OpenLedger.Lora.Training.Autograd;
using OpenLedger.Lora.Training.Data;
using OpenLedger.Lora.Training.Objectives;
using OpenLedger.Lora.Training.Tests.Reference;
using OpenLedger.Testing;
using TorchSharp;

namespace OpenLedger.Lora.Training.Tests.Objectives;

public sealed class CausalLossTests
{
    /// <summary>float32 log-softmax against float64, losses of the order of 5.</summary>
    private const double Rounding = 2e-5;

    /// <summary>Stated with the golden gradients: float32 against exact float64, relative to the largest element of a tensor.</summary>
    private const double GoldenGradient = 1e-3;

    [Fact]
    public void Mean_PaddedBatch_IsTheMeanOverCountedTokensOfTheManagedDecoder()
    {
        using TinyModel tiny = new();
        LoraAdapter adapter = tiny.Adapter();
        using TorchLora lora = TorchLora.From(adapter);
        TrainingExample[] examples = tiny.Examples(7);
        double[][] losses = [.. examples.Select(e => tiny.Managed.ComputeLogProbabilities([.. e.Tokens], adapter).Skip(e.LossFrom - 1).Select(p => -p).ToArray())];
        using TrainingBatch batch = new(examples);

        using torch.Tensor mean = CausalLoss.Mean(tiny.Torch, lora, batch);
        using torch.Tensor sum = CausalLoss.SumOfSampleMeans(tiny.Torch, lora, batch);

        Assert.Equal(losses.SelectMany(l => l).Average(), mean.item<float>(), Rounding);
        Assert.Equal(losses.Sum(l => l.Average()), sum.item<float>(), 7 * Rounding);
        Assert.Equal(losses.Sum(l => l.Length), batch.LossTokens);
    }

    [Fact]
    public void Mean_RealModel_HasTheGoldenLossAndGradients()
    {
        string folder = RealData.Require("lora-golden/lora_qv_r4");
        using TorchDecoder model = TorchDecoder.Load(RealData.Require("models/stories260K/hf"));
        using TorchLora lora = TorchLora.From(LoraAdapter.Load(folder));
        using SafetensorsFile golden = SafetensorsFile.Open(Path.Combine(folder, "golden.safetensors"));
        using TrainingBatch batch = new([new TrainingExample("golden", golden.Tokens("input_ids"), 1)]);
        foreach (TorchLoraPair pair in lora.Pairs.Values)
        {
            pair.A.requires_grad_();
            pair.B.requires_grad_();
        }

        using torch.Tensor loss = CausalLoss.Mean(model, lora, batch);
        loss.backward();

        Assert.Equal(golden.Doubles("grad_loss")[0], loss.item<float>(), Rounding);
        Assert.Equal(10, lora.Pairs.Count);
        foreach ((string module, TorchLoraPair pair) in lora.Pairs)
        {
            foreach ((string factor, torch.Tensor weight) in new[] { ("lora_A", pair.A), ("lora_B", pair.B) })
            {
                double[] expected = golden.Doubles($"grad.{module}.{factor}");
                using torch.Tensor? gradient = weight.grad;
                float[] actual = gradient!.data<float>().ToArray();
                double scale = expected.Max(Math.Abs);
                Assert.True(scale > 1e-6, $"{module}.{factor} has no gradient to compare");
                Assert.InRange(Logits.LargestDifference([.. expected.Select(v => (float)v)], actual) / scale, 0, GoldenGradient);
            }
        }
    }

    [Fact]
    public void Mean_TokenOutsideTheVocabulary_IsRefusedEvenWhereItIsOnlyPredicted()
    {
        using TinyModel tiny = new();
        using TrainingBatch batch = new([new TrainingExample("x", [1, 2, 61], 1)]);

        Assert.Contains("61", Assert.Throws<ArgumentException>(() => CausalLoss.Mean(tiny.Torch, null, batch)).Message, StringComparison.Ordinal);
    }
}
