using System.Text;
using System.Text.Json.Nodes;
using OpenLedger.Lora.Inference;
using OpenLedger.Lora.Models;
using OpenLedger.Lora.Safetensors;
using OpenLedger.Lora.Tests.Inference;
using OpenLedger.Testing;

namespace OpenLedger.Lora.Tests.Models;

/// <summary>
/// Checkpoints packed by hand, as the published code of a family names and fuses its weights, load to the model that the loose weights give.
/// Covers the layouts that no real artifact covers; the facts are those of each family's published modelling code.
/// </summary>
public class CheckpointLayoutTests
{
    private const string Small = """{"vocab_size":37,"hidden_size":24,"intermediate_size":20,"num_hidden_layers":2,"num_attention_heads":4,"num_key_value_heads":2,"head_dim":8,"max_position_embeddings":64}""";

    private static readonly Dictionary<string, (string Config, Action<Packer> Pack)> Layouts = new()
    {
        ["qwen"] = (Resize(PublishedConfigs.Qwen7B, """{"vocab_size":37,"hidden_size":24,"intermediate_size":40,"num_hidden_layers":2,"num_attention_heads":3,"kv_channels":8,"seq_length":64}"""), PackQwen),
        ["qwen3"] = (Resize(PublishedConfigs.Qwen3, Small), p => PackLlama(p, "post_attention_layernorm")),
        ["glm"] = (Resize(PublishedConfigs.GlmHf, Small), p => PackGlm(p)),
        ["glm4"] = (Resize(PublishedConfigs.Glm40414, Small), p => PackGlm(p)),
        ["gemma2"] = (Resize(PublishedConfigs.Gemma29B, Small), p => PackLlama(p, "pre_feedforward_layernorm")),
        ["gemma3"] = (Resize(PublishedConfigs.Gemma31B, Small), p => PackLlama(p, "pre_feedforward_layernorm")),
        ["gemma3 with images"] = (Resize(PublishedConfigs.Gemma34B, Small, "text_config"), PackGemmaWithImages),
        ["gemma3 with images, later names"] = (Resize(PublishedConfigs.Gemma34B, Small, "text_config"), PackGemmaWithImagesLater),
        ["falcon 40B"] = (Resize(PublishedConfigs.Falcon40B, """{"vocab_size":37,"hidden_size":24,"n_layer":2,"n_head":6,"n_head_kv":2}"""), p => PackFalcon(p, "ln_attn", "ln_mlp")),
        ["falcon 11B"] = (Resize(PublishedConfigs.Falcon11B, """{"vocab_size":37,"hidden_size":24,"num_hidden_layers":2,"num_attention_heads":6,"num_kv_heads":3,"ffn_hidden_size":20}"""), p => PackFalcon(p, "input_layernorm", "")),
        ["falcon RW 1B"] = (Resize(PublishedConfigs.FalconRw1B, """{"vocab_size":37,"hidden_size":24,"num_hidden_layers":2,"num_attention_heads":6,"num_kv_heads":6}"""), p => PackFalcon(p, "input_layernorm", "post_attention_layernorm")),
        ["chatglm2 with all biases"] = (
            Resize(PublishedConfigs.ChatGlm2, """{"padded_vocab_size":37,"hidden_size":24,"ffn_hidden_size":20,"num_layers":2,"num_attention_heads":6,"multi_query_group_num":3,"kv_channels":8,"seq_length":64,"add_bias_linear":true}"""), PackChatGlm),
        ["bloom, inner model"] = (Resize(PublishedConfigs.Bloom560M, """{"vocab_size":37,"n_embed":24,"n_layer":2,"num_attention_heads":6}"""), PackBloom),
        ["llama with biases"] = (Resize(PublishedConfigs.Llama31, Small[..^1] + ",\"attention_bias\":true,\"mlp_bias\":true}"), p => PackLlama(p, "post_attention_layernorm")),
    };

    public static TheoryData<string> Names { get; } = new(Layouts.Keys);

