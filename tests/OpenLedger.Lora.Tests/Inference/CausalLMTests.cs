using OpenLedger.Lora.Adapters;
using OpenLedger.Lora.Inference;
using OpenLedger.Lora.Models;
using OpenLedger.Lora.Safetensors;
using OpenLedger.Lora.Tests.Reference;
using OpenLedger.Testing;

namespace OpenLedger.Lora.Tests.Inference;

public class CausalLMTests
{
    /// <summary>Twenty times what float32 rounding gives on these sizes (measured 4e-6 to 1e-5); any wrong term gives over 1e-2.</summary>
    private const double Tolerance = 2e-4;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ComputeLogits_RandomModel_EqualsTheScalarReference(bool tied)
    {
        TinyLlama tiny = new(tied);
        int[] tokens = tiny.RandomTokens(23);
        AssertClose(ReferenceDecoder.OfLlama(tiny.Description, tiny.Weights).Logits(tokens), tiny.Model.ComputeLogits(tokens));
    }

    [Fact]
    public void ComputeLogits_WithAdapter_EqualsTheScalarReferenceMergedAndUnmerged()
    {
        TinyLlama tiny = new();
        LoraAdapter adapter = tiny.RandomAdapter();
        int[] tokens = tiny.RandomTokens(19);
        double[][] expected = ReferenceDecoder.OfLlama(tiny.Description, tiny.Weights, adapter).Logits(tokens);
        AssertClose(expected, tiny.Model.ComputeLogits(tokens, adapter));
        AssertClose(expected, tiny.Model.Merge(adapter).ComputeLogits(tokens));
        double effect = expected.Zip(ReferenceDecoder.OfLlama(tiny.Description, tiny.Weights).Logits(tokens), (a, b) => a.Zip(b, (x, y) => Math.Abs(x - y)).Max()).Max();
        Assert.True(effect > 1000 * Tolerance, "the adapter must matter, or this test proves nothing");
    }

    [Fact]
    public void Merge_LeavesTheBaseUntouched()
    {
        TinyLlama tiny = new();
        int[] tokens = tiny.RandomTokens(9);
        float[] before = tiny.Model.ComputeLogits(tokens);
        CausalLM merged = tiny.Model.Merge(tiny.RandomAdapter());
        Assert.NotEqual(before, merged.ComputeLogits(tokens));
        Assert.Equal(before, tiny.Model.ComputeLogits(tokens));
    }

    [Fact]
    public void Decode_TokenByToken_IsBitIdenticalToPrefillAndScoring()
    {
        TinyLlama tiny = new();
        LoraAdapter adapter = tiny.RandomAdapter();
        int[] tokens = tiny.RandomTokens(150);
        float[] scored = tiny.Model.ComputeLogits(tokens, adapter);
        DecodeSession stepwise = tiny.Model.CreateSession(adapter);
        for (int i = 0; i < tokens.Length; i++)
        {
            Assert.Equal(scored[(i * 61)..((i + 1) * 61)], stepwise.Decode(tokens[i]).ToArray());
        }

        DecodeSession whole = tiny.Model.CreateSession(adapter);
        Assert.Equal(scored[^61..], whole.Prefill(tokens).ToArray());
        Assert.Equal(150, whole.Position);
    }

    [Fact]
    public void Rewind_ThenAnotherContinuation_EqualsAFreshSession()
    {
        TinyLlama tiny = new();
        int[] tokens = tiny.RandomTokens(40);
        DecodeSession session = tiny.Model.CreateSession();
        session.Prefill(tokens);
        session.Rewind(12);
        float[] actual = session.Prefill(tokens.AsSpan(20, 5)).ToArray();
        float[] expected = tiny.Model.CreateSession().Prefill((int[])[.. tokens[..12], .. tokens[20..25]]).ToArray();
        Assert.Equal(expected, actual);
        Assert.Throws<ArgumentOutOfRangeException>(() => session.Rewind(18));
    }

