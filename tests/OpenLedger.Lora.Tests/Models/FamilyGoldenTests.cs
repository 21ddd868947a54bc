using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Text.Json;
using OpenLedger.Lora.Adapters;
using OpenLedger.Lora.Inference;
using OpenLedger.Lora.Models;
using OpenLedger.Lora.Safetensors;
using OpenLedger.Testing;

namespace OpenLedger.Lora.Tests.Models;

/// <summary>Real checkpoints of every family, from the folder to the numbers that other engines give for them.</summary>
public class FamilyGoldenTests
{
    /// <summary>Stated in the data manifest for single precision against references in double.</summary>
    private const float LogitTolerance = 1e-4f;

    /// <summary>Twenty times below the tolerance of the engine that published the ChatGLM states; the data manifest states 5e-4.</summary>
    private const float StateTolerance = 2.5e-5f;

    [Theory]
    [InlineData("mlxd-tiny_llama3", 32)]
    [InlineData("mlxd-tiny_mistral", 32)]
    [InlineData("ref-bloom", 16)]
    [InlineData("ref-falcon-7b-style", 16)]
    [InlineData("ref-gemma", 16)]
    [InlineData("ref-qwen2", 16)]
    public void ComputeLogits_RealCheckpoint_MatchesTheReference(string name, int length)
    {
        using SafetensorsFile golden = SafetensorsFile.Open(RealData.Require($"models/{name}/golden.safetensors"));
        int[] tokens = Integers(golden, "input_ids");
        Assert.Equal(length, tokens.Length);
        foreach (bool map in (bool[])[false, true])
        {
            CausalLM model = CausalLM.Load(RealData.Require($"models/{name}"), new InferenceOptions { MapWeights = map, MaxThreads = 1 });
            AssertClose(golden.ReadSingles("logits"), model.ComputeLogits(tokens), LogitTolerance);
        }
    }

    [Theory]
    [InlineData("mlxd-tiny_mistral", nameof(DecoderDescription.Window))]
    [InlineData("mlxd-tiny_llama3", nameof(DecoderDescription.Rope))]
    [InlineData("ref-gemma", nameof(DecoderDescription.EmbeddingScale))]
    [InlineData("ref-bloom", nameof(DecoderDescription.Activation))]
    [InlineData("ref-falcon-7b-style", nameof(DecoderDescription.Layout))]
    [InlineData("tiny-random-gpt2", nameof(DecoderDescription.Activation))]
    public void ComputeLogits_WithoutOneTraitOfTheFamily_MissesTheReference(string name, string trait)
    {
        string prefix = name == "tiny-random-gpt2" ? "case0." : "";
        using ModelFolder folder = ModelFolder.Open(RealData.Require($"models/{name}"));
        using SafetensorsFile golden = SafetensorsFile.Open(RealData.Require($"models/{name}/golden.safetensors"));
        DecoderDescription real = folder.Description;
        DecoderDescription other = trait switch
        {
            nameof(DecoderDescription.Window) => real with { Window = null },
            nameof(DecoderDescription.Rope) => real with { Rope = real.Rope with { Scaling = null } },
            nameof(DecoderDescription.EmbeddingScale) => real with { EmbeddingScale = 7 },
            nameof(DecoderDescription.Activation) => real with { Activation = Activation.Silu },
            _ => real with { Layout = BlockLayout.Sequential },
        };
        int[] tokens = Integers(golden, prefix + "input_ids");

        float[] expected = golden.ReadSingles(prefix + "logits"), actual = From(folder, real).ComputeLogits(tokens), wrong = From(folder, other).ComputeLogits(tokens);

        AssertClose(expected, actual, LogitTolerance);
        float effect = LargestDifference(expected, wrong);
        Assert.True(effect > 50 * LargestDifference(expected, actual), $"the trait moves logits by {effect:E2} only, so that the reference proves little");
    }

