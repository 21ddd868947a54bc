using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using OpenLedger.Lora.Models;
using OpenLedger.Testing;

namespace OpenLedger.Lora.Tests.Models;

/// <summary>Every field is honoured, known to be harmless, or refused by name; hostile files give the documented exception.</summary>
public class ConfigPolicyTests
{
    [Theory]
    [InlineData(nameof(PublishedConfigs.Llama31), "num_local_experts", "8", "a mixture of experts")]
    [InlineData(nameof(PublishedConfigs.Qwen3), "n_routed_experts", "64", "a mixture of experts")]
    [InlineData(nameof(PublishedConfigs.Llama31), "quantization_config", """{"quant_method":"awq"}""", "of method \"awq\"")]
    [InlineData(nameof(PublishedConfigs.Llama31), "quantization_config", """{"quant_method":"bitsandbytes","load_in_4bit":true}""", "bitsandbytes")]
    [InlineData(nameof(PublishedConfigs.Llama31), "is_causal", "false", "'is_causal' is false")]
    [InlineData(nameof(PublishedConfigs.Llama31), "embedding_multiplier", "12.0", "'embedding_multiplier' is 12.0")]
    [InlineData(nameof(PublishedConfigs.Llama31), "logits_scaling", "8", "'logits_scaling' is 8")]
    [InlineData(nameof(PublishedConfigs.Llama31), "scale_depth", "1.4", "'scale_depth' is 1.4")]
    [InlineData(nameof(PublishedConfigs.Llama31), "width_multiplier", "2", "'width_multiplier' is 2")]
    [InlineData(nameof(PublishedConfigs.Llama31), "depth_scaling", "0.5", "'depth_scaling' is 0.5")]
    [InlineData(nameof(PublishedConfigs.Llama31), "no_rope_layers", "[1,0]", "'no_rope_layers'")]
    [InlineData(nameof(PublishedConfigs.Llama31), "sliding_window", "64", "'sliding_window' is 64")]
    [InlineData(nameof(PublishedConfigs.Llama31), "hidden_act", "\"relu\"", "'hidden_act' is 'relu'")]
    [InlineData(nameof(PublishedConfigs.Llama31), "rope_scaling", """{"rope_type":"mrope","mrope_section":[1]}""", "'rope_scaling.rope_type' is 'mrope'")]
    [InlineData(nameof(PublishedConfigs.Llama31), "rope_scaling", """{"rope_type":"linear","type":"dynamic","factor":2}""", "which one holds is unclear")]
    [InlineData(nameof(PublishedConfigs.Llama31), "rope_scaling", """{"rope_type":"dynamic","factor":2,"alpha":1000}""", "'rope_scaling.alpha' is 1000")]
    [InlineData(nameof(PublishedConfigs.Llama31), "rope_scaling", """{"rope_type":"yarn","factor":2,"truncate":false}""", "'rope_scaling.truncate'")]
    [InlineData(nameof(PublishedConfigs.Qwen15), "attention_bias", "false", "Qwen 2 always has biases")]
    [InlineData(nameof(PublishedConfigs.Gpt2), "scale_attn_by_inverse_layer_idx", "true", "'scale_attn_by_inverse_layer_idx' is true")]
    [InlineData(nameof(PublishedConfigs.Gpt2), "add_cross_attention", "true", "'add_cross_attention' is true")]
    [InlineData(nameof(PublishedConfigs.Bloom560M), "apply_residual_connection_post_layernorm", "true", "'apply_residual_connection_post_layernorm' is true")]
    [InlineData(nameof(PublishedConfigs.Bloom560M), "n_inner", "77", "'n_inner' is 77")]
    [InlineData(nameof(PublishedConfigs.Falcon7B), "num_ln_in_parallel_attn", "2", "no layout of a published Falcon")]
    [InlineData(nameof(PublishedConfigs.Falcon40B), "parallel_attn", "false", "no layout of a published Falcon")]
    [InlineData(nameof(PublishedConfigs.FalconRw1B), "num_kv_heads", "8", "one key and value per head")]
    [InlineData(nameof(PublishedConfigs.ChatGlm6B), "position_encoding_2d", "false", "'position_encoding_2d' is false")]
    [InlineData(nameof(PublishedConfigs.ChatGlm6B), "pre_seq_len", "128", "'pre_seq_len' is 128")]
    [InlineData(nameof(PublishedConfigs.ChatGlm6B), "quantization_bit", "4", "'quantization_bit' is 4")]
    [InlineData(nameof(PublishedConfigs.ChatGlm3), "quantization_bit", "8", "'quantization_bit' is 8")]
    [InlineData(nameof(PublishedConfigs.ChatGlm3), "multi_query_attention", "false", "'multi_query_attention' is false")]
    [InlineData(nameof(PublishedConfigs.ChatGlm3), "post_layer_norm", "false", "'post_layer_norm' is false")]
    [InlineData(nameof(PublishedConfigs.ChatGlm3), "original_rope", "false", "'original_rope' is false")]
    [InlineData(nameof(PublishedConfigs.ChatGlm3), "vision_config", """{"a":1}""", "models of text")]
    [InlineData(nameof(PublishedConfigs.Gemma31B), "use_bidirectional_attention", "true", "'use_bidirectional_attention' is true")]
    [InlineData(nameof(PublishedConfigs.Gemma31B), "layer_types", """["linear_attention"]""", "'linear_attention'")]
    [InlineData(nameof(PublishedConfigs.Qwen7B), "use_cache_quantization", "true", "'use_cache_quantization' is true")]
    [InlineData(nameof(PublishedConfigs.TinyLlama), "model_type", "\"mixtral\"", "'mixtral': a mixture of experts")]
    [InlineData(nameof(PublishedConfigs.TinyLlama), "model_type", "\"mamba\"", "'mamba': a recurrent model")]
    [InlineData(nameof(PublishedConfigs.TinyLlama), "model_type", "\"phi3\"", "'model_type' is 'phi3'; implemented are 'llama', 'mistral'")]
    public void ReadDescription_WhatNoFamilyComputes_IsRefusedByName(string config, string field, string value, string expected)
    {
        ModelFormatException exception = Assert.Throws<ModelFormatException>(() => With(config, field, value));
        Assert.Equal(ModelFormatError.ConfigUnsupported, exception.Error);
        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(nameof(PublishedConfigs.Llama31), "pretraining_tp", "4")]
    [InlineData(nameof(PublishedConfigs.Llama31), "unsloth_version", "\"2025.1\"")]
    [InlineData(nameof(PublishedConfigs.Llama31), "_attn_implementation_autoset", "true")]
    [InlineData(nameof(PublishedConfigs.Llama31), "num_experts", "0")]
    [InlineData(nameof(PublishedConfigs.Llama31), "residual_multiplier", "null")]
    [InlineData(nameof(PublishedConfigs.Llama31), "hidden_dropout_prob", "0.1")]
    [InlineData(nameof(PublishedConfigs.Llama31), "temperature", "0.6")]
    [InlineData(nameof(PublishedConfigs.Gpt2), "reorder_and_upcast_attn", "true")]
    [InlineData(nameof(PublishedConfigs.ChatGlm3), "apply_query_key_layer_scaling", "false")]
    public void ReadDescription_HarmlessField_ChangesNothing(string config, string field, string value) =>
        Assert.Equal(PublishedConfigTests.Parse(JsonOf(config)), With(config, field, value));