    [Fact]
    public void ComputeLogProbabilities_EqualsTheLogSoftmaxOfTheLogits()
    {
        TinyLlama tiny = new();
        int[] tokens = tiny.RandomTokens(20);
        double[][] logits = ReferenceDecoder.OfLlama(tiny.Description, tiny.Weights).Logits(tokens);
        double[] actual = tiny.Model.ComputeLogProbabilities(tokens);
        Assert.Equal(19, actual.Length);
        for (int i = 0; i < actual.Length; i++)
        {
            Assert.Equal(logits[i][tokens[i + 1]] - Math.Log(logits[i].Sum(Math.Exp)), actual[i], Tolerance);
        }

        Assert.Throws<ArgumentException>(() => tiny.Model.ComputeLogProbabilities([1]));
    }

    [Fact]
    public void Prefill_CancelledBetweenLayers_LeavesTheSequenceAsItWas()
    {
        TinyLlama tiny = new();
        DecodeSession session = tiny.Model.CreateSession();
        session.Prefill([1, 2, 3]);
        using CancellationTokenSource source = new();
        source.Cancel();
        Assert.Throws<OperationCanceledException>(() => session.Prefill([4, 5], source.Token).Length);
        Assert.Equal(3, session.Position);
        Assert.Equal(tiny.Model.CreateSession().Prefill([1, 2, 3, 6]).ToArray(), session.Decode(6).ToArray());
    }

    [Fact]
    public void Prefill_WrongTokens_SaysWhatIsLegal()
    {
        TinyLlama tiny = new(maxPositions: 8);
        DecodeSession session = tiny.Model.CreateSession();
        Assert.Contains("legal is 0 to 60", Assert.Throws<ArgumentOutOfRangeException>(() => session.Decode(61).Length).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => session.Decode(-1).Length);
        Assert.Throws<ArgumentException>(() => session.Prefill([]).Length);
        session.Prefill(tiny.RandomTokens(8));
        Assert.Contains("8 positions", Assert.Throws<ArgumentException>(() => session.Decode(1).Length).Message, StringComparison.Ordinal);
        Assert.Equal(8, session.Position);
    }

