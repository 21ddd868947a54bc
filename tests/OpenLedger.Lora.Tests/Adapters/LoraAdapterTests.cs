using OpenLedger.Lora.Adapters;
using OpenLedger.Lora.Safetensors;
using OpenLedger.Lora.Tests.Inference;
using OpenLedger.Testing;

namespace OpenLedger.Lora.Tests.Adapters;

public class LoraAdapterTests
{
    private const string Config = """{"peft_type":"LORA","r":2,"lora_alpha":6,"target_modules":["q_proj"]}""";

    [Fact]
    public void Save_ThenLoad_GivesTheSameAdapterAndTheSameBytes()
    {
        using TemporaryFolder folder = new();
        LoraAdapter adapter = new TinyLlama().RandomAdapter();
        adapter.Save(folder.File("one"));
        LoraAdapter loaded = LoraAdapter.Load(folder.File("one"));
        loaded.Save(folder.File("two"));
        Assert.Equal(adapter.Modules.Keys, loaded.Modules.Keys);
        foreach (LoraModule module in adapter.Modules.Values)
        {
            LoraModule other = loaded.Modules[module.ModulePath];
            Assert.Equal(module.LoraA.ToArray(), other.LoraA.ToArray());
            Assert.Equal(module.LoraB.ToArray(), other.LoraB.ToArray());
            Assert.Equal((module.Rank, module.InFeatures, module.OutFeatures, module.Scaling), (other.Rank, other.InFeatures, other.OutFeatures, other.Scaling));
        }

        foreach (string name in (string[])[LoraAdapter.ConfigFile, LoraAdapter.WeightsFile])
        {
            Assert.Equal(File.ReadAllBytes(folder.File("one", name)), File.ReadAllBytes(folder.File("two", name)));
        }

        using SafetensorsFile file = SafetensorsFile.Open(folder.File("one", LoraAdapter.WeightsFile));
        Assert.True(file.Contains("base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight"));
        Assert.Equal([60, 3], file.GetInfo("base_model.model.model.layers.0.self_attn.q_proj.lora_B.weight").Shape.ToArray());
        Assert.Equal("pt", file.Metadata["format"]);
    }

    [Fact]
    public void Save_AsBFloat16_RoundsTheWeights()
    {
        using TemporaryFolder folder = new();
        LoraAdapter adapter = new TinyLlama().RandomAdapter();
        adapter.Save(folder.Path, SafetensorsDataType.BF16);
        LoraAdapter loaded = LoraAdapter.Load(folder.Path);
        foreach ((float expected, float actual) in adapter.Modules.Values.First().LoraA.ToArray().Zip(loaded.Modules.Values.First().LoraA.ToArray()))
        {
            Assert.Equal(expected, actual, Math.Abs(expected) / 256);
        }
    }

    [Theory]
    [InlineData("base_model.model.", "")]
    [InlineData("base_model.", "")]
    [InlineData("", "")]
    [InlineData("base_model.model.", ".default")]
    public void Load_PrefixesAndAdapterNames_AreTolerated(string prefix, string adapterName)
    {
        using TemporaryFolder folder = new();
        Write(folder, Config, ($"{prefix}m.layers.0.q_proj.lora_A{adapterName}.weight", [2, 3]), ($"{prefix}m.layers.0.q_proj.lora_B{adapterName}.weight", [4, 2]));
        LoraModule module = Assert.Single(LoraAdapter.Load(folder.Path).Modules).Value;
        Assert.Equal("m.layers.0.q_proj", module.ModulePath);
        Assert.Equal((2, 3, 4, 3.0), (module.Rank, module.InFeatures, module.OutFeatures, module.Scaling));
    }