    [Theory]
    [InlineData(nameof(PublishedConfigs.Llama31), "rope_scaling", """{"rope_type":"llama3","factor":8}""", "'rope_scaling.low_freq_factor' is missing")]
    [InlineData(nameof(PublishedConfigs.Llama31), "rope_scaling", """{"rope_type":"linear"}""", "'rope_scaling.factor' is missing")]
    [InlineData(nameof(PublishedConfigs.Llama31), "rope_scaling", """{"rope_type":"linear","factor":0.5}""", "factor is 0.5")]
    [InlineData(nameof(PublishedConfigs.Llama31), "rope_scaling", """{"rope_type":"longrope","short_factor":[1],"long_factor":[1]}""", "LongRoPE needs 64")]
    [InlineData(nameof(PublishedConfigs.Llama31), "rope_scaling", "7", "'rope_scaling' is 7, not an object")]
    [InlineData(nameof(PublishedConfigs.GlmHf), "partial_rotary_factor", "0", "the part of a head that rotates is 0")]
    [InlineData(nameof(PublishedConfigs.GlmHf), "partial_rotary_factor", "0.51", "even number")]
    [InlineData(nameof(PublishedConfigs.Gemma29B), "sliding_window_size", "17", "'sliding_window' and 'sliding_window_size' differ: 4096 and 17")]
    [InlineData(nameof(PublishedConfigs.Gemma3With270M), "num_hidden_layers", "17", "'layer_types' names 18 layers; the model has 17")]
    [InlineData(nameof(PublishedConfigs.Gemma29B), "query_pre_attn_scalar", "-1", "AttentionScale")]
    [InlineData(nameof(PublishedConfigs.Glm4Chat), "num_hidden_layers", "41", "'num_layers' and 'num_hidden_layers' differ: 40 and 41")]
    [InlineData(nameof(PublishedConfigs.Qwen7B), "intermediate_size", "22017", "must be even")]
    [InlineData(nameof(PublishedConfigs.MistralV01), "sliding_window", "0", "Window is 0")]
    [InlineData(nameof(PublishedConfigs.Falcon7B), "hidden_size", "null", "'hidden_size' is missing")]
    [InlineData(nameof(PublishedConfigs.Gemma34B), "text_config", "null", "'text_config' is missing")]
    public void ReadDescription_ImpossibleValue_IsNamed(string config, string field, string value, string expected)
    {
        ModelFormatException exception = Assert.Throws<ModelFormatException>(() => With(config, field, value));
        Assert.Equal(ModelFormatError.ConfigInvalid, exception.Error);
        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ReadDescription_WindowsAndCaps_FollowNullAndAbsenceAsTransformersDoes()
    {
        Assert.Null(With(nameof(PublishedConfigs.MistralV01), "sliding_window", "null").Window);
        Assert.Equal(4096, Without(nameof(PublishedConfigs.MistralV03), "sliding_window").Window);
        Assert.Null(With(nameof(PublishedConfigs.Gemma29B), "final_logit_softcapping", "null").LogitSoftCap);
        Assert.Equal(30, Without(nameof(PublishedConfigs.Gemma29B), "final_logit_softcapping").LogitSoftCap);
        DecoderDescription windowed = With(nameof(PublishedConfigs.R1DistillQwen), "use_sliding_window", "true");
        Assert.Equal(4096, windowed.Window);
        Assert.Equal(Enumerable.Range(21, 7), windowed.WindowedLayers);
        DecoderDescription all = With(nameof(PublishedConfigs.R1DistillQwen), "use_sliding_window", "true", "max_window_layers", "0");
        Assert.Equal(4096, all.Window);
        Assert.Empty(all.WindowedLayers);
        Assert.True(all.IsWindowed(27));
    }

    [Fact]
    public void ReadDescription_EveryRotaryScaling_IsHonoured()
    {
        static DecoderDescription Scaled(string json) => With(nameof(PublishedConfigs.TinyLlama), "rope_scaling", json);
        Assert.Null(Scaled("""{"rope_type":"default"}""").Rope.Scaling);
        Assert.Equal(new RotaryScaling { Kind = RotaryScalingKind.Linear, Factor = 2 }, Scaled("""{"type":"linear","factor":2}""").Rope.Scaling);

        DecoderDescription dynamic = Scaled("""{"type":"dynamic","factor":4}""");
        Assert.Equal(new RotaryScaling { Kind = RotaryScalingKind.Dynamic, Factor = 4, OriginalMaxPositions = 2048 }, dynamic.Rope.Scaling);
        Assert.Equal(8192, dynamic.MaxPositions);

        DecoderDescription yarn = Scaled("""{"rope_type":"yarn","factor":4,"original_max_position_embeddings":1024,"beta_fast":16,"beta_slow":2,"mscale":0.5,"mscale_all_dim":0.25}""");
        Assert.Equal(4096, yarn.MaxPositions);
        Assert.Equal(16, yarn.Rope.Scaling!.BetaFast);
        Assert.Equal(2, yarn.Rope.Scaling.BetaSlow);
        Assert.Equal(((0.05 * Math.Log(4)) + 1) / ((0.025 * Math.Log(4)) + 1), yarn.Rope.Scaling.AttentionFactor!.Value, 12);
        Assert.Equal(1.25, Scaled("""{"rope_type":"yarn","factor":4,"attention_factor":1.25}""").Rope.Scaling!.AttentionFactor);
        Assert.Equal(2, Scaled("""{"rope_type":"yarn","original_max_position_embeddings":1024}""").Rope.Scaling!.Factor);

        string factors = string.Join(",", Enumerable.Range(1, 32));
        RotaryScaling longRope = Scaled($$"""{"type":"su","short_factor":[{{factors}}],"long_factor":[{{factors}}],"original_max_position_embeddings":512}""").Rope.Scaling!;
        Assert.Equal(RotaryScalingKind.LongRope, longRope.Kind);
        Assert.Equal(4, longRope.Factor);
        Assert.Equal(512, longRope.OriginalMaxPositions);
        Assert.Equal(Enumerable.Range(1, 32).Select(i => (double)i), longRope.LongFactors);

        RotaryDescription longChat = With(nameof(PublishedConfigs.ChatGlm2), "rope_ratio", "4").Rope;
        Assert.Equal(new RotaryScaling { Kind = RotaryScalingKind.Linear, Factor = 4 }, longChat.Scaling);
        Assert.Equal(10_000, longChat.Theta);
        Assert.Equal(500_000, With(nameof(PublishedConfigs.ChatGlm3), "rope_ratio", "50").Rope.Theta);
    }

    [Fact]
    public void ReadDescription_Gemma3InLaterSpelling_SaysTheSame()
    {
        JsonObject config = JsonNode.Parse(PublishedConfigs.Gemma3With270M)!.AsObject();
        foreach (string old in (string[])["rope_theta", "rope_scaling", "rope_local_base_freq", "torch_dtype"])
        {
            config.Remove(old);
        }

        config["dtype"] = "bfloat16";
        config["rope_parameters"] = JsonNode.Parse(
            """{"full_attention":{"rope_type":"default","rope_theta":1000000.0},"sliding_attention":{"rope_type":"default","rope_theta":10000.0}}""");
        Assert.Equal(PublishedConfigTests.Parse(PublishedConfigs.Gemma3With270M), PublishedConfigTests.Parse(config.ToJsonString()));
    }

    [Theory]
    [InlineData("config-mixture-of-experts.json", ModelFormatError.ConfigUnsupported)]
    [InlineData("config-million-layers.json", ModelFormatError.ConfigInvalid)]
    [InlineData("config-overflowing-heads.json", ModelFormatError.ConfigInvalid)]
    [InlineData("config-infinite-rope.json", ModelFormatError.ConfigInvalid)]
    [InlineData("config-two-ropes.json", ModelFormatError.ConfigInvalid)]
    [InlineData("config-duplicate-field.json", ModelFormatError.ConfigInvalid)]
    [InlineData("config-unpaired-surrogate.json", ModelFormatError.ConfigInvalid)]
    [InlineData("config-deep.json", ModelFormatError.ConfigInvalid)]
    [InlineData("config-wrong-kinds.json", ModelFormatError.ConfigInvalid)]
    [InlineData("config-gptq.json", ModelFormatError.ConfigUnsupported)]
    public void ReadDescription_HostileFile_GivesTheDocumentedException(string name, ModelFormatError expected) => Assert.Equal(
        expected,
        Assert.Throws<ModelFormatException>(() => ModelFamily.ReadDescription(Path.Combine(RepositoryRoot.Path, "tests", "attacks", "models", name))).Error);

    [Fact]
    public void ReadDescription_MutatedConfigsOfEveryFamily_GiveTheExceptionOrAValidDescription()
    {
        string[] configs = [.. PublishedConfigs.All.Select(c => c.Json)];
        string[] names = [.. configs.SelectMany(c => JsonNode.Parse(c)!.AsObject().Select(p => p.Key)).Distinct().Order(StringComparer.Ordinal)];
        string[] values =
        [
            "null", "true", "false", "0", "-1", "1", "2", "3.5", "2147483647", "-2147483648", "4294967296", "1e308", "1e-300", "\"\"", "\"silu\"",
            "[]", "{}", "[null]", "[\"sliding_attention\"]", """{"rope_type":"yarn","factor":1e9}""", """{"rope_type":"llama3","factor":8,"low_freq_factor":0}""",
            """{"rope_type":"longrope","short_factor":[1e308],"long_factor":"x"}""", """{"full_attention":{},"sliding_attention":3}""",
        ];
        int refused = 0, accepted = 0;
        Gen.Select(Gen.Int[0, configs.Length - 1], Gen.Select(Gen.Int[0, names.Length - 1], Gen.Int[0, values.Length - 1]).Array[1, 4]).Sample(
            (config, changes) =>
            {
                JsonObject json = JsonNode.Parse(configs[config])!.AsObject();
                foreach ((int name, int value) in changes)
                {
                    json[names[name]] = JsonNode.Parse(values[value]);
                }

                Try(Encoding.UTF8.GetBytes(json.ToJsonString()), ref refused, ref accepted);
            },
            iter: 6000,
            threads: 1);
        Assert.True(refused > 500 && accepted > 500, $"{refused} refused, {accepted} accepted");
    }

    [Fact]
    public void ReadDescription_FlippedCutAndSplicedBytes_GiveTheExceptionOrAValidDescription()
    {
        byte[][] configs = [.. PublishedConfigs.All.Select(c => Encoding.UTF8.GetBytes(c.Json))];
        int refused = 0, accepted = 0;
        Gen.Select(Gen.Int[0, configs.Length - 1], Gen.Int[0, configs.Length - 1], Gen.Double[0, 1], Gen.Double[0, 1], Gen.Select(Gen.Double[0, 1], Gen.Byte).Array[0, 3]).Sample(
            (first, second, cut, resume, flips) =>
            {
                byte[] bytes = [.. configs[first][..(int)(cut * configs[first].Length)], .. configs[second][(int)(resume * configs[second].Length)..]];
                bytes = flips.Length == 0 ? bytes : [.. configs[first]];
                foreach ((double at, byte value) in flips)
                {
                    bytes[(int)(at * (bytes.Length - 1))] ^= value;
                }

                Try(bytes, ref refused, ref accepted);
            },
            iter: 4000,
            threads: 1);
        Assert.True(refused > 500, $"{refused} refused, {accepted} accepted");
    }

    private static void Try(byte[] json, ref int refused, ref int accepted)
    {
        try
        {
            DecoderDescription description = ModelFamily.ReadDescription(JsonConfig.Parse(json, "config.json"));
            description.Validate();

            // Locating must not blow up either; thousands of layers would only repeat the first.
            Assert.NotEmpty(ModelFamily.Of(description).Locate(description with { LayerCount = 1, WindowedLayers = [] }));
            accepted++;
        }
        catch (ModelFormatException)
        {
            refused++;
        }
    }

    private static string JsonOf(string config) => PublishedConfigs.All.First(c => c.Name == config).Json;

    private static DecoderDescription With(string config, params string[] fieldsAndValues)
    {
        JsonObject json = JsonNode.Parse(JsonOf(config))!.AsObject();
        for (int i = 0; i < fieldsAndValues.Length; i += 2)
        {
            json[fieldsAndValues[i]] = JsonNode.Parse(fieldsAndValues[i + 1]);
        }

        return PublishedConfigTests.Parse(json.ToJsonString());
    }

    private static DecoderDescription Without(string config, string field)
    {
        JsonObject json = JsonNode.Parse(JsonOf(config))!.AsObject();
        json.Remove(field);
        return PublishedConfigTests.Parse(json.ToJsonString());
    }
}
