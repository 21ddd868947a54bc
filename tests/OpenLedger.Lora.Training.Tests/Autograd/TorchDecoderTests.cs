using OpenLedger.Lora.Adapters;
using OpenLedger.Lora.Inference;
using OpenLedger.Lora.Models;
using OpenLedger.Lora.Safetensors;
using OpenLedger.Lora.Training.Autograd;
using OpenLedger.Lora.Training.Tests.Reference;
using OpenLedger.Testing;
using TorchSharp;

namespace OpenLedger.Lora.Training.Tests.Autograd;

public sealed class TorchDecoderTests
{
    /// <summary>Two float32 executors that sum in different orders; logits of these models are of the order of 1 to 10.</summary>
    private const double Agreement = 1e-4;

    /// <summary>Stated with the golden logits, which were computed in float64.</summary>
    private const double Golden = 2e-4;

    [Theory]
    [InlineData(false, 6, 2)]
    [InlineData(true, 6, 2)]
    [InlineData(false, 4, 4)]
    [InlineData(true, 4, 1)]
    public void Logits_RandomModel_AgreeWithTheManagedDecoder(bool tied, int heads, int keyValueHeads)
    {
        using TinyModel tiny = new(tied, heads, keyValueHeads);
        LoraAdapter adapter = tiny.Adapter();
        using TorchLora lora = TorchLora.From(adapter);
        int[] tokens = tiny.Tokens(tiny.Description.MaxPositions);

        float[] baseLogits = tiny.Managed.ComputeLogits(tokens), adapted = tiny.Managed.ComputeLogits(tokens, adapter);
        Assert.InRange(Logits.LargestDifference(baseLogits, Logits.Of(tiny.Torch, null, tokens)), 0, Agreement);
        Assert.InRange(Logits.LargestDifference(adapted, Logits.Of(tiny.Torch, lora, tokens)), 0, Agreement);
        Assert.True(Logits.LargestDifference(baseLogits, adapted) > 100 * Agreement, "the adapter changes too little to test anything");
    }

    [Fact]
    public void Hidden_BatchOfSequences_EqualsEachAlone()
    {
        using TinyModel tiny = new();
        using TorchLora lora = TorchLora.From(tiny.Adapter());
        int[] first = tiny.Tokens(9, seed: 8), second = tiny.Tokens(9, seed: 9);

        float[] together = Logits.Of(tiny.Torch, lora, first, second);

        float[] apart = [.. Logits.Of(tiny.Torch, lora, first), .. Logits.Of(tiny.Torch, lora, second)];
        Assert.InRange(Logits.LargestDifference(apart, together), 0, Agreement);
    }

    [Fact]
    public void Hidden_OneCopyPerSample_AppliesToEachSampleItsOwn()
    {
        using TinyModel tiny = new();
        using TorchLora one = TorchLora.From(tiny.Adapter(seed: 3)), other = TorchLora.From(tiny.Adapter(seed: 4)), both = new();
        foreach (string module in one.Pairs.Keys)
        {
            both.Add(module, new TorchLoraPair(
                torch.stack([one.Pairs[module].A, other.Pairs[module].A]), torch.stack([one.Pairs[module].B, other.Pairs[module].B]), one.Pairs[module].Scaling));
        }

        int[] tokens = tiny.Tokens(9);
        float[] together = Logits.Of(tiny.Torch, both, tokens, tokens);

        float[] apart = [.. Logits.Of(tiny.Torch, one, tokens), .. Logits.Of(tiny.Torch, other, tokens)];
        Assert.InRange(Logits.LargestDifference(apart, together), 0, Agreement);
    }

    [Fact]
    public void Hidden_RightPadding_LeavesEarlierPositionsAlone()
    {
        using TinyModel tiny = new();
        int[] tokens = tiny.Tokens(9), padded = [.. tokens, 0, 0, 0];

        float[] expected = Logits.Of(tiny.Torch, null, tokens);

        Assert.InRange(Logits.LargestDifference(expected, Logits.Of(tiny.Torch, null, padded).AsSpan(0, expected.Length)), 0, Agreement);
    }