    [Fact]
    public void Load_TensorsThatDoNotFit_AreAllListed()
    {
        using TemporaryFolder folder = new();
        Write(
            folder,
            Config,
            ("base_model.model.a.q_proj.lora_A.weight", [2, 3]),
            ("base_model.model.b.q_proj.lora_A.weight", [2, 3]),
            ("base_model.model.b.q_proj.lora_B.weight", [4, 3]),
            ("base_model.model.c.q_proj.lora_magnitude_vector", [4]),
            ("lm_head.weight", [1, 1]),
            ("a.q_proj.lora_A.weight", [2, 3]));
        ModelFormatException exception = Assert.Throws<ModelFormatException>(() => LoraAdapter.Load(folder.Path));
        Assert.Equal(ModelFormatError.TensorsMismatch, exception.Error);
        foreach (string part in (string[])["'a.q_proj' has lora_A without lora_B", "'b.q_proj' has lora_A [2, 3] and lora_B [4, 3]", "lora_magnitude_vector", "'lm_head.weight'", "mean the same tensor"])
        {
            Assert.Contains(part, exception.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Load_ModulesThatContradictTheConfiguration_AreAllListed()
    {
        using TemporaryFolder folder = new();
        Write(
            folder,
            Config,
            ("a.q_proj.lora_A.weight", [3, 3]),
            ("a.q_proj.lora_B.weight", [4, 3]),
            ("a.v_proj.lora_A.weight", [2, 3]),
            ("a.v_proj.lora_B.weight", [4, 2]));
        string message = Assert.Throws<ModelFormatException>(() => LoraAdapter.Load(folder.Path)).Message;
        Assert.Contains("'a.q_proj' has rank 3; the configuration says 2", message, StringComparison.Ordinal);
        Assert.Contains("'a.v_proj' has weights and is no target", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_SlowExpressionInTheConfiguration_IsAFaultOfTheFile()
    {
        using TemporaryFolder folder = new();
        string module = new('a', 60);
        Write(folder, """{"peft_type":"LORA","r":2,"target_modules":"(?=a)(a+)+b"}""", ($"{module}.lora_A.weight", [2, 3]), ($"{module}.lora_B.weight", [4, 2]));
        Assert.Equal(ModelFormatError.ConfigInvalid, Assert.Throws<ModelFormatException>(() => LoraAdapter.Load(folder.Path)).Error);
    }

    [Fact]
    public void Load_MissingFiles_SayWhich()
    {
        using TemporaryFolder folder = new();
        Assert.Equal(ModelFormatError.FileMissing, Assert.Throws<ModelFormatException>(() => LoraAdapter.Load(folder.Path)).Error);
        File.WriteAllText(folder.File(LoraAdapter.ConfigFile), Config);
        Assert.Equal(ModelFormatError.FileMissing, Assert.Throws<ModelFormatException>(() => LoraAdapter.Load(folder.Path)).Error);
        File.WriteAllText(folder.File("adapter_model.bin"), "pickle");
        Assert.Equal(ModelFormatError.PickleRefused, Assert.Throws<ModelFormatException>(() => LoraAdapter.Load(folder.Path)).Error);
    }

    [Fact]
    public void Constructor_ScalingOfAnotherConfiguration_IsRefused()
    {
        LoraConfig config = new() { TargetModules = TargetModules.Named("q"), Rank = 1, Alpha = 2 };
        Assert.Contains(
            "scaling 1; the configuration says 2",
            Assert.Throws<ArgumentException>(() => new LoraAdapter(config, [new LoraModule("q", 1, 2, 2, 1, new float[2], new float[2])])).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new LoraAdapter(config, []));
        LoraModule good = new("q", 1, 2, 2, 2, new float[2], new float[2]);
        Assert.Throws<ArgumentException>(() => new LoraAdapter(config, [good, good]));
    }

    [Fact]
    public void LoraModule_WrongLengths_AreRefused()
    {
        Assert.Throws<ArgumentException>(() => new LoraModule("q", 2, 3, 4, 1, new float[5], new float[8]));
        Assert.Throws<ArgumentException>(() => new LoraModule("q", 2, 3, 4, 1, new float[6], new float[7]));
        Assert.Throws<ArgumentException>(() => new LoraModule("q", 2, 3, 4, double.NaN, new float[6], new float[8]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LoraModule("q", 0, 3, 4, 1, Array.Empty<float>(), Array.Empty<float>()));
        Assert.Throws<ArgumentException>(() => new LoraModule("q", 2, 3, 4, 1, new float[6], new float[8]).AddDeltaTo(new float[11]));
    }

    [Fact]
    public void AddDeltaTo_AddsScaledProductOnce()
    {
        float[] weight = [1, 1, 1, 1];
        new LoraModule("q", 1, 2, 2, 0.5, new float[] { 2, 4 }, new float[] { 1, 3 }).AddDeltaTo(weight);
        Assert.Equal([2f, 3f, 4f, 7f], weight);
    }

    internal static void Write(TemporaryFolder folder, string config, params (string Name, int[] Shape)[] tensors)
    {
        File.WriteAllText(folder.File(LoraAdapter.ConfigFile), config);
        SafetensorsWriter.Write(
            folder.File(LoraAdapter.WeightsFile),
            tensors.Select(t => new SafetensorsTensor { Name = t.Name, Shape = t.Shape, Values = new float[t.Shape.Aggregate(1, (a, b) => a * b)] }));
    }
}