    [Fact]
    public async Task CreateSession_ManyThreadsAndAdapters_GiveWhatOneThreadGives()
    {
        TinyLlama tiny = new();
        LoraAdapter?[] adapters = [null, tiny.RandomAdapter(3), tiny.RandomAdapter(4, 2, "q_proj", "down_proj")];
        int[] tokens = tiny.RandomTokens(70);
        float[][] expected = [.. adapters.Select(a => tiny.Model.ComputeLogits(tokens, a))];
        CausalLM fresh = CausalLM.FromWeights("fresh", tiny.Description, tiny.Weights, new InferenceOptions { MaxThreads = 2 });
        float[][] actual = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => Task.Run(() => fresh.ComputeLogits(tokens, adapters[i % 3]))));
        for (int i = 0; i < actual.Length; i++)
        {
            Assert.Equal(expected[i % 3], actual[i]);
        }
    }

    [Theory]
    [InlineData(SafetensorsDataType.F32, false)]
    [InlineData(SafetensorsDataType.F32, true)]
    [InlineData(SafetensorsDataType.BF16, false)]
    [InlineData(SafetensorsDataType.BF16, true)]
    public void Load_SavedModel_ComputesWhatTheWeightsInMemoryCompute(SafetensorsDataType dataType, bool mapWeights)
    {
        using TemporaryFolder folder = new();
        TinyLlama tiny = new();
        tiny.Save(folder.Path, dataType);
        CausalLM loaded = CausalLM.Load(folder.Path, new InferenceOptions { MapWeights = mapWeights });
        Dictionary<string, ReadOnlyMemory<float>> rounded = tiny.Weights.ToDictionary(
            w => w.Key, w => dataType == SafetensorsDataType.F32 ? w.Value : w.Value.ToArray().Select(v => BitConverter.UInt32BitsToSingle((uint)BFloat16Conversion.Narrow(v) << 16)).ToArray());
        int[] tokens = tiny.RandomTokens(30);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        float[] expected = CausalLM.FromWeights("rounded", tiny.Description, rounded).ComputeLogits(tokens);
        float[] actual = loaded.ComputeLogits(tokens);
        for (int i = 0; i < expected.Length; i++)
        {
            // Matrices in bfloat16 are summed in another order than those in single precision.
            Assert.Equal(expected[i], actual[i], dataType == SafetensorsDataType.F32 ? 0 : 1e-5f);
        }

        Assert.Equal(tiny.Description, loaded.Description);
        Assert.Equal(1, loaded.BeginToken);
        Assert.Equal([2], loaded.EndTokens);
    }

    [Fact]
    public void FromWeights_MissingAndMisshapenTensors_AreAllListed()
    {
        TinyLlama tiny = new();
        tiny.Weights.Remove("model.norm.weight");
        tiny.Weights["lm_head.weight"] = new float[5];
        ArgumentException exception = Assert.Throws<ArgumentException>(() => CausalLM.FromWeights("broken", tiny.Description, tiny.Weights));
        Assert.Contains("'model.norm.weight' is missing", exception.Message, StringComparison.Ordinal);
        Assert.Contains("'lm_head.weight' has 5 elements; [61, 36] needs 2196", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void CreateSession_AdapterOfAnotherModel_ListsEveryModule()
    {
        TinyLlama tiny = new();
        LoraConfig config = new() { TargetModules = TargetModules.Named("q_proj", "other"), Rank = 1, Alpha = 1 };
        LoraAdapter adapter = new(
            config,
            [
                new LoraModule("model.layers.0.self_attn.q_proj", 1, 4, 4, 1, new float[4], new float[4]),
                new LoraModule("model.layers.0.other", 1, 36, 60, 1, new float[36], new float[60]),
            ]);
        ModelFormatException exception = Assert.Throws<ModelFormatException>(() => tiny.Model.CreateSession(adapter));
        Assert.Equal(ModelFormatError.AdapterMismatch, exception.Error);
        Assert.Contains("updates a [4, 4] weight; the model's is [60, 36]", exception.Message, StringComparison.Ordinal);
        Assert.Contains("'model.layers.0.other' is no linear layer", exception.Message, StringComparison.Ordinal);
        Assert.Throws<ModelFormatException>(() => tiny.Model.Merge(adapter));
    }

    [Fact]
    public void CreateSession_AdapterOfTheInnerModel_FindsItsModules()
    {
        TinyLlama tiny = new();
        LoraAdapter adapter = tiny.RandomAdapter();
        LoraAdapter inner = new(
            adapter.Config,
            adapter.Modules.Values.Select(m => new LoraModule(
                m.ModulePath["model.".Length..], m.Rank, m.InFeatures, m.OutFeatures, m.Scaling, m.LoraA, m.LoraB)));
        int[] tokens = tiny.RandomTokens(6);
        Assert.Equal(tiny.Model.ComputeLogits(tokens, adapter), tiny.Model.ComputeLogits(tokens, inner));
    }

    private static void AssertClose(double[][] expected, float[] actual)
    {
        Assert.Equal(expected.Sum(r => r.Length), actual.Length);
        double largest = 0;
        for (int i = 0; i < actual.Length; i++)
        {
            double difference = Math.Abs(expected[i / expected[0].Length][i % expected[0].Length] - actual[i]);
            largest = Math.Max(largest, double.IsNaN(difference) ? double.PositiveInfinity : difference);
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"largest difference {largest:E2}");
        Assert.True(largest <= Tolerance, $"largest difference {largest:E2} exceeds {Tolerance:E0}");
    }
}