    [Theory]
    [MemberData(nameof(Names))]
    public void Load_CheckpointPackedByHand_GivesTheModelOfTheLooseWeights(string name)
    {
        (string config, Action<Packer> pack) = Layouts[name];
        using TemporaryFolder folder = new();
        File.WriteAllText(folder.File("config.json"), config);
        Packer packer = new(ModelFamily.ReadDescription(folder.File("config.json")));
        pack(packer);
        SafetensorsWriter.Write(folder.File("model.safetensors"), packer.Stored);
        int[] tokens = [3, 1, 4, 1, 5, 9, 2, 6, 36, 0];
        float[] expected = CausalLM.FromWeights("loose", packer.Description, (t, l) => packer.Weights[(t, l)]).ComputeLogits(tokens);

        foreach (bool map in (bool[])[false, true])
        {
            CausalLM model = CausalLM.Load(folder.Path, new InferenceOptions { MapWeights = map });
            Assert.Equal(packer.Description, model.Description);
            Assert.Equal(expected, model.ComputeLogits(tokens));
        }

        // A tensor that nothing asks for is no harm by accident: every one of them matters.
        Assert.DoesNotContain(float.NaN, expected);
        Assert.True(expected.Distinct().Count() > 300);
    }

    [Theory]
    [InlineData("transformer.")]
    [InlineData("")]
    public void Open_PrefixesOfInnerModels_AreRecognised(string prefix)
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder.File("config.json"), Resize(PublishedConfigs.Gpt2, """{"vocab_size":37,"n_embd":24,"n_layer":1,"n_head":3,"n_positions":16,"tie_word_embeddings":false}"""));
        DecoderDescription description = ModelFamily.ReadDescription(folder.File("config.json"));
        List<SafetensorsTensor> tensors =
        [
            .. ModelFamily.ExpectedTensors(description).Select((t, i) => new SafetensorsTensor
            {
                Name = t.Name.Replace("transformer.", prefix, StringComparison.Ordinal), Shape = t.Shape, Values = Packer.Filled(t.Shape.Aggregate((a, b) => a * b), i),
            }),
            new SafetensorsTensor { Name = prefix + "h.0.attn.bias", Shape = [1, 1, 2, 2], Values = new float[4] },
            new SafetensorsTensor { Name = prefix + "h.0.attn.masked_bias", Shape = [], Values = new float[1] },
        ];
        SafetensorsWriter.Write(folder.File("model.safetensors"), tensors);
        using ModelFolder model = ModelFolder.Open(folder.Path);
        Assert.Equal(tensors[0].Values.ToArray(), model.ReadSingles("transformer.wte.weight"));
        Assert.Equal(prefix + "wte.weight", model.Info("transformer.wte.weight").Name);
        Assert.Contains(tensors, t => t.Name == "lm_head.weight");
        Assert.Equal([37, 24], model.Info("lm_head.weight").Shape.ToArray());
    }

    [Fact]
    public void Open_SameWeightUnderTwoNames_IsRefused()
    {
        using TemporaryFolder folder = new();
        TinyLlama tiny = new();
        tiny.Save(folder.Path, change: tensors => tensors.AddRange([.. tensors.Where(t => t.Name == "model.norm.weight").Select(t => t with { Name = "language_model.model.norm.weight" })]));
        Assert.Equal(ModelFormatError.TensorsMismatch, Assert.Throws<ModelFormatException>(() => ModelFolder.Open(folder.Path)).Error);
        tiny.Save(folder.Path, change: tensors =>
        {
            for (int i = 0; i < tensors.Count; i++)
            {
                tensors[i] = tensors[i] with { Name = "language_model." + tensors[i].Name };
            }

            tensors.Add(tensors[^1] with { Name = "model.norm.weight", Shape = [1], Values = new float[1] });
        });
        Assert.Equal(ModelFormatError.DuplicateName, Assert.Throws<ModelFormatException>(() => ModelFolder.Open(folder.Path)).Error);
    }

    [Fact]
    public void Open_ThousandsOfFaults_ListsSomeAndCountsTheRest()
    {
        using TemporaryFolder folder = new();
        File.WriteAllText(folder.File("config.json"), PublishedConfigs.Falcon40B);
        SafetensorsWriter.Write(folder.File("model.safetensors"), [new SafetensorsTensor { Name = "x", Shape = [1], Values = new float[1] }]);
        string message = Assert.Throws<ModelFormatException>(() => ModelFolder.Open(folder.Path)).Message;
        Assert.Contains("'transformer.h.0.ln_attn.weight' is missing", message, StringComparison.Ordinal);
        Assert.Equal(202, message.Split('\n').Length);
        Assert.Contains("and 284 more", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_SymbolicLinkOutOfTheFolder_IsFollowed()
    {
        using TemporaryFolder folder = new();
        new TinyLlama().Save(folder.File("blobs"));
        Directory.CreateDirectory(folder.File("snapshot"));
        foreach (string file in (string[])["config.json", "model.safetensors"])
        {
            File.CreateSymbolicLink(folder.File("snapshot", file), folder.File("blobs", file));
        }

        using ModelFolder model = ModelFolder.Open(folder.File("snapshot"));
        Assert.Equal(61, model.Description.VocabularySize);
    }

    [Fact]
    public void Open_ConfigurationAgainstTheFolder_NamesTheRemedy()
    {
        using TemporaryFolder folder = new();
        new TinyLlama().Save(folder.Path, SafetensorsDataType.F32, tensors => tensors[0] = tensors[0] with { Values = new float[61 * 36] });
        string config = File.ReadAllText(folder.File("config.json"));
        File.WriteAllText(folder.File("config.json"), config.Replace("\"mlp_bias\": false", "\"mlp_bias\": true", StringComparison.Ordinal));
        Assert.Contains(
            "'model.layers.0.mlp.gate_proj.bias' is missing", Assert.Throws<ModelFormatException>(() => ModelFolder.Open(folder.Path)).Message, StringComparison.Ordinal);
    }

    private static void PackQwen(Packer p)
    {
        p.Add("transformer.wte.weight", p.Get(DecoderTensor.Embedding));
        p.Add("transformer.ln_f.weight", p.Get(DecoderTensor.FinalNorm));
        p.Add("lm_head.weight", p.Get(DecoderTensor.Head));
        p.Add("transformer.rotary_emb.inv_freq", [1, 2, 3, 4]);
        for (int i = 0; i < 2; i++)
        {
            string h = $"transformer.h.{i}.";
            p.Add(h + "ln_1.weight", p.Get(DecoderTensor.AttentionNorm, i));
            p.Add(h + "ln_2.weight", p.Get(DecoderTensor.MlpNorm, i));
            p.Add(h + "attn.c_attn.weight", [.. p.Get(DecoderTensor.Query, i), .. p.Get(DecoderTensor.Key, i), .. p.Get(DecoderTensor.Value, i)], 72);
            p.Add(h + "attn.c_attn.bias", [.. p.Get(DecoderTensor.QueryBias, i), .. p.Get(DecoderTensor.KeyBias, i), .. p.Get(DecoderTensor.ValueBias, i)]);
            p.Add(h + "attn.c_proj.weight", p.Get(DecoderTensor.Output, i), 24);
            p.Add(h + "mlp.w1.weight", p.Get(DecoderTensor.Up, i), 20);
            p.Add(h + "mlp.w2.weight", p.Get(DecoderTensor.Gate, i), 20);
            p.Add(h + "mlp.c_proj.weight", p.Get(DecoderTensor.Down, i), 24);
        }
    }

    private static void PackLlama(Packer p, string mlpNorm, string root = "model.")
    {
        p.Add(root + "embed_tokens.weight", p.Get(DecoderTensor.Embedding));
        p.Add(root + "norm.weight", p.Get(DecoderTensor.FinalNorm));
        if (!p.Description.TiedEmbeddings)
        {
            p.Add("lm_head.weight", p.Get(DecoderTensor.Head));
        }

        for (int i = 0; i < 2; i++)
        {
            string l = $"{root}layers.{i}.";
            p.Add(l + "input_layernorm.weight", p.Get(DecoderTensor.AttentionNorm, i));
            p.Add(l + mlpNorm + ".weight", p.Get(DecoderTensor.MlpNorm, i));
            if (mlpNorm != "post_attention_layernorm")
            {
                p.Add(l + "post_attention_layernorm.weight", p.Get(DecoderTensor.AttentionOutputNorm, i));
                p.Add(l + "post_feedforward_layernorm.weight", p.Get(DecoderTensor.MlpOutputNorm, i));
            }

            if (p.Description.QueryKeyNorm)
            {
                p.Add(l + "self_attn.q_norm.weight", p.Get(DecoderTensor.QueryNorm, i));
                p.Add(l + "self_attn.k_norm.weight", p.Get(DecoderTensor.KeyNorm, i));
            }

            foreach ((string name, DecoderTensor weight, DecoderTensor bias) in ((string, DecoderTensor, DecoderTensor)[])
                [
                    ("self_attn.q_proj", DecoderTensor.Query, DecoderTensor.QueryBias), ("self_attn.k_proj", DecoderTensor.Key, DecoderTensor.KeyBias),
                    ("self_attn.v_proj", DecoderTensor.Value, DecoderTensor.ValueBias), ("self_attn.o_proj", DecoderTensor.Output, DecoderTensor.OutputBias),
                    ("mlp.gate_proj", DecoderTensor.Gate, DecoderTensor.GateBias), ("mlp.up_proj", DecoderTensor.Up, DecoderTensor.UpBias),
                    ("mlp.down_proj", DecoderTensor.Down, DecoderTensor.DownBias),
                ])
            {
                p.Add($"{l}{name}.weight", p.Get(weight, i));
                if (p.Weights.ContainsKey((bias, i)))
                {
                    p.Add($"{l}{name}.bias", p.Get(bias, i));
                }
            }
        }
    }

    private static void PackGemmaWithImages(Packer p)
    {
        PackLlama(p, "pre_feedforward_layernorm", "language_model.model.");
        p.Add("vision_tower.vision_model.embeddings.patch_embedding.bias", [1, 2]);
        p.Add("multi_modal_projector.mm_input_projection_weight", [1, 2]);
    }

    private static void PackGemmaWithImagesLater(Packer p)
    {
        PackLlama(p, "pre_feedforward_layernorm", "model.language_model.");
        p.Add("model.vision_tower.vision_model.embeddings.patch_embedding.bias", [1, 2]);
        p.Add("model.multi_modal_projector.mm_input_projection_weight", [1, 2]);
    }

    private static void PackGlm(Packer p)
    {
        p.Add("model.embed_tokens.weight", p.Get(DecoderTensor.Embedding));
        p.Add("model.norm.weight", p.Get(DecoderTensor.FinalNorm));
        p.Add("lm_head.weight", p.Get(DecoderTensor.Head));
        for (int i = 0; i < 2; i++)
        {
            string l = $"model.layers.{i}.";
            p.Add(l + "input_layernorm.weight", p.Get(DecoderTensor.AttentionNorm, i));
            p.Add(l + "post_attention_layernorm.weight", p.Get(DecoderTensor.MlpNorm, i));
            if (p.Description.Layout == BlockLayout.Sandwich)
            {
                p.Add(l + "post_self_attn_layernorm.weight", p.Get(DecoderTensor.AttentionOutputNorm, i));
                p.Add(l + "post_mlp_layernorm.weight", p.Get(DecoderTensor.MlpOutputNorm, i));
            }

            p.Add(l + "self_attn.q_proj.weight", p.Get(DecoderTensor.Query, i));
            p.Add(l + "self_attn.q_proj.bias", p.Get(DecoderTensor.QueryBias, i));
            p.Add(l + "self_attn.k_proj.weight", p.Get(DecoderTensor.Key, i));
            p.Add(l + "self_attn.k_proj.bias", p.Get(DecoderTensor.KeyBias, i));
            p.Add(l + "self_attn.v_proj.weight", p.Get(DecoderTensor.Value, i));
            p.Add(l + "self_attn.v_proj.bias", p.Get(DecoderTensor.ValueBias, i));
            p.Add(l + "self_attn.o_proj.weight", p.Get(DecoderTensor.Output, i));
            p.Add(l + "mlp.gate_up_proj.weight", [.. p.Get(DecoderTensor.Gate, i), .. p.Get(DecoderTensor.Up, i)], 40);
            p.Add(l + "mlp.down_proj.weight", p.Get(DecoderTensor.Down, i));
        }
    }

    private static void PackFalcon(Packer p, string firstNorm, string secondNorm)
    {
        p.Add("transformer.word_embeddings.weight", p.Get(DecoderTensor.Embedding));
        p.Add("transformer.ln_f.weight", p.Get(DecoderTensor.FinalNorm));
        p.Add("transformer.ln_f.bias", p.Get(DecoderTensor.FinalNormBias));
        p.Add("lm_head.weight", p.Get(p.Description.TiedEmbeddings ? DecoderTensor.Embedding : DecoderTensor.Head), 37);
        for (int i = 0; i < 2; i++)
        {
            string h = $"transformer.h.{i}.";
            p.Add($"{h}{firstNorm}.weight", p.Get(DecoderTensor.AttentionNorm, i));
            p.Add($"{h}{firstNorm}.bias", p.Get(DecoderTensor.AttentionNormBias, i));
            if (secondNorm.Length > 0)
            {
                p.Add($"{h}{secondNorm}.weight", p.Get(DecoderTensor.MlpNorm, i));
                p.Add($"{h}{secondNorm}.bias", p.Get(DecoderTensor.MlpNormBias, i));
            }

            PackBlockOfFalcon(p, h, i);
        }
    }

    private static void PackBloom(Packer p)
    {
        p.Add("word_embeddings.weight", p.Get(DecoderTensor.Embedding));
        p.Add("word_embeddings_layernorm.weight", p.Get(DecoderTensor.EmbeddingNorm));
        p.Add("word_embeddings_layernorm.bias", p.Get(DecoderTensor.EmbeddingNormBias));
        p.Add("ln_f.weight", p.Get(DecoderTensor.FinalNorm));
        p.Add("ln_f.bias", p.Get(DecoderTensor.FinalNormBias));
        for (int i = 0; i < 2; i++)
        {
            string h = $"h.{i}.";
            p.Add(h + "input_layernorm.weight", p.Get(DecoderTensor.AttentionNorm, i));
            p.Add(h + "input_layernorm.bias", p.Get(DecoderTensor.AttentionNormBias, i));
            p.Add(h + "post_attention_layernorm.weight", p.Get(DecoderTensor.MlpNorm, i));
            p.Add(h + "post_attention_layernorm.bias", p.Get(DecoderTensor.MlpNormBias, i));
            PackBlockOfFalcon(p, h, i);
        }
    }

    private static void PackBlockOfFalcon(Packer p, string h, int i)
    {
        p.Add(h + "self_attention.query_key_value.weight", p.ByGroups(DecoderTensor.Query, DecoderTensor.Key, DecoderTensor.Value, i, 24), -1, 24);
        p.Add(h + "self_attention.dense.weight", p.Get(DecoderTensor.Output, i));
        p.Add(h + "mlp.dense_h_to_4h.weight", p.Get(DecoderTensor.Up, i));
        p.Add(h + "mlp.dense_4h_to_h.weight", p.Get(DecoderTensor.Down, i));
        if (p.Description.MlpBias)
        {
            p.Add(h + "self_attention.query_key_value.bias", p.ByGroups(DecoderTensor.QueryBias, DecoderTensor.KeyBias, DecoderTensor.ValueBias, i, 1));
            p.Add(h + "self_attention.dense.bias", p.Get(DecoderTensor.OutputBias, i));
            p.Add(h + "mlp.dense_h_to_4h.bias", p.Get(DecoderTensor.UpBias, i));
            p.Add(h + "mlp.dense_4h_to_h.bias", p.Get(DecoderTensor.DownBias, i));
        }
    }

    private static void PackChatGlm(Packer p)
    {
        p.Add("transformer.embedding.word_embeddings.weight", p.Get(DecoderTensor.Embedding));
        p.Add("transformer.encoder.final_layernorm.weight", p.Get(DecoderTensor.FinalNorm));
        p.Add("transformer.output_layer.weight", p.Get(DecoderTensor.Head));
        p.Add("transformer.rotary_pos_emb.inv_freq", [1, 2]);
        for (int i = 0; i < 2; i++)
        {
            string l = $"transformer.encoder.layers.{i}.";
            p.Add(l + "input_layernorm.weight", p.Get(DecoderTensor.AttentionNorm, i));
            p.Add(l + "post_attention_layernorm.weight", p.Get(DecoderTensor.MlpNorm, i));
            p.Add(l + "self_attention.query_key_value.weight", [.. p.Get(DecoderTensor.Query, i), .. p.Get(DecoderTensor.Key, i), .. p.Get(DecoderTensor.Value, i)], 96);
            p.Add(l + "self_attention.query_key_value.bias", [.. p.Get(DecoderTensor.QueryBias, i), .. p.Get(DecoderTensor.KeyBias, i), .. p.Get(DecoderTensor.ValueBias, i)]);
            p.Add(l + "self_attention.dense.weight", p.Get(DecoderTensor.Output, i));
            p.Add(l + "self_attention.dense.bias", p.Get(DecoderTensor.OutputBias, i));
            p.Add(l + "mlp.dense_h_to_4h.weight", [.. p.Get(DecoderTensor.Gate, i), .. p.Get(DecoderTensor.Up, i)], 40);
            p.Add(l + "mlp.dense_h_to_4h.bias", [.. p.Get(DecoderTensor.GateBias, i), .. p.Get(DecoderTensor.UpBias, i)]);
            p.Add(l + "mlp.dense_4h_to_h.weight", p.Get(DecoderTensor.Down, i));
            p.Add(l + "mlp.dense_4h_to_h.bias", p.Get(DecoderTensor.DownBias, i));
        }
    }

    private static string Resize(string config, string sizes, string? section = null)
    {
        JsonObject json = JsonNode.Parse(config)!.AsObject(), target = section is null ? json : json[section]!.AsObject();
        foreach ((string name, JsonNode? value) in JsonNode.Parse(sizes)!.AsObject())
        {
            target[name] = value?.DeepClone();
        }

        foreach (string token in (string[])["bos_token_id", "eos_token_id", "pad_token_id"])
        {
            json.Remove(token);
        }

        return json.ToJsonString();
    }

    /// <summary>Loose random weights of a description, and the tensors packed from them.</summary>
    private sealed class Packer
    {
        public Packer(DecoderDescription description)
        {
            Description = description;
            int seed = 1;
            foreach ((DecoderTensor tensor, int layer, ValueList<int> shape) in description.Tensors())
            {
                Weights.Add((tensor, layer), Filled(shape.Aggregate((a, b) => a * b), seed++));
                _shapes.Add(Weights[(tensor, layer)], [.. shape]);
            }
        }

        private readonly Dictionary<float[], int[]> _shapes = new(ReferenceEqualityComparer.Instance);

        public DecoderDescription Description { get; }

        public Dictionary<(DecoderTensor, int), float[]> Weights { get; } = [];

        public List<SafetensorsTensor> Stored { get; } = [];

        public static float[] Filled(int length, int seed) => TinyLlama.RandomArray(new Random(seed), length, 0.1, 0.5);

        public float[] Get(DecoderTensor tensor, int layer = -1) => Weights[(tensor, layer)];

        /// <summary>Adds a stored tensor; a matrix needs its rows or columns unless it is a loose weight as it is.</summary>
        public void Add(string name, float[] values, int rows = -1, int columns = -1)
        {
            int[] shape = _shapes.TryGetValue(values, out int[]? own) ? own
                : rows > 0 ? [rows, values.Length / rows]
                : columns > 0 ? [values.Length / columns, columns]
                : [values.Length];
            Stored.Add(new SafetensorsTensor { Name = name, Shape = shape, Values = values });
        }

        /// <summary>Per key head: the queries that share it, the key, the value.</summary>
        public float[] ByGroups(DecoderTensor query, DecoderTensor key, DecoderTensor value, int layer, int width)
        {
            int unit = Description.HeadSize * width, shared = Description.HeadCount / Description.KeyValueHeadCount;
            List<float> fused = [];
            for (int group = 0; group < Description.KeyValueHeadCount; group++)
            {
                fused.AddRange(Get(query, layer).AsSpan(group * shared * unit, shared * unit));
                fused.AddRange(Get(key, layer).AsSpan(group * unit, unit));
                fused.AddRange(Get(value, layer).AsSpan(group * unit, unit));
            }

            return [.. fused];
        }
    }
}
