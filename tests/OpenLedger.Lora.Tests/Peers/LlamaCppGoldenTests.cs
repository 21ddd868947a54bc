using OpenLedger.Lora.Gguf;
using OpenLedger.Lora.Safetensors;
using OpenLedger.Testing;

namespace OpenLedger.Lora.Tests.Peers;

public class LlamaCppGoldenTests
{
    /// <summary>Between builds of one version of llama.cpp for different processors: the order of sums only.</summary>
    private const float RebuildTolerance = 2e-4f;

    /// <summary>Far above <see cref="RebuildTolerance"/>: a flag that changes less than this is not obeyed.</summary>
    private const float ProbeEffect = 1e-2f;

    public static TheoryData<string> Names => [.. TinyCheckpoint.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Golden_Committed_BelongsToTheseWeightsAndIsSane(string name)
    {
        TinyCheckpoint checkpoint = TinyCheckpoint.All[name];
        using SafetensorsFile file = SafetensorsFile.Open(checkpoint.GoldenPath);
        Assert.Equal(checkpoint.GgufDigest(), file.Metadata["gguf_sha256"]);
        Assert.Equal(string.Join(' ', TinyCheckpoint.Ids), file.Metadata["ids"]);
        Assert.Equal([TinyCheckpoint.Ids.Count, TinyCheckpoint.Vocabulary], file.GetInfo("logits").Shape.ToArray());
        float[][] rows = [.. file.ReadSingles("logits").Chunk(TinyCheckpoint.Vocabulary)];
        Assert.All(rows, row => Assert.All(row, v => Assert.True(float.IsFinite(v))));
        for (int i = 1; i < rows.Length; i++)
        {
            Assert.True(Difference(rows[i - 1], rows[i]) > 0.5f, $"positions {i - 1} and {i} have the same logits");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Golden_Oracle_GivesTheSameLogitsAndObeysEveryFlag(string name)
    {
        string oracle = LlamaCppOracle.Require();
        TinyCheckpoint checkpoint = TinyCheckpoint.All[name];
        using TemporaryFolder folder = new();
        checkpoint.SaveGguf(folder.File("model.gguf"));
        float[] logits = LlamaCppOracle.Run(oracle, folder.File("model.gguf"), checkpoint.ExactGelu, TinyCheckpoint.Ids);
        if (Environment.GetEnvironmentVariable("OPENLEDGER_UPDATE_GOLDEN") == "1")
        {
            SafetensorsWriter.Write(
                checkpoint.GoldenPath,
                [new SafetensorsTensor { Name = "logits", Shape = [TinyCheckpoint.Ids.Count, TinyCheckpoint.Vocabulary], Values = logits }],
                new Dictionary<string, string>
                {
                    ["gguf_sha256"] = checkpoint.GgufDigest(),
                    ["ids"] = string.Join(' ', TinyCheckpoint.Ids),
                    ["source"] = File.ReadAllText(Path.Combine(oracle, "version")).Trim() + (checkpoint.ExactGelu ? ", GELU by erf" : ", GELU by tanh in fp32"),
                });
            Assert.Skip("The file was regenerated; a comparison with itself says nothing.");
        }

        Assert.InRange(Difference(checkpoint.ReadGolden(), logits), 0, RebuildTolerance);
        foreach (KeyValuePair<string, object> probe in checkpoint.Probes)
        {
            checkpoint.SaveGguf(folder.File("probe.gguf"), probe);
            float[] changed = LlamaCppOracle.Run(oracle, folder.File("probe.gguf"), checkpoint.ExactGelu, TinyCheckpoint.Ids);
            float effect = Difference(logits, changed);
            TestContext.Current.TestOutputHelper!.WriteLine($"{name} {probe.Key}={probe.Value}: {effect}");
            Assert.True(effect > ProbeEffect, $"'{probe.Key}' = {probe.Value} changes the logits by {effect} only");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Checkpoint_BothForms_HoldTheSameWeights(string name)
    {
        TinyCheckpoint checkpoint = TinyCheckpoint.All[name];

        // Layouts and names differ; Gemma's norms differ by one. What the GGUF derives from the configuration has no counterpart.
        bool shifted = name.StartsWith("gemma", StringComparison.Ordinal);
        Assert.Equal(
            Sorted(checkpoint.Tensors.Where(t => !shifted || t.Shape.Count > 1).SelectMany(t => t.Values.ToArray())),
            Sorted(checkpoint.GgufTensors
                .Where(t => !t.Name.StartsWith("rope_", StringComparison.Ordinal) && (!shifted || t.Shape.Count > 1))
                .SelectMany(t => t.Values.ToArray())));
        using TemporaryFolder folder = new();
        checkpoint.SaveHuggingFace(folder.Path);
        checkpoint.SaveGguf(folder.File("model.gguf"));
        using SafetensorsFile tensors = SafetensorsFile.Open(folder.File("model.safetensors"));
        using GgufFile gguf = GgufFile.Open(folder.File("model.gguf"));
        Assert.Equal(checkpoint.Tensors.Count, tensors.Tensors.Count);
        Assert.Equal(checkpoint.GgufTensors.Count, gguf.Tensors.Count);
        using System.Text.Json.JsonDocument config = System.Text.Json.JsonDocument.Parse(checkpoint.Config);
        Assert.True(config.RootElement.TryGetProperty("model_type", out _));
    }

    private static float[] Sorted(IEnumerable<float> values) => [.. values.Order()];

    private static float Difference(float[] first, float[] second)
    {
        Assert.Equal(first.Length, second.Length);
        return first.Zip(second).Max(p => Math.Abs(p.First - p.Second));
    }
}
