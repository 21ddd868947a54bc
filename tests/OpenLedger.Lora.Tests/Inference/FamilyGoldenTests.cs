using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Text.Json;
using OpenLedger.Lora.Adapters;
using OpenLedger.Lora.Inference;
using OpenLedger.Lora.Safetensors;
using OpenLedger.Testing;

namespace OpenLedger.Lora.Tests.Inference;

/// <summary>Checkpoints of every family against logits and states of other implementations and of a float64 reference.</summary>
public class FamilyGoldenTests
{
    /// <summary>Stated in the data manifest for float32 engines on these files.</summary>
    private const float Tolerance = 1e-4f;

    /// <summary>Upstream's own tolerance is 5e-4; a float64 reference agrees with the published code to 2e-7.</summary>
    private const float ChatGlmTolerance = 2e-5f;

    private static readonly string[] Models = ["mlxd-tiny_llama3", "mlxd-tiny_mistral", "ref-bloom", "ref-falcon-7b-style", "ref-gemma", "ref-qwen2"];

    public static TheoryData<string, bool> ModelsAndMapping { get; } = new(Models.SelectMany(m => new[] { (m, true), (m, false) }));

    [Theory]
    [MemberData(nameof(ModelsAndMapping))]
    public void ComputeLogits_Checkpoint_EqualsTheReference(string name, bool map)
    {
        CausalLM model = Load(name, map);
        using SafetensorsFile golden = Golden($"models/{name}");
        int[] tokens = Tokens(golden, "input_ids");
        AssertClose(golden.ReadSingles("logits"), model.ComputeLogits(tokens), Tolerance);

        // Token by token through the cache as well.
        DecodeSession session = model.CreateSession();
        float[] decoded = [.. tokens.SelectMany(t => session.Decode(t).ToArray())];
        AssertClose(golden.ReadSingles("logits"), decoded, Tolerance);
    }

    [Theory]
    [InlineData("tiny-chatglm1")]
    [InlineData("tiny-chatglm2")]
    public void ComputeStates_ChatGlm_EqualsThePublishedCode(string name)
    {
        CausalLM model = Load(name);
        using SafetensorsFile golden = Golden($"models/{name}");
        int[] tokens = Tokens(golden, "input_ids");
        Assert.Equal([0, 1, 2, 3, 4], tokens);
        DecodeSession session = model.CreateSession();
        float[] states = [.. session.ComputeStates(tokens.AsSpan(0, 3)), .. session.ComputeStates([3]), .. session.ComputeStates([4])];
        AssertClose(golden.ReadSingles("last_hidden_state"), states, ChatGlmTolerance);

        // The same in a batch, beside another sequence.
        DecodeBatch batch = model.CreateBatch();
        batch.Add(model.CreateSession());
        batch.Add(model.CreateSession());
        batch.Prefill([4, 0, 1, 2], [1, 3]);
        batch.Decode([1, 3]);
        float[] logits = batch.Decode([2, 4]).ToArray();
        DecodeSession alone = model.CreateSession();
        alone.Prefill([0, 1, 2]);
        alone.Decode(3);
        Assert.Equal(alone.Decode(4).ToArray(), logits[^model.Description.VocabularySize..]);
    }

    [Fact]
    public void Rewind_IntoAPromptThatSeesItself_IsRefused()
    {
        DecodeSession session = Load("tiny-chatglm1").CreateSession();
        float[] first = session.Prefill([0, 1, 2]).ToArray();
        session.Decode(3);
        Assert.Contains("rewind to 0 or to 2", Assert.Throws<ArgumentOutOfRangeException>(() => session.Rewind(1)).Message, StringComparison.Ordinal);
        session.Rewind(2);
        Assert.Equal(first, session.Decode(2).ToArray());
        session.Rewind(0);
        Assert.Equal(first, session.Prefill([0, 1, 2]).ToArray());
    }

