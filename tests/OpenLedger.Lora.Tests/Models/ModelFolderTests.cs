using OpenLedger.Lora.Models;
using OpenLedger.Lora.Safetensors;
using OpenLedger.Lora.Tests.Inference;
using OpenLedger.Testing;

namespace OpenLedger.Lora.Tests.Models;

public class ModelFolderTests
{
    [Fact]
    public void Open_MissingMisshapenAndUnknownTensors_AreAllListed()
    {
        using TemporaryFolder folder = new();
        new TinyLlama().Save(folder.Path, change: tensors =>
        {
            tensors.RemoveAll(t => t.Name == "model.norm.weight");
            int at = tensors.FindIndex(t => t.Name == "model.layers.1.mlp.up_proj.weight");
            tensors[at] = tensors[at] with { Shape = [36, 50] };
            tensors.Add(new SafetensorsTensor { Name = "model.layers.0.self_attn.q_proj.bias", Shape = [1], Values = new float[1] });
            tensors.Add(new SafetensorsTensor { Name = "model.layers.0.self_attn.rotary_emb.inv_freq", Shape = [1], Values = new float[1] });
        });
        ModelFormatException exception = Assert.Throws<ModelFormatException>(() => ModelFolder.Open(folder.Path));
        Assert.Equal(ModelFormatError.TensorsMismatch, exception.Error);
        Assert.Contains("'model.norm.weight' is missing", exception.Message, StringComparison.Ordinal);
        Assert.Contains("'model.layers.1.mlp.up_proj.weight' is [36, 50], expected [50, 36]", exception.Message, StringComparison.Ordinal);
        Assert.Contains("'model.layers.0.self_attn.q_proj.bias' is unexpected", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("inv_freq", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_Shards_ReadsThemAll()
    {
        using TemporaryFolder folder = new();
        TinyLlama tiny = SaveInShards(folder, """{"metadata":{"total_size":1},"weight_map":{"model.norm.weight":"two.safetensors","model.embed_tokens.weight":"one.safetensors"}}""");
        using ModelFolder model = ModelFolder.Open(folder.Path);
        foreach ((string name, ReadOnlyMemory<float> values) in tiny.Weights)
        {
            Assert.Equal(values.ToArray(), model.ReadSingles(name));
            Assert.Equal(values.ToArray(), model.GetSingles(name).ToArray());
        }

        Assert.Throws<ArgumentException>(() => model.ReadSingles("absent"));
    }

    [Theory]
    [InlineData("""{"weight_map":{"a":"../one.safetensors"}}""", ModelFormatError.ConfigInvalid)]
    [InlineData("""{"weight_map":{"a":"/etc/one.safetensors"}}""", ModelFormatError.ConfigInvalid)]
    [InlineData("""{"weight_map":{"a":"x\\one.safetensors"}}""", ModelFormatError.ConfigInvalid)]
    [InlineData("""{"weight_map":{"a":"config.json"}}""", ModelFormatError.ConfigInvalid)]
    [InlineData("""{"weight_map":{"a":5}}""", ModelFormatError.ConfigInvalid)]
    [InlineData("""{"weight_map":[]}""", ModelFormatError.ConfigInvalid)]
    [InlineData("""{}""", ModelFormatError.ConfigInvalid)]
    [InlineData("""{"weight_map":{"a":"three.safetensors"}}""", ModelFormatError.FileMissing)]
    [InlineData("""{"weight_map":{"a":""}}""", ModelFormatError.ConfigInvalid)]
    [InlineData("""{"weight_map":{"a":".."}}""", ModelFormatError.ConfigInvalid)]
    [InlineData("""{"weight_map":{"a":"\u0000.safetensors"}}""", ModelFormatError.ConfigInvalid)]
    [InlineData("""{"weight_map":{"a":".safetensors"}}""", ModelFormatError.FileMissing)]
    [InlineData("""{"weight_map":{"\ud800":"one.safetensors"}}""", ModelFormatError.ConfigInvalid)]
    [InlineData("""{"weight_map":{"a":"model.safetensors.index.json"}}""", ModelFormatError.ConfigInvalid)]
    [InlineData("""{"weight_map":{"model.norm.weight":"one.safetensors"}}""", ModelFormatError.TensorsMismatch)]
    [InlineData("""{"weight_map":{"a":"one.safetensors"}}""", ModelFormatError.TensorsMismatch)]
    [InlineData("""{"weight_map":{"model.norm.weight":"two.safetensors"}}""", ModelFormatError.TensorsMismatch)]
    [InlineData("""{"weight_map":{"model.embed_tokens.weight":"one.safetensors","model.norm.weight":"copy.safetensors","lm_head.weight":"two.safetensors"}}""", ModelFormatError.DuplicateName)]
    public void Open_HostileIndex_IsRefused(string index, ModelFormatError expected)
    {
        using TemporaryFolder folder = new();
        SaveInShards(folder, index);
        File.Copy(folder.File("two.safetensors"), folder.File("copy.safetensors"));
        Assert.Equal(expected, Assert.Throws<ModelFormatException>(() => ModelFolder.Open(folder.Path)).Error);
    }

    [Fact]
    public void Open_NoWeights_SaysWhatIsThereInstead()
    {
        using TemporaryFolder folder = new();
        Assert.Equal(ModelFormatError.FileMissing, Assert.Throws<ModelFormatException>(() => ModelFolder.Open(folder.File("absent"))).Error);
        new TinyLlama().Save(folder.Path);
        File.Delete(folder.File("model.safetensors"));
        Assert.Equal(ModelFormatError.FileMissing, Assert.Throws<ModelFormatException>(() => ModelFolder.Open(folder.Path)).Error);
        File.WriteAllText(folder.File("pytorch_model.bin"), "pickle");
        Assert.Equal(ModelFormatError.PickleRefused, Assert.Throws<ModelFormatException>(() => ModelFolder.Open(folder.Path)).Error);
    }

    [Fact]
    public void Open_GenerationConfig_WinsAndIsChecked()
    {
        using TemporaryFolder folder = new();
        new TinyLlama().Save(folder.Path);
        File.WriteAllText(folder.File("generation_config.json"), """{"eos_token_id":[7,9]}""");
        using (ModelFolder model = ModelFolder.Open(folder.Path))
        {
            Assert.Equal(1, model.BeginToken);
            Assert.Equal([7, 9], model.EndTokens);
        }

        File.WriteAllText(folder.File("generation_config.json"), """{"eos_token_id":61,"bos_token_id":-2}""");
        string message = Assert.Throws<ModelFormatException>(() => ModelFolder.Open(folder.Path)).Message;
        Assert.Contains("token id 61", message, StringComparison.Ordinal);
        Assert.Contains("token id -2", message, StringComparison.Ordinal);
    }

    private static TinyLlama SaveInShards(TemporaryFolder folder, string index)
    {
        TinyLlama tiny = new();
        tiny.Save(folder.Path);
        File.Delete(folder.File("model.safetensors"));
        List<SafetensorsTensor> tensors = tiny.Tensors();
        SafetensorsWriter.Write(folder.File("one.safetensors"), tensors[..7]);
        SafetensorsWriter.Write(folder.File("two.safetensors"), tensors[7..]);
        File.WriteAllText(folder.File("model.safetensors.index.json"), index);
        return tiny;
    }
}