    [Fact]
    public void Products_BFloat16_AreNearAndNotEqual()
    {
        using TinyModel tiny = new();
        using TorchDecoder coarse = new(tiny.Description, tiny.Tensors()) { Products = TorchProducts.BFloat16 };
        int[] tokens = tiny.Tokens(12);
        float[] exact = Logits.Of(tiny.Torch, null, tokens);

        double difference = Logits.LargestDifference(exact, Logits.Of(coarse, null, tokens));

        // bfloat16 keeps 8 bits: each product is off by up to 2^-8 of the largest logit, and errors of a few layers add up.
        Assert.InRange(difference, 1e-4, 10 * exact.Max(Math.Abs) / 256);
    }

    [Theory]
    [InlineData("lora_qv_r4")]
    [InlineData("rslora_all_linear_r8")]
    [InlineData("layers_to_transform_mlp_r4")]
    public void Logits_RealModelWithAdapter_AreTheGoldenOnes(string name)
    {
        string baseFolder = RealData.Require("models/stories260K/hf"), folder = RealData.Require($"lora-golden/{name}");
        using TorchDecoder model = TorchDecoder.Load(baseFolder);
        CausalLM managed = CausalLM.Load(baseFolder);
        LoraAdapter adapter = LoraAdapter.Load(folder);
        using TorchLora lora = TorchLora.From(adapter);
        using SafetensorsFile golden = SafetensorsFile.Open(Path.Combine(folder, "golden.safetensors"));
        int[] tokens = golden.Tokens("input_ids");

        float[] baseLogits = Logits.Of(model, null, tokens), adapted = Logits.Of(model, lora, tokens);

        Assert.InRange(Logits.LargestDifference(golden.ReadSingles("base_logits"), baseLogits), 0, Golden);
        Assert.InRange(Logits.LargestDifference(golden.ReadSingles("logits"), adapted), 0, Golden);
        Assert.InRange(Logits.LargestDifference(managed.ComputeLogits(tokens), baseLogits), 0, Agreement);
        Assert.InRange(Logits.LargestDifference(managed.ComputeLogits(tokens, adapter), adapted), 0, Agreement);
    }

    [Fact]
    public void Constructor_WrongWeights_ListsEveryFault()
    {
        using TinyModel tiny = new();
        using DisposeScope scope = torch.NewDisposeScope();
        Dictionary<string, torch.Tensor> weights = tiny.Tensors();
        weights.Remove(LlamaTensorNames.Head);
        weights[LlamaTensorNames.FinalNorm] = torch.zeros(35);
        weights[LlamaTensorNames.MlpNorm(1)] = torch.zeros(36, torch.float64);

        ArgumentException thrown = Assert.Throws<ArgumentException>(() => new TorchDecoder(tiny.Description, weights));

        Assert.Equal(
            "The weights do not fit the description: 'model.layers.1.post_attention_layernorm.weight' is Float64, expected Float32; " +
            "'model.norm.weight' is [35], expected [36]; 'lm_head.weight' is missing. (Parameter 'weights')",
            thrown.Message);
        Assert.Throws<ArgumentException>(() => new TorchDecoder(tiny.Description with { HeadSize = 9 }, weights));
    }

    [Fact]
    public void Load_SavedModel_IsTheModelAndADamagedOneIsRefused()
    {
        using TinyModel tiny = new();
        using TemporaryFolder folder = new(), damaged = new();
        tiny.Save(folder.Path);
        tiny.Save(damaged.Path, without: LlamaTensorNames.FinalNorm);
        using TorchDecoder loaded = TorchDecoder.Load(folder.Path);
        int[] tokens = tiny.Tokens(9);

        Assert.Equal(Logits.Of(tiny.Torch, null, tokens), Logits.Of(loaded, null, tokens));
        Assert.Throws<ModelFormatException>(() => TorchDecoder.Load(damaged.Path));
    }

