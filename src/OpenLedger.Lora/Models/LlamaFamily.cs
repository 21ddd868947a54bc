using System.Text.Json;
using OpenLedger.Lora.Safetensors;

namespace OpenLedger.Lora.Models;

/// <summary>
/// The LLaMA family (<c>model_type</c> <c>llama</c>) as Hugging Face checkpoints spell it: what its <c>config.json</c> means and which
/// tensors it demands. Other families get a file of their own.
/// </summary>
public sealed class LlamaFamily : ModelFamily
{
    internal LlamaFamily()
    {
    }

    /// <inheritdoc/>
    public override string Name => "llama";

    /// <summary>Writes a <c>config.json</c> that this family, and Hugging Face transformers, read back to the same description.</summary>
    /// <param name="configPath">Destination; replaced if present.</param>
    /// <param name="description">The model.</param>
    /// <param name="beginToken">Id of the token that begins a sequence, if the model has one.</param>
    /// <param name="endToken">Id of the token that ends a sequence, if the model has one.</param>
    /// <exception cref="ArgumentException">The description is impossible.</exception>
    public static void WriteConfig(string configPath, DecoderDescription description, int? beginToken = null, int? endToken = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(configPath);
        ArgumentNullException.ThrowIfNull(description);
        description.Validate();
        AtomicFile.Write(configPath, stream =>
        {
            using Utf8JsonWriter json = new(stream, new JsonWriterOptions { Indented = true });
            json.WriteStartObject();
            json.WriteStartArray("architectures");
            json.WriteStringValue("LlamaForCausalLM");
            json.WriteEndArray();
            json.WriteString("model_type", "llama");
            json.WriteBoolean("attention_bias", false);
            json.WriteBoolean("mlp_bias", false);
            WriteToken(json, "bos_token_id", beginToken);
            WriteToken(json, "eos_token_id", endToken);
            json.WriteNumber("head_dim", description.HeadSize);
            json.WriteString("hidden_act", "silu");
            json.WriteNumber("hidden_size", description.HiddenSize);
            json.WriteNumber("intermediate_size", description.IntermediateSize);
            json.WriteNumber("max_position_embeddings", description.MaxPositions);
            json.WriteNumber("num_attention_heads", description.HeadCount);
            json.WriteNumber("num_hidden_layers", description.LayerCount);
            json.WriteNumber("num_key_value_heads", description.KeyValueHeadCount);
            json.WriteNumber("rms_norm_eps", description.NormEpsilon);
            json.WriteNull("rope_scaling");
            json.WriteNumber("rope_theta", description.Rope.Theta);
            json.WriteBoolean("tie_word_embeddings", description.TiedEmbeddings);
            json.WriteString("torch_dtype", "float32");
            json.WriteNumber("vocab_size", description.VocabularySize);
            json.WriteEndObject();
        });
    }

    /// <inheritdoc/>
    public override IReadOnlyList<TensorSource> Locate(DecoderDescription description)
    {
        ArgumentNullException.ThrowIfNull(description);
        return [.. description.Tensors().Select(t => new TensorSource
        {
            Tensor = t.Tensor, Layer = t.Layer, Name = LlamaTensorNames.Of(t.Tensor, t.Layer), Shape = t.Shape,
        })];
    }

    internal override bool Reads(string modelType) => modelType == "llama";

    // Old checkpoints store the rotary frequencies as buffers, and tied ones sometimes a copy of the embedding as head.
    internal override bool IsInert(string tensorName, DecoderDescription description) =>
        tensorName.EndsWith(".rotary_emb.inv_freq", StringComparison.Ordinal)
        || (description.TiedEmbeddings && tensorName == LlamaTensorNames.Head);

    internal override DecoderDescription Read(JsonConfig config)
    {
        List<string> unsupported = FindUnsupported(config);
        int hidden = config.RequiredInt32("hidden_size");
        int heads = config.RequiredInt32("num_attention_heads");
        DecoderDescription description = new()
        {
            VocabularySize = config.RequiredInt32("vocab_size"),
            HiddenSize = hidden,
            IntermediateSize = config.RequiredInt32("intermediate_size"),
            LayerCount = config.RequiredInt32("num_hidden_layers"),
            HeadCount = heads,
            KeyValueHeadCount = config.OptionalInt32("num_key_value_heads") ?? heads,
            HeadSize = config.OptionalInt32("head_dim") ?? (heads > 0 ? hidden / heads : 0),
            MaxPositions = config.OptionalInt32("max_position_embeddings") ?? 2048,
            Rope = new RotaryDescription { Theta = config.OptionalDouble("rope_theta", RopeThetaOfParameters(config)) },
            NormEpsilon = config.OptionalDouble("rms_norm_eps", 1e-6),
            TiedEmbeddings = config.OptionalBoolean("tie_word_embeddings", false),
        };

        if (unsupported.Count > 0)
        {
            throw ModelFormatException.FromFaults(
                ModelFormatError.ConfigUnsupported, config.Path, "this model needs what is not implemented:", unsupported);
        }

        List<string> faults = [.. config.Faults];
        if (faults.Count == 0)
        {
            faults.AddRange(description.FindFaults());
        }

        return faults.Count == 0
            ? description
            : throw ModelFormatException.FromFaults(ModelFormatError.ConfigInvalid, config.Path, "the configuration is invalid:", faults);
    }

    private static List<string> FindUnsupported(JsonConfig config)
    {
        List<string> faults = [];
        string activation = config.OptionalString("hidden_act") ?? "silu";
        if (activation is not ("silu" or "swish"))
        {
            faults.Add($"'hidden_act' is '{activation}'; implemented is 'silu'");
        }

        foreach (string flag in (string[])["attention_bias", "mlp_bias"])
        {
            if (config.OptionalBoolean(flag, false))
            {
                faults.Add($"'{flag}' is true; implemented are linear layers without biases");
            }
        }

        foreach (string field in (string[])["rope_scaling", "rope_parameters"])
        {
            if (config.TryGet(field, out JsonElement rope) && !IsDefaultRope(rope))
            {
                faults.Add($"'{field}' is {JsonConfig.Show(rope)}; implemented are unscaled rotary positions");
            }
        }

        if (config.TryGet("quantization_config", out _))
        {
            faults.Add("'quantization_config' is present; implemented are F32, F16, BF16 and F64 weights");
        }

        if (config.OptionalDouble("partial_rotary_factor", 1) != 1)
        {
            faults.Add("'partial_rotary_factor' is not 1; implemented are rotary positions over the whole head");
        }

        return faults;
    }

    private static bool IsDefaultRope(JsonElement rope)
    {
        if (rope.ValueKind != JsonValueKind.Object)
        {
            return false;
        }

        foreach (JsonProperty property in rope.EnumerateObject())
        {
            bool harmless = property.Name switch
            {
                "rope_theta" => property.Value.ValueKind == JsonValueKind.Number,
                "rope_type" or "type" => JsonConfig.TryGetText(property.Value, out string type) && type == "default",
                _ => false,
            };
            if (!harmless)
            {
                return false;
            }
        }

        return true;
    }

    private static double RopeThetaOfParameters(JsonConfig config) =>
        config.TryGet("rope_parameters", out JsonElement rope)
        && rope.ValueKind == JsonValueKind.Object
        && rope.TryGetProperty("rope_theta", out JsonElement theta)
        && theta.ValueKind == JsonValueKind.Number
        && theta.TryGetDouble(out double value)
            ? value
            : 10_000;

    private static void WriteToken(Utf8JsonWriter json, string name, int? token)
    {
        if (token is int id)
        {
            json.WriteNumber(name, id);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
