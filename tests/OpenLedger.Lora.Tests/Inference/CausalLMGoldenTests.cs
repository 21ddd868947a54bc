using System.Runtime.InteropServices;
using System.Text.Json;
using OpenLedger.Lora.Adapters;
using OpenLedger.Lora.Inference;
using OpenLedger.Lora.Safetensors;
using OpenLedger.Testing;

namespace OpenLedger.Lora.Tests.Inference;

/// <summary>The real stories260K checkpoint and adapters on it, against logits of an independent float64 reference.</summary>
public class CausalLMGoldenTests
{
    /// <summary>Stated in the data manifest for float32 engines; the reference's own float32 run differs by 1.2e-5.</summary>
    private const float LogitTolerance = 2e-4f;

    private static readonly string[] AdapterNames = ["lora_qv_r4", "rslora_all_linear_r8", "layers_to_transform_mlp_r4"];

    public static TheoryData<string, bool> Adapters { get; } =
        new(AdapterNames.SelectMany(a => new[] { (a, true), (a, false) }));

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 1)]
    [InlineData(false, 2)]
    public void Decode_Stories260KGreedy_GivesTheGoldenIds(bool mapWeights, int threads)
    {
        CausalLM model = Load(mapWeights, threads);
        using SafetensorsFile golden = SafetensorsFile.Open(RealData.Require("models/stories260K/golden/golden.safetensors"));
        long[] expected = Integers(golden, "input_ids");
        DecodeSession session = model.CreateSession();
        List<long> actual = [expected[0]];
        while (actual.Count < expected.Length)
        {
            actual.Add(System.Numerics.Tensors.TensorPrimitives.IndexOfMax(session.Decode((int)actual[^1])));
        }

        Assert.Equal(201, expected.Length);
        Assert.Equal(expected, actual);
    }

    [Fact]
    public void ComputeLogits_Stories260K_StaysWithinTheStatedTolerance()
    {
        CausalLM model = Load();
        using SafetensorsFile golden = SafetensorsFile.Open(RealData.Require("models/stories260K/golden/golden.safetensors"));
        int[] tokens = [.. Integers(golden, "input_ids").Select(i => (int)i)];
        AssertClose(golden.ReadSingles("logits"), model.ComputeLogits(tokens.AsSpan(0, 16)));

        double[] logProbabilities = model.ComputeLogProbabilities(tokens);
        float[] nll = golden.ReadSingles("nll");
        Assert.Equal(nll.Length, logProbabilities.Length);
        for (int i = 0; i < nll.Length; i++)
        {
            Assert.Equal(nll[i], -logProbabilities[i], LogitTolerance);
        }
    }

    [Theory]
    [MemberData(nameof(Adapters))]
    public void ComputeLogits_WithAdapter_MatchesTheReference(string adapterName, bool merged)
    {
        CausalLM model = Load();
        LoraAdapter adapter = LoraAdapter.Load(RealData.Require($"lora-golden/{adapterName}"));
        using SafetensorsFile golden = SafetensorsFile.Open(RealData.Require($"lora-golden/{adapterName}/golden.safetensors"));
        int[] tokens = [.. Integers(golden, "input_ids").Select(i => (int)i)];
        float[] expected = golden.ReadSingles("logits");

        float[] actual = merged ? model.Merge(adapter).ComputeLogits(tokens) : model.ComputeLogits(tokens, adapter);

        AssertClose(expected, actual);
        AssertClose(golden.ReadSingles("base_logits"), model.ComputeLogits(tokens));
        float largestEffect = expected.Zip(golden.ReadSingles("base_logits"), (a, b) => Math.Abs(a - b)).Max();
        Assert.True(largestEffect > 100 * LogitTolerance, "the adapter must matter, or this test proves nothing");
    }

    [Theory]
    [MemberData(nameof(Adapters))]
    public void Decode_WithAdapterGreedy_GivesTheGoldenIds(string adapterName, bool merged)
    {
        LoraAdapter adapter = LoraAdapter.Load(RealData.Require($"lora-golden/{adapterName}"));
        using SafetensorsFile golden = SafetensorsFile.Open(RealData.Require($"lora-golden/{adapterName}/golden.safetensors"));
        long[] expected = Integers(golden, "greedy_ids");
        DecodeSession session = merged ? Load().Merge(adapter).CreateSession() : Load().CreateSession(adapter);
        List<long> actual = [expected[0]];
        while (actual.Count < expected.Length)
        {
            actual.Add(System.Numerics.Tensors.TensorPrimitives.IndexOfMax(session.Decode((int)actual[^1])));
        }

        Assert.Equal(expected, actual);
    }

    private static CausalLM Load(bool mapWeights = false, int threads = 1) =>
        CausalLM.Load(RealData.Require("models/stories260K/hf"), new InferenceOptions { MapWeights = mapWeights, MaxThreads = threads });

    private static long[] Integers(SafetensorsFile file, string name) => MemoryMarshal.Cast<byte, long>(file.GetBytes(name)).ToArray();

    private static void AssertClose(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        float largest = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            largest = Math.Max(largest, float.IsNaN(actual[i]) ? float.PositiveInfinity : Math.Abs(expected[i] - actual[i]));
        }

        Assert.True(largest <= LogitTolerance, $"largest logit difference {largest:E2} exceeds {LogitTolerance:E0}");
        TestContext.Current.TestOutputHelper?.WriteLine($"largest logit difference {largest:E2}");
    }
}