    [Fact]
    public void ComputeLogits_Gpt2_EqualsTheReference()
    {
        CausalLM model = Load("tiny-random-gpt2");
        using SafetensorsFile golden = Golden("models/tiny-random-gpt2");
        foreach (string item in (string[])["case0", "case1"])
        {
            AssertClose(golden.ReadSingles($"{item}.logits"), model.ComputeLogits(Tokens(golden, $"{item}.input_ids")), Tolerance);
        }
    }

    [Fact]
    public void Decode_Gpt2GreedyInABatch_GivesTheIdsOfOnnxRuntime()
    {
        CausalLM model = Load("tiny-random-gpt2");
        using JsonDocument golden = JsonDocument.Parse(File.ReadAllBytes(RealData.Require("models/tiny-random-gpt2/golden.json")));
        JsonElement[] cases = [.. golden.RootElement.GetProperty("cases").EnumerateArray()];
        int[][] prompts = [.. cases.Select(c => List(c.GetProperty("prompt")))];
        int[][] expected = [.. cases.Select(c => List(c.GetProperty("expected")))];
        DecodeBatch batch = model.CreateBatch();
        foreach (int[] _ in prompts)
        {
            batch.Add(model.CreateSession());
        }

        List<int>[] actual = [.. prompts.Select(p => p.ToList())];
        float[] logits = batch.Prefill([.. prompts.SelectMany(p => p)], [.. prompts.Select(p => p.Length)]).ToArray();
        while (true)
        {
            int[] next = [.. logits.Chunk(model.Description.VocabularySize).Select(row => TensorPrimitives.IndexOfMax(row))];
            for (int i = 0; i < next.Length; i++)
            {
                actual[i].Add(next[i]);
            }

            if (actual[0].Count == expected[0].Length)
            {
                break;
            }

            logits = batch.Decode(next).ToArray();
        }

        Assert.Equal(expected, actual.Select(a => a.ToArray()));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ComputeLogits_Gpt2WithAdapterOnAFusedTransposedModule_EqualsTheReference(bool merged)
    {
        CausalLM model = Load("tiny-random-gpt2");
        LoraAdapter adapter = LoraAdapter.Load(RealData.Require("lora-golden/gpt2_c_attn_r4"));
        using SafetensorsFile golden = Golden("lora-golden/gpt2_c_attn_r4");
        int[] tokens = Tokens(golden, "input_ids");
        float[] expected = golden.ReadSingles("logits");
        AssertClose(expected, merged ? model.Merge(adapter).ComputeLogits(tokens) : model.ComputeLogits(tokens, adapter), Tolerance);
        AssertClose(golden.ReadSingles("base_logits"), model.ComputeLogits(tokens), Tolerance);
        Assert.True(expected.Zip(golden.ReadSingles("base_logits"), (a, b) => Math.Abs(a - b)).Max() > 100 * Tolerance, "the adapter must matter");
    }

    private static CausalLM Load(string name, bool map = true) =>
        CausalLM.Load(RealData.Require($"models/{name}"), new InferenceOptions { MapWeights = map, MaxThreads = 1 });

    private static SafetensorsFile Golden(string folder) => SafetensorsFile.Open(RealData.Require($"{folder}/golden.safetensors"));

    private static int[] Tokens(SafetensorsFile file, string name) =>
        [.. MemoryMarshal.Cast<byte, long>(file.GetBytes(name)).ToArray().Select(i => (int)i)];

    private static int[] List(JsonElement list) => [.. list.EnumerateArray().Select(i => i.GetInt32())];

    private static void AssertClose(float[] expected, float[] actual, float tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        float largest = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            largest = Math.Max(largest, float.IsNaN(actual[i]) ? float.PositiveInfinity : Math.Abs(expected[i] - actual[i]));
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"largest difference {largest:E2}");
        Assert.True(largest <= tolerance, $"largest difference {largest:E2} exceeds {tolerance:E0}");
    }
}
