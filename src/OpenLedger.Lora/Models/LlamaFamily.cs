using System.Text.Json;
using OpenLedger.Lora.Safetensors;

namespace OpenLedger.Lora.Models;

/// <summary>
/// The LLaMA family (<c>model_type</c> <c>llama</c>): LLaMA 1 to 3.2, and everything published in its layout, such as TinyLlama, Vicuna,
/// DeepSeek LLM and Coder, the LLaMA distillations of DeepSeek-R1 and Falcon 3.
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
    /// <exception cref="ArgumentException">The description is impossible, or says what a LLaMA configuration cannot say.</exception>
    public static void WriteConfig(string configPath, DecoderDescription description, int? beginToken = null, int? endToken = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(configPath);
        ArgumentNullException.ThrowIfNull(description);
        description.Validate();
        RequireExpressible(description);
        AtomicFile.Write(configPath, stream =>
        {
            using Utf8JsonWriter json = new(stream, new JsonWriterOptions { Indented = true });
            json.WriteStartObject();
            json.WriteStartArray("architectures");
            json.WriteStringValue("LlamaForCausalLM");
            json.WriteEndArray();
            json.WriteString("model_type", "llama");
            json.WriteBoolean("attention_bias", description.QueryKeyValueBias);
            json.WriteBoolean("mlp_bias", description.MlpBias);
            WriteToken(json, "bos_token_id", beginToken);
            WriteToken(json, "eos_token_id", endToken);
            json.WriteNumber("head_dim", description.HeadSize);
            json.WriteString(
                "hidden_act", description.Activation switch { Activation.Silu => "silu", Activation.Gelu => "gelu", _ => "gelu_pytorch_tanh" });
            json.WriteNumber("hidden_size", description.HiddenSize);
            json.WriteNumber("intermediate_size", description.IntermediateSize);
            json.WriteNumber("max_position_embeddings", description.MaxPositions);
            json.WriteNumber("num_attention_heads", description.HeadCount);
            json.WriteNumber("num_hidden_layers", description.LayerCount);
            json.WriteNumber("num_key_value_heads", description.KeyValueHeadCount);
            json.WriteNumber("rms_norm_eps", description.NormEpsilon);
            WriteScaling(json, description.Rope.Scaling);
            json.WriteNumber("rope_theta", description.Rope.Theta);
            json.WriteBoolean("tie_word_embeddings", description.TiedEmbeddings);
            json.WriteString("torch_dtype", "float32");
            json.WriteNumber("vocab_size", description.VocabularySize);
            json.WriteEndObject();
        });
    }

    internal override bool Reads(string modelType, JsonConfig config) => modelType == "llama";

    private protected override DecoderDescription Describe(JsonConfig config)
    {
        bool attentionBias = config.OptionalBoolean("attention_bias", false);
        DecoderDescription description = new FieldDefaults().Read(config);
        return description with
        {
            QueryKeyValueBias = attentionBias,
            AttentionOutputBias = attentionBias,
            MlpBias = config.OptionalBoolean("mlp_bias", false),

            // Fine-tunes on longer texts keep the first length here and put the second there (Vicuna 16k).
            MaxPositions = Math.Max(description.MaxPositions, config.OptionalInt32("max_sequence_length") ?? 0),
        };
    }

    private protected override string NameOf(DecoderDescription description, DecoderTensor tensor, int layer) => LlamaTensorNames.Of(tensor, layer);

    private static void RequireExpressible(DecoderDescription description)
    {
        DecoderDescription plain = new()
        {
            VocabularySize = description.VocabularySize,
            HiddenSize = description.HiddenSize,
            IntermediateSize = description.IntermediateSize,
            LayerCount = description.LayerCount,
            HeadCount = description.HeadCount,
            KeyValueHeadCount = description.KeyValueHeadCount,
            HeadSize = description.HeadSize,
            MaxPositions = description.MaxPositions,
            NormEpsilon = description.NormEpsilon,
            QueryKeyValueBias = description.QueryKeyValueBias,
            AttentionOutputBias = description.QueryKeyValueBias,
            MlpBias = description.MlpBias,
            Activation = description.Activation,
            TiedEmbeddings = description.TiedEmbeddings,
            Rope = new RotaryDescription { Theta = description.Rope.Theta, Scaling = description.Rope.Scaling },
        };
        if (description != plain)
        {
            throw new ArgumentException(
                $"A LLaMA configuration cannot say this: it has RMSNorm, sequential blocks, rotary positions over whole heads without windows, " +
                $"a gated MLP and one flag for all biases of attention. Given is {description}", nameof(description));
        }

        // The reader derives lengths from these kinds, so writing them would not round-trip.
        if (description.Rope.Scaling is { Kind: not (RotaryScalingKind.Linear or RotaryScalingKind.Llama3) } scaling)
        {
            throw new ArgumentException($"Writing rotary scaling of kind {scaling.Kind} is not supported; legal are Linear and Llama3.", nameof(description));
        }
    }

    private static void WriteScaling(Utf8JsonWriter json, RotaryScaling? scaling)
    {
        if (scaling is null)
        {
            json.WriteNull("rope_scaling");
            return;
        }

        json.WriteStartObject("rope_scaling");
        json.WriteString("rope_type", scaling.Kind == RotaryScalingKind.Linear ? "linear" : "llama3");
        json.WriteNumber("factor", scaling.Factor);
        if (scaling.Kind == RotaryScalingKind.Llama3)
        {
            json.WriteNumber("low_freq_factor", scaling.LowFrequencyFactor);
            json.WriteNumber("high_freq_factor", scaling.HighFrequencyFactor);
            json.WriteNumber("original_max_position_embeddings", scaling.OriginalMaxPositions);
        }

        json.WriteEndObject();
    }

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
