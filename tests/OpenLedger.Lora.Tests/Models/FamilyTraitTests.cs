using System.Runtime.InteropServices;
using OpenLedger.Lora.Inference;
using OpenLedger.Lora.Models;
using OpenLedger.Lora.Safetensors;
using OpenLedger.Testing;

namespace OpenLedger.Lora.Tests.Models;

/// <summary>Traits that configurations of real checkpoints give their descriptions: with them the logits are the reference's, without one they are not.</summary>
public class FamilyTraitTests
{
    /// <summary>Stated in the data manifest for single precision against references in double.</summary>
    private const float LogitTolerance = 1e-4f;

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
