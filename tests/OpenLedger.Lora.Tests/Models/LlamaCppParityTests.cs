using OpenLedger.Lora.Inference;
using OpenLedger.Lora.Models;
using OpenLedger.Lora.Tests.Peers;
using OpenLedger.Testing;

namespace OpenLedger.Lora.Tests.Models;

/// <summary>Tiny checkpoints of every family, as a folder and as a GGUF file, against the logits that llama.cpp computes.</summary>
public class LlamaCppParityTests
{
    /// <summary>Ten times the largest difference seen (1.7e-5), and what the goldens allow between builds of llama.cpp; a wrong term gives over 1e-2.</summary>
    private const float Tolerance = 2e-4f;

    public static TheoryData<string> Names => [.. TinyCheckpoint.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Load_FolderAndGguf_GiveTheLogitsOfLlamaCpp(string name)
    {
        TinyCheckpoint checkpoint = TinyCheckpoint.All[name];
        using TemporaryFolder folder = new();
        checkpoint.SaveHuggingFace(folder.Path);
        checkpoint.SaveGguf(folder.File("model.gguf"));
        int[] tokens = [.. TinyCheckpoint.Ids];
        float[] golden = checkpoint.ReadGolden();
        CausalLM fromFolder = CausalLM.Load(folder.Path), fromGguf = CausalLM.Load(folder.File("model.gguf"));

        float[] logits = fromFolder.ComputeLogits(tokens), ggufLogits = fromGguf.ComputeLogits(tokens);

        float difference = Difference(golden, logits), ggufDifference = Difference(golden, ggufLogits);
        TestContext.Current.TestOutputHelper!.WriteLine($"{name}: folder {difference:E2}, GGUF {ggufDifference:E2}");
        Assert.True(difference <= Tolerance && ggufDifference <= Tolerance, $"{name}: folder {difference:E2}, GGUF {ggufDifference:E2}");
    }

    private static float Difference(float[] first, float[] second)
    {
        Assert.Equal(first.Length, second.Length);
        return first.Zip(second).Max(p => float.IsNaN(p.Second) ? float.PositiveInfinity : Math.Abs(p.First - p.Second));
    }
}
