using OpenLedger.Lora.Inference;
using OpenLedger.Testing;

namespace OpenLedger.Lora.Tests.Peers;

/// <summary>Models loaded from Hugging Face's form against llama.cpp's logits for the GGUF form.</summary>
public class CausalLMPeerTests
{
    /// <summary>fp32 sums in another order, through up to seven layers with logits up to 20.</summary>
    private const float LogitTolerance = 2e-4f;

    /// <summary>What <see cref="CausalLM.Load"/> reads so far; the others must be refused, not run wrongly.</summary>
    private static readonly string[] Loaded = ["llama"];

    public static TheoryData<string> Names => [.. TinyCheckpoint.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void ComputeLogits_TinyCheckpoint_GivesLlamaCppsLogits(string name)
    {
        TinyCheckpoint checkpoint = TinyCheckpoint.All[name];
        using TemporaryFolder folder = new();
        checkpoint.SaveHuggingFace(folder.Path);
        if (!Loaded.Contains(name))
        {
            Assert.Throws<ModelFormatException>(() => CausalLM.Load(folder.Path));
            return;
        }

        CausalLM model = CausalLM.Load(folder.Path);
        float[] expected = checkpoint.ReadGolden();
        float[] actual = model.ComputeLogits(TinyCheckpoint.Ids.ToArray());
        Assert.Equal(expected.Length, actual.Length);
        float difference = expected.Zip(actual).Max(p => Math.Abs(p.First - p.Second));
        TestContext.Current.TestOutputHelper!.WriteLine($"{name}: largest difference {difference:E1}");
        Assert.InRange(difference, 0, LogitTolerance);
    }
}
