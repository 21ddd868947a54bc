using OpenLedger.Lora.Models;
using OpenLedger.Testing;

namespace OpenLedger.Lora.Tests.Models;

/// <summary>Every real checkpoint opens: all names, shapes and types are what its family says.</summary>
public class ModelFolderRealDataTests
{
    [Theory]
    [InlineData("stories260K/hf", "llama", 1)]
    [InlineData("mlxd-tiny_llama3", "llama", null)]
    [InlineData("mlxd-tiny_mistral", "mistral", null)]
    [InlineData("ref-bloom", "bloom", 1)]
    [InlineData("ref-falcon-7b-style", "falcon", 11)]
    [InlineData("ref-gemma", "gemma", 2)]
    [InlineData("ref-qwen2", "qwen2", 2)]
    [InlineData("tiny-chatglm1", "chatglm1", null)]
    [InlineData("tiny-chatglm2", "chatglm", null)]
    [InlineData("tiny-random-gpt2", "gpt2", 98)]
    public void Open_RealCheckpoint_HoldsEveryTensor(string name, string family, int? beginToken)
    {
        using ModelFolder folder = ModelFolder.Open(RealData.Require($"models/{name}"));
        Assert.Equal(family, folder.Description.Family);
        Assert.Equal(beginToken, folder.BeginToken);
        foreach (TensorSource source in ModelFamily.Of(folder.Description).Locate(folder.Description))
        {
            Assert.Equal(source.Shape, ValueList.Create(folder.Info(source.Name).Shape));
            Assert.Equal(folder.Info(source.Name).ByteLength, folder.GetElements<byte>(source.Name).Length);
        }
    }

    [Fact]
    public void Open_DeepSeekV3_IsRefusedByName()
    {
        ModelFormatException exception = Assert.Throws<ModelFormatException>(() => ModelFolder.Open(RealData.Require("models/ref-deepseek-v3")));
        Assert.Equal(ModelFormatError.ConfigUnsupported, exception.Error);
        Assert.Contains("'deepseek_v3': a mixture of experts with multi-head latent attention", exception.Message, StringComparison.Ordinal);
    }
}
