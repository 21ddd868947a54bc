using System.Text;
using CsCheck;
using OpenLedger.Lora.Models;
using OpenLedger.Testing;

namespace OpenLedger.Lora.Tests.Models;

public class LlamaFamilyTests
{
    private const string Valid =
        """{"model_type":"llama","vocab_size":512,"hidden_size":64,"intermediate_size":172,"num_hidden_layers":5,"num_attention_heads":8,"num_key_value_heads":4,"rms_norm_eps":1e-5,"rope_theta":20000,"max_position_embeddings":512,"tie_word_embeddings":true,"rope_scaling":null}""";

    [Fact]
    public void ReadDescription_RealConfig_IsUnderstood()
    {
        DecoderDescription expected = new()
        {
            VocabularySize = 512,
            HiddenSize = 64,
            IntermediateSize = 172,
            LayerCount = 5,
            HeadCount = 8,
            KeyValueHeadCount = 4,
            HeadSize = 8,
            MaxPositions = 512,
            Rope = new() { Theta = 10_000 },
            NormEpsilon = 1e-5,
            TiedEmbeddings = true,
        };
        Assert.Equal(expected, ModelFamily.ReadDescription(RealData.Require("models/stories260K/hf/config.json")));
    }

    [Fact]
    public void ReadDescription_AbsentFields_GetTheFamilysDefaults()
    {
        DecoderDescription description = Parse(Remove(Remove(Remove(Valid, "num_key_value_heads"), "rms_norm_eps"), "tie_word_embeddings"));
        Assert.Equal(8, description.KeyValueHeadCount);
        Assert.Equal(8, description.HeadSize);
        Assert.Equal(1e-6, description.NormEpsilon);
        Assert.Equal(20_000, description.Rope.Theta);
        Assert.False(description.TiedEmbeddings);
        Assert.Equal(7, Parse(Remove(Valid, "rope_theta").Replace("null", """{"rope_type":"default","rope_theta":7}""", StringComparison.Ordinal).Replace("rope_scaling", "rope_parameters", StringComparison.Ordinal)).Rope.Theta);
    }

