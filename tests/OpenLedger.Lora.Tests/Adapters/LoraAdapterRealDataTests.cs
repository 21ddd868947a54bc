using System.Text.Json;
using OpenLedger.Lora.Adapters;
using OpenLedger.Lora.Safetensors;
using OpenLedger.Testing;

namespace OpenLedger.Lora.Tests.Adapters;

/// <summary>Adapters that PEFT published, against an inventory and statistics computed independently.</summary>
public class LoraAdapterRealDataTests
{
    [Theory]
    [InlineData("bloom-560m", 24)]
    [InlineData("gemma3-270m-r4-qv", 36)]
    [InlineData("gpt2-seqcls", 12)]
    [InlineData("gpt2-tigrinya-clm", 36)]
    [InlineData("qwen2.5-0.5b", 48)]
    [InlineData("tinyllama-emotion", 44)]
    [InlineData("tinyllama-keywords", 44)]
    public void Load_PublishedAdapter_MatchesItsInventoryAndDeltas(string name, int moduleCount)
    {
        string folder = RealData.Require($"adapters/{name}");
        using JsonDocument expected = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "expected.json")));
        LoraAdapter adapter = LoraAdapter.Load(folder);
        Assert.Equal(moduleCount, adapter.Modules.Count);
        Assert.Equal(expected.RootElement.GetProperty("base_model").GetString(), adapter.Config.BaseModelNameOrPath);
        CheckInventory(folder, expected.RootElement.GetProperty("tensors"));
        Assert.Equal(
            expected.RootElement.GetProperty("non_lora_tensors").EnumerateArray().Select(t => t.GetString()),
            adapter.TaskHead.Keys.Select(k => "base_model.model." + k));

        int checkedDeltas = 0;
        foreach (JsonProperty delta in DeltasOf(expected.RootElement).EnumerateObject())
        {
            LoraModule module = adapter.Modules[delta.Name["base_model.model.".Length..]];
            Assert.Equal(delta.Value.GetProperty("out").GetInt32(), module.OutFeatures);
            Assert.Equal(delta.Value.GetProperty("in").GetInt32(), module.InFeatures);
            Assert.Equal(delta.Value.GetProperty("scaling").GetDouble(), module.Scaling, 1e-12);
            float[] weight = new float[module.OutFeatures * module.InFeatures];
            module.AddDeltaTo(weight);
            AssertRelative(delta.Value.GetProperty("delta_fro").GetDouble(), Math.Sqrt(weight.Sum(v => (double)v * v)), 1e-5);
            AssertRelative(delta.Value.GetProperty("delta_00").GetDouble(), weight[0], 1e-5);
            AssertRelative(delta.Value.GetProperty("delta_last").GetDouble(), weight[^1], 1e-5);
            checkedDeltas++;
        }

        Assert.Equal(moduleCount, checkedDeltas);
    }

    [Fact]
    public void Load_PublishedPickle_IsRefusedWithTheRemedy()
    {
        ModelFormatException exception = Assert.Throws<ModelFormatException>(() => LoraAdapter.Load(RealData.Require("adapters/gpt2-seqcls-bin")));
        Assert.Equal(ModelFormatError.PickleRefused, exception.Error);
        Assert.Contains("safe_serialization=True", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_GoldenLayersToTransform_HasOnlyThoseLayers() => Assert.All(
        LoraAdapter.Load(RealData.Require("lora-golden/layers_to_transform_mlp_r4")).Modules.Keys,
        path => Assert.Matches(@"^model\.layers\.(1|3)\.mlp\.(gate|down)_proj$", path));

    private static void CheckInventory(string folder, JsonElement tensors)
    {
        using SafetensorsFile file = SafetensorsFile.Open(Path.Combine(folder, LoraAdapter.WeightsFile));
        Assert.Equal(tensors.EnumerateObject().Select(t => t.Name).Order(StringComparer.Ordinal), file.Tensors.Select(t => t.Name).Order(StringComparer.Ordinal));
        foreach (JsonProperty tensor in tensors.EnumerateObject())
        {
            SafetensorsTensorInfo info = file.GetInfo(tensor.Name);
            Assert.Equal(tensor.Value.GetProperty("dtype").GetString(), info.DataType.ToString());
            Assert.Equal(tensor.Value.GetProperty("shape").EnumerateArray().Select(e => e.GetInt32()), info.Shape.ToArray());
            float[] values = file.ReadSingles(tensor.Name);
            double l2 = Math.Sqrt(values.Sum(v => (double)v * v));
            AssertRelative(tensor.Value.GetProperty("l2").GetDouble(), l2, 1e-6);

            // A sum of values of both signs cancels; its error scales with the sum of magnitudes.
            Assert.Equal(tensor.Value.GetProperty("sum").GetDouble(), values.Sum(v => (double)v), 1e-6 * values.Sum(v => Math.Abs((double)v)));
            Assert.Equal(tensor.Value.GetProperty("first").EnumerateArray().Select(e => e.GetSingle()), values.Take(3));
        }
    }

    private static JsonElement DeltasOf(JsonElement root) =>
        root.EnumerateObject().Single(p => p.Value.ValueKind == JsonValueKind.Object && p.Value.EnumerateObject().Any(m => m.Value.ValueKind == JsonValueKind.Object && m.Value.TryGetProperty("delta_fro", out _))).Value;

    private static void AssertRelative(double expected, double actual, double tolerance) =>
        Assert.True(Math.Abs(expected - actual) <= tolerance * Math.Abs(expected), $"{expected} against {actual}");
}
