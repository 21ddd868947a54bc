using OpenLedger.Lora.Adapters;
using OpenLedger.Lora.Inference;
using OpenLedger.Lora.Tests.Peers;
using OpenLedger.Lora.Training.Autograd;
using OpenLedger.Lora.Training.Tests.Reference;
using OpenLedger.Testing;

namespace OpenLedger.Lora.Training.Tests.Autograd;

/// <summary>Both executors of one description, on a tiny checkpoint of every family, with and without an adapter on every linear.</summary>
public sealed class ExecutorAgreementTests
{
    /// <summary>What the two float32 executors may differ by, relative to the largest logit where that exceeds 1.</summary>
    private const double Agreement = 1e-4;

    public static TheoryData<string> Names => [.. TinyCheckpoint.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Logits_TinyCheckpoint_AgreeWithTheManagedDecoder(string name)
    {
        using TemporaryFolder folder = new();
        TinyCheckpoint.All[name].SaveHuggingFace(folder.Path);
        CausalLM managed = CausalLM.Load(folder.Path);
        using TorchDecoder torch = TorchDecoder.Load(folder.Path);
        LoraAdapter adapter = AdapterFor(torch);
        using TorchLora lora = TorchLora.From(adapter);
        int[] tokens = [.. TinyCheckpoint.Ids];

        float[] baseLogits = managed.ComputeLogits(tokens), adapted = managed.ComputeLogits(tokens, adapter);

        double tolerance = Agreement * Math.Max(1, baseLogits.Max(Math.Abs));
        Assert.InRange(Logits.LargestDifference(baseLogits, Logits.Of(torch, null, tokens)), 0, tolerance);
        Assert.InRange(Logits.LargestDifference(adapted, Logits.Of(torch, lora, tokens)), 0, tolerance);
        Assert.True(Logits.LargestDifference(baseLogits, adapted) > 100 * tolerance, "the adapter changes too little to test anything");
    }

    [Fact]
    public void Load_PositionsInTwoDimensions_AreRefusedByName()
    {
        string folder = RealData.Require("models/tiny-chatglm1");
        Assert.Contains("ChatGLM-6B", Assert.Throws<ArgumentException>(() => TorchDecoder.Load(folder)).Message, StringComparison.Ordinal);
    }

    /// <summary>A pair on every linear that the checkpoint has, fused ones and transposed ones included.</summary>
    private static LoraAdapter AdapterFor(TorchDecoder model)
    {
        Random random = new(7);
        float[] Values(int count) => [.. Enumerable.Range(0, count).Select(_ => (float)((random.NextDouble() - 0.5) * 0.3))];
        LoraConfig config = new() { TargetModules = TargetModules.Named([.. model.Linears.Keys]), Rank = 3, Alpha = 6 };
        return new LoraAdapter(config, model.Linears.Select(linear => new LoraModule(
            linear.Key, 3, linear.Value.InFeatures, linear.Value.OutFeatures, 2, Values(3 * linear.Value.InFeatures), Values(linear.Value.OutFeatures * 3))));
    }
}