    [Fact]
    public void Hidden_LongerAndShorterSequences_GrowTheRotaryTables()
    {
        using TinyModel tiny = new();
        foreach (int length in new[] { 1, 7, 40, 3, 23 })
        {
            int[] tokens = tiny.Tokens(length);
            Assert.InRange(Logits.LargestDifference(tiny.Managed.ComputeLogits(tokens), Logits.Of(tiny.Torch, null, tokens)), 0, Agreement);
        }
    }

    [Fact]
    public void Hidden_BadTokens_AreRefusedInWords()
    {
        using TinyModel tiny = new();
        using DisposeScope scope = torch.NewDisposeScope();
        void Refused(torch.Tensor ids, string part) =>
            Assert.Contains(part, Assert.Throws<ArgumentException>(() => tiny.Torch.Hidden(ids)).Message, StringComparison.Ordinal);

        Refused(torch.tensor([1L, 2L]), "[2]");
        Refused(torch.zeros([1, 41], torch.int64), "[1, 41]");
        Refused(torch.zeros([0, 3], torch.int64), "[0, 3]");
        Refused(torch.zeros([3, 0], torch.int64), "[3, 0]");
        Refused(torch.zeros([1, 3], torch.int32), "Int32");
        Refused(torch.tensor([0L, 61L], [1, 2]), "from 0 to 61; legal is 0 to 60");
        Refused(torch.tensor([-1L, 5L], [1, 2]), "from -1 to 5");
        Assert.Contains("[2, 35]", Assert.Throws<ArgumentException>(() => tiny.Torch.Logits(torch.zeros(2, 35))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Hidden_AdapterThatDoesNotFit_IsRefusedWithEveryFault()
    {
        // Inside TorchSharp each of these would end the process.
        using TinyModel tiny = new();
        using TorchLora adapter = new();
        adapter.Add("model.layers.0.self_attn.q_proj", new TorchLoraPair(torch.zeros(2, 35), torch.zeros(60, 2), 1));
        adapter.Add("model.layers.0.mlp.down_proj", new TorchLoraPair(torch.zeros(2, 50), torch.zeros(37, 2), 1));
        adapter.Add("model.layers.1.mlp.up_proj", new TorchLoraPair(torch.zeros(3, 2, 36), torch.zeros(3, 50, 2), 1));
        adapter.Add("model.layers.2.mlp.up_proj", new TorchLoraPair(torch.zeros(2, 36), torch.zeros(50, 2), 1));
        using torch.Tensor ids = torch.zeros([2, 4], torch.int64);

        ArgumentException thrown = Assert.Throws<ArgumentException>(() => tiny.Torch.Hidden(ids, adapter));

        Assert.Equal(
            "The adapter does not fit the model: 'model.layers.0.mlp.down_proj' maps 50 to 37 features, expected 50 to 36; " +
            "'model.layers.0.self_attn.q_proj' maps 35 to 60 features, expected 36 to 60; " +
            "'model.layers.1.mlp.up_proj' has 3 copies for a batch of 2; the model has no linear 'model.layers.2.mlp.up_proj'. (Parameter 'adapter')",
            thrown.Message);
        Assert.Throws<ArgumentException>(() => tiny.Torch.RequireFit(adapter));
        using TorchLora fitting = TorchLora.From(tiny.Adapter());
        tiny.Torch.RequireFit(fitting);
    }

    [Fact]
    public void Hidden_AfterDispose_IsRefused()
    {
        TinyModel tiny = new();
        TorchLora adapter = TorchLora.From(tiny.Adapter());
        using torch.Tensor ids = torch.zeros([1, 2], torch.int64);
        adapter.Dispose();
        Assert.Throws<ObjectDisposedException>(() => tiny.Torch.Hidden(ids, adapter));
        tiny.Dispose();
        tiny.Dispose();
        Assert.Throws<ObjectDisposedException>(() => tiny.Torch.Hidden(ids));
    }
}