    [Fact]
    public void ReadDescription_UnimplementedFeatures_AreAllListed()
    {
        ModelFormatException exception = Assert.Throws<ModelFormatException>(() => Parse(
            """{"model_type":"llama","hidden_act":"relu2","rope_scaling":{"rope_type":"ntk"},"quantization_config":{"bits":4,"quant_method":"gptq"},"num_local_experts":8,"residual_multiplier":0.5}"""));
        Assert.Equal(ModelFormatError.ConfigUnsupported, exception.Error);
        foreach (string part in (string[])["'hidden_act'", "'rope_scaling.rope_type' is 'ntk'", "'quantization_config' of method \"gptq\"", "'num_local_experts' is 8: a mixture", "'residual_multiplier' is 0.5"])
        {
            Assert.Contains(part, exception.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("vocab_size", "-1", "VocabularySize is -1")]
    [InlineData("vocab_size", "1e99", "vocab_size")]
    [InlineData("hidden_size", "\"64\"", "hidden_size")]
    [InlineData("num_attention_heads", "7", "not a multiple")]
    [InlineData("num_attention_heads", "0", "HeadCount is 0")]
    [InlineData("num_hidden_layers", "2000000000", "LayerCount is 2000000000")]
    [InlineData("rope_theta", "0", "rotary base")]
    [InlineData("rms_norm_eps", "-1", "NormEpsilon")]
    [InlineData("head_dim", "7", "even")]
    public void ReadDescription_ImpossibleNumbers_AreNamed(string field, string value, string expected)
    {
        string json = Remove(Valid, field).TrimEnd('}') + $",\"{field}\":{value}}}";
        ModelFormatException exception = Assert.Throws<ModelFormatException>(() => Parse(json));
        Assert.Equal(ModelFormatError.ConfigInvalid, exception.Error);
        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ReadDescription_SeveralFaults_AreListedTogether()
    {
        string message = Assert.Throws<ModelFormatException>(() => Parse("""{"model_type":"llama","vocab_size":"x","hidden_size":1.5}""")).Message;
        foreach (string field in (string[])["vocab_size", "hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads"])
        {
            Assert.Contains($"'{field}'", message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void WriteConfig_ThenRead_GivesTheSameDescription()
    {
        using TemporaryFolder folder = new();
        DecoderDescription description = Parse(Valid) with { HeadSize = 24, Rope = new() { Theta = 123.5 }, NormEpsilon = 3e-6 };
        LlamaFamily.WriteConfig(folder.File("config.json"), description, 1, 2);
        Assert.Equal(description, ModelFamily.ReadDescription(folder.File("config.json")));
        Assert.Throws<ArgumentException>(() => LlamaFamily.WriteConfig(folder.File("config.json"), description with { HeadSize = 0 }));

        description = description with
        {
            QueryKeyValueBias = true,
            AttentionOutputBias = true,
            MlpBias = true,
            Activation = Activation.GeluTanh,
            Rope = new()
            {
                Theta = 5e5,
                Scaling = new() { Kind = RotaryScalingKind.Llama3, Factor = 8, OriginalMaxPositions = 256, LowFrequencyFactor = 2, HighFrequencyFactor = 5 },
            },
        };
        LlamaFamily.WriteConfig(folder.File("config.json"), description);
        Assert.Equal(description, ModelFamily.ReadDescription(folder.File("config.json")));
        description = description with { Rope = new() { Scaling = new() { Kind = RotaryScalingKind.Linear, Factor = 4 } } };
        LlamaFamily.WriteConfig(folder.File("config.json"), description);
        Assert.Equal(description, ModelFamily.ReadDescription(folder.File("config.json")));
    }

    [Fact]
    public void WriteConfig_WhatLlamaCannotSay_IsRefused()
    {
        using TemporaryFolder folder = new();
        DecoderDescription plain = Parse(Valid);
        DecoderDescription[] others =
        [
            plain with { Family = "mistral" }, plain with { Norm = NormKind.LayerNorm }, plain with { Layout = BlockLayout.Sandwich },
            plain with { Window = 8 }, plain with { QueryKeyNorm = true }, plain with { GatedMlp = false }, plain with { EmbeddingScale = 2 },
            plain with { LogitSoftCap = 30 }, plain with { QueryKeyValueBias = true }, plain with { Rope = new() { Dimensions = 4 } },
            plain with { Rope = new() { Interleaved = true } }, plain with { Positions = PositionKind.Learned },
            plain with { Rope = new() { Scaling = new() { Kind = RotaryScalingKind.Dynamic, Factor = 2, OriginalMaxPositions = 512 } } },
        ];
        foreach (DecoderDescription other in others)
        {
            other.Validate();
            Assert.Throws<ArgumentException>(() => LlamaFamily.WriteConfig(folder.File("config.json"), other));
        }

        Assert.False(File.Exists(folder.File("config.json")));
    }

    [Fact]
    public void ReadDescription_FlippedAndTruncatedFiles_GiveTheExceptionOrAValidObject()
    {
        using TemporaryFolder folder = new();
        byte[] valid = Encoding.UTF8.GetBytes(Valid);
        int refused = 0;
        Gen.Select(Gen.Int[1, valid.Length], Gen.Select(Gen.Int[0, valid.Length - 1], Gen.Byte).Array[0, 4]).Sample(
            (length, flips) =>
            {
                byte[] bytes = valid.ToArray();
                foreach ((int at, byte value) in flips)
                {
                    bytes[at] ^= value;
                }

                File.WriteAllBytes(folder.File("f.json"), length % 2 == 0 ? bytes : bytes[..length]);
                try
                {
                    ModelFamily.ReadDescription(folder.File("f.json")).Validate();
                }
                catch (ModelFormatException)
                {
                    refused++;
                }
            },
            iter: 3000,
            threads: 1);
        Assert.True(refused > 100);
    }

    private static string Remove(string json, string field) =>
        System.Text.RegularExpressions.Regex.Replace(json, $",\"{field}\":[^,}}]*", "");

    private static DecoderDescription Parse(string json) => ModelFamily.ReadDescription(JsonConfig.Parse(Encoding.UTF8.GetBytes(json), "config.json"));
}