    [Fact]
    public void Decode_Gpt2Greedy_GivesTheIdsOfOnnxRuntime()
    {
        CausalLM model = Load("tiny-random-gpt2");
        using JsonDocument golden = JsonDocument.Parse(File.ReadAllText(RealData.Require("models/tiny-random-gpt2/golden.json")));
        (DecodeSession Session, List<int> Tokens, int[] Expected)[] batch =
        [
            .. golden.RootElement.GetProperty("cases").EnumerateArray().Select(c => (
                model.CreateSession(), c.GetProperty("prompt").EnumerateArray().Select(t => t.GetInt32()).ToList(), c.GetProperty("expected").EnumerateArray().Select(t => t.GetInt32()).ToArray())),
        ];
        Assert.Equal(2, batch.Length);
        int[] next = [.. batch.Select(b => TensorPrimitives.IndexOfMax(b.Session.Prefill(CollectionsMarshal.AsSpan(b.Tokens))))];
        for (int step = 0; step < 6; step++)
        {
            for (int i = 0; i < batch.Length; i++)
            {
                batch[i].Tokens.Add(next[i]);
                next[i] = TensorPrimitives.IndexOfMax(batch[i].Session.Decode(next[i]));
            }
        }

        foreach ((DecodeSession session, List<int> tokens, int[] expected) in batch)
        {
            Assert.Equal(expected, tokens);

            // Another continuation, then back to the fifth token, gives the same ids again.
            session.Decode(7);
            session.Rewind(4);
            List<int> again = [.. tokens[..4]];
            int token = tokens[4];
            while (again.Count < expected.Length)
            {
                again.Add(token);
                token = TensorPrimitives.IndexOfMax(session.Decode(token));
            }

            Assert.Equal(expected, again);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void ComputeLogits_Gpt2_MatchesTheReference(int number)
    {
        using SafetensorsFile golden = SafetensorsFile.Open(RealData.Require("models/tiny-random-gpt2/golden.safetensors"));
        AssertClose(golden.ReadSingles($"case{number}.logits"), Load("tiny-random-gpt2").ComputeLogits(Integers(golden, $"case{number}.input_ids")), LogitTolerance);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ComputeLogits_AdapterOnFusedTransposedModule_MatchesTheReference(bool merged)
    {
        CausalLM model = Load("tiny-random-gpt2");
        LoraAdapter adapter = LoraAdapter.Load(RealData.Require("lora-golden/gpt2_c_attn_r4"));
        using SafetensorsFile golden = SafetensorsFile.Open(RealData.Require("lora-golden/gpt2_c_attn_r4/golden.safetensors"));
        int[] tokens = Integers(golden, "input_ids");
        float[] expected = golden.ReadSingles("logits"), baseLogits = golden.ReadSingles("base_logits");
        AssertClose(expected, merged ? model.Merge(adapter).ComputeLogits(tokens) : model.ComputeLogits(tokens, adapter), LogitTolerance);
        AssertClose(baseLogits, model.ComputeLogits(tokens), LogitTolerance);
        Assert.True(LargestDifference(expected, baseLogits) > 50 * LogitTolerance, "the adapter must matter, or this test proves nothing");
    }

    [Theory]
    [InlineData("tiny-chatglm1", 2)]
    [InlineData("tiny-chatglm2", 0)]
    public void Run_ChatGlmThreeTokensThenTwoCached_GivesTheStatesOfItsAuthors(string name, int context)
    {
        CausalLM model = Load(name);
        using SafetensorsFile golden = SafetensorsFile.Open(RealData.Require($"models/{name}/golden.safetensors"));
        int[] tokens = Integers(golden, "input_ids");
        int hidden = model.Description.HiddenSize;
        float[] expected = golden.ReadSingles("last_hidden_state"), states = new float[tokens.Length * hidden];
        LayerRunner runner = new(model, 0, ownRows: 3);
        SequenceState sequence = new(model.Description, null);
        runner.Reserve(3, 0);
        foreach ((int begin, int count) in ((int, int)[])[(0, 3), (3, 1), (4, 1)])
        {
            RowSegment segment = new(sequence, 0, count, begin, begin + count, context);
            runner.Run(new ReadOnlySpan<RowSegment>(in segment), tokens.AsSpan(begin, count), TestContext.Current.CancellationToken);
            runner.CopyFinalStates(0, count, states.AsSpan(begin * hidden, count * hidden));
        }

        AssertClose(expected, states, StateTolerance);

        // Sessions find the prompt themselves; the head of these files is the embedding.
        DecodeSession session = model.CreateSession();
        using ModelFolder folder = ModelFolder.Open(RealData.Require($"models/{name}"));
        float[] embedding = folder.ReadSingles(ModelFamily.Of(model.Description).Locate(model.Description)[0].Name);
        AssertLogits(session.Prefill(tokens.AsSpan(0, 3)), 2);
        AssertLogits(session.Decode(tokens[3]), 3);
        AssertLogits(session.Decode(tokens[4]), 4);

        void AssertLogits(ReadOnlySpan<float> logits, int row)
        {
            for (int token = 0; token < logits.Length; token++)
            {
                Assert.Equal(TensorPrimitives.Dot(expected.AsSpan(row * hidden, hidden), embedding.AsSpan(token * hidden, hidden)), logits[token], LogitTolerance);
            }
        }
    }

    private static CausalLM Load(string name) => CausalLM.Load(RealData.Require($"models/{name}"), new InferenceOptions { MaxThreads = 1 });

    /// <summary>The weights of a folder run as another description says.</summary>
    private static CausalLM From(ModelFolder folder, DecoderDescription description)
    {
        Dictionary<(DecoderTensor, int), TensorSource> sources = ModelFamily.Of(folder.Description).Locate(folder.Description).ToDictionary(s => (s.Tensor, s.Layer));
        return CausalLM.FromWeights(
            "other",
            description,
            (tensor, layer) =>
            {
                // A second norm that the checkpoint lacks is taken from the first.
                DecoderTensor stored = sources.ContainsKey((tensor, layer)) ? tensor
                    : tensor == DecoderTensor.MlpNorm ? DecoderTensor.AttentionNorm : DecoderTensor.AttentionNormBias;
                TensorSource source = sources[(stored, layer)];
                return SourceRows.Rows(source, folder.ReadSingles(source.Name), source.Shape.Count == 1 ? 1 : source.Shape[source.Transposed ? 0 : 1]);
            },
            new InferenceOptions { MaxThreads = 1 });
    }

    private static int[] Integers(SafetensorsFile file, string name) => [.. MemoryMarshal.Cast<byte, long>(file.GetBytes(name)).ToArray().Select(i => (int)i)];

    private static void AssertClose(float[] expected, float[] actual, float tolerance)
    {
        float largest = LargestDifference(expected, actual);
        Assert.True(largest <= tolerance, $"largest difference {largest:E2} exceeds {tolerance:E1}");
        TestContext.Current.TestOutputHelper?.WriteLine($"largest difference {largest:E2}");
    }

    private static float LargestDifference(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        return expected.Zip(actual, (a, b) => float.IsNaN(b) ? float.PositiveInfinity : Math.Abs(a - b)).Max();
    }
}
