using OpenLedger.Lora.Adapters;
using OpenLedger.Lora.Inference;
using OpenLedger.Lora.Models;
using OpenLedger.Testing;

namespace OpenLedger.Lora.Tests.Inference;

/// <summary>Adapters on the modules of real checkpoints of every family, fused and transposed ones too.</summary>
public class BoundAdapterTests
{
    private const float Tolerance = 1e-4f;

    public static TheoryData<string> Checkpoints { get; } =
        ["tiny-random-gpt2", "ref-bloom", "ref-falcon-7b-style", "tiny-chatglm1", "tiny-chatglm2", "mlxd-tiny_mistral", "ref-gemma", "ref-qwen2"];

    [Theory]
    [MemberData(nameof(Checkpoints))]
    public void CreateSession_AdapterOnEveryModule_EqualsTheCheckpointWithTheUpdateAdded(string name)
    {
        CausalLM model = CausalLM.Load(RealData.Require($"models/{name}"), new InferenceOptions { WeightFormat = WeightFormat.Single });
        LoraAdapter adapter = RandomAdapter(model, m => m);
        CausalLM updated = CausalLM.FromWeights("updated", model.Description, AddToCheckpoint(model, adapter));
        int[] tokens = [.. Enumerable.Range(0, Math.Min(20, model.Description.MaxPositions - 1)).Select(i => (7 * i) % model.Description.VocabularySize)];
        float[] expected = updated.ComputeLogits(tokens);
        AssertClose(expected, model.ComputeLogits(tokens, adapter));
        AssertClose(expected, model.Merge(adapter).ComputeLogits(tokens));
        Assert.True(expected.Zip(model.ComputeLogits(tokens), (a, b) => Math.Abs(a - b)).Max() > 100 * Tolerance, "the adapter must matter");

        // Adapters are trained on inner models, and on outer ones around them.
        AssertClose(expected, model.ComputeLogits(tokens, RandomAdapter(model, WithoutRoot)));
        AssertClose(expected, model.ComputeLogits(tokens, RandomAdapter(model, m => "model." + m)));
    }

    [Fact]
    public void Bind_FusedModule_SharesOneDownProjection()
    {
        CausalLM model = CausalLM.Load(RealData.Require("models/ref-bloom"));
        BoundAdapter bound = BoundAdapter.Bind(RandomAdapter(model, m => m), model);
        Assert.Equal(bound[1, DecoderLinear.Query]!.LoraA, bound[1, DecoderLinear.Value]!.LoraA);
        Assert.NotEqual(bound[1, DecoderLinear.Query]!.LoraA, bound[0, DecoderLinear.Query]!.LoraA);
        Assert.NotEqual(bound[1, DecoderLinear.Query]!.LoraA, bound[1, DecoderLinear.Output]!.LoraA);
        Assert.Null(bound[1, DecoderLinear.Gate]);
    }

    [Fact]
    public void CreateSession_FusedModuleOfAnotherWidth_NamesTheWholeShape()
    {
        CausalLM model = CausalLM.Load(RealData.Require("models/tiny-random-gpt2"));
        LoraConfig config = new() { TargetModules = TargetModules.Named("c_attn"), Rank = 1, Alpha = 1 };
        LoraAdapter adapter = new(config, [new LoraModule("h.0.attn.c_attn", 1, 32, 32, 1, new float[32], new float[32])]);
        Assert.Contains(
            "updates a [32, 32] weight; the model's is [96, 32]", Assert.Throws<ModelFormatException>(() => model.CreateSession(adapter)).Message, StringComparison.Ordinal);
        LoraAdapter twice = new(
            config,
            [
                new LoraModule("h.0.attn.c_attn", 1, 32, 96, 1, new float[32], new float[96]),
                new LoraModule("transformer.h.0.attn.c_attn", 1, 32, 96, 1, new float[32], new float[96]),
            ]);
        Assert.Contains("occurs twice", Assert.Throws<ModelFormatException>(() => model.RequireFit(twice)).Message, StringComparison.Ordinal);
    }

    private static LoraAdapter RandomAdapter(CausalLM model, Func<string, string> rename)
    {
        const int Rank = 3;
        LoraConfig config = new() { TargetModules = TargetModules.AllLinear, Rank = Rank, Alpha = 4 };
        Random random = new(5);
        return new LoraAdapter(config, model.LinearSources.DistinctBy(s => s.Module).Select(s =>
        {
            int inFeatures = s.Shape[s.Transposed ? 0 : 1], outFeatures = s.Shape[s.Transposed ? 1 : 0];
            return new LoraModule(
                rename(s.Module),
                Rank,
                inFeatures,
                outFeatures,
                config.ScalingOf(rename(s.Module)),
                TinyLlama.RandomArray(random, Rank * inFeatures, 0, 0.3),
                TinyLlama.RandomArray(random, outFeatures * Rank, 0, 0.3));
        }));
    }

    private static string WithoutRoot(string module) => module[(module.StartsWith("model.", StringComparison.Ordinal) ? 6 : module.StartsWith("transformer.", StringComparison.Ordinal) ? 12 : 0)..];

    /// <summary>The checkpoint's own tensors, in their own layout, with the update added in double.</summary>
    private static Dictionary<string, ReadOnlyMemory<float>> AddToCheckpoint(CausalLM model, LoraAdapter adapter)
    {
        using ModelFolder folder = ModelFolder.Open(model.Name);
        Dictionary<string, ReadOnlyMemory<float>> weights = ModelFamily.ExpectedTensors(folder.Description)
            .ToDictionary(t => t.Name, t => (ReadOnlyMemory<float>)folder.ReadSingles(t.Name));
        foreach (TensorSource source in model.LinearSources.DistinctBy(s => s.Module))
        {
            LoraModule update = adapter.Modules[source.Module];
            float[] weight = weights[source.Name].ToArray();
            for (int i = 0; i < update.OutFeatures; i++)
            {
                for (int j = 0; j < update.InFeatures; j++)
                {
                    double delta = 0;
                    for (int k = 0; k < update.Rank; k++)
                    {
                        delta += update.Scaling * update.LoraB.Span[(i * update.Rank) + k] * update.LoraA.Span[(k * update.InFeatures) + j];
                    }

                    int at = source.Transposed ? (j * update.OutFeatures) + i : (i * update.InFeatures) + j;
                    weight[at] = (float)(weight[at] + delta);
                }
            }

            weights[source.Name] = weight;
        }

        return weights;
    }

    private static void AssertClose(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        float scale = Math.Max(1, expected.Max(Math.Abs));
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], actual[i], Tolerance * scale);
        }
    }
}
