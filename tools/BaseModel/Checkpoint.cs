using System.Text.Json;
using System.Text.Json.Nodes;
using OpenLedger.Lora.Models;
using OpenLedger.Lora.Safetensors;
using OpenLedger.Lora.Training.Autograd;
using TorchSharp;
using static TorchSharp.torch;

namespace OpenLedger.BaseModel;

/// <summary>Writes and reads the model in Hugging Face layout, weights as bfloat16.</summary>
internal static class Checkpoint
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static void Save(TorchDecoder model, string folder)
    {
        DecoderDescription d = model.Description;
        JsonObject config = new()
        {
            ["architectures"] = new JsonArray("LlamaForCausalLM"),
            ["model_type"] = "llama",
            ["attention_bias"] = false,
            ["bos_token_id"] = 0,
            ["eos_token_id"] = 3,
            ["head_dim"] = d.HeadSize,
            ["hidden_act"] = "silu",
            ["hidden_size"] = d.HiddenSize,
            ["initializer_range"] = 0.02,
            ["intermediate_size"] = d.IntermediateSize,
            ["max_position_embeddings"] = d.MaxPositions,
            ["mlp_bias"] = false,
            ["num_attention_heads"] = d.HeadCount,
            ["num_hidden_layers"] = d.LayerCount,
            ["num_key_value_heads"] = d.KeyValueHeadCount,
            ["rms_norm_eps"] = d.NormEpsilon,
            ["rope_scaling"] = null,
            ["rope_theta"] = d.Rope.Theta,
            ["tie_word_embeddings"] = d.TiedEmbeddings,
            ["torch_dtype"] = "bfloat16",
            ["use_cache"] = true,
            ["vocab_size"] = d.VocabularySize,
        };
        File.WriteAllText(Path.Combine(folder, "config.json"), config.ToJsonString(Indented) + "\n");
        SafetensorsWriter.Write(
            Path.Combine(folder, "model.safetensors"),
            TorchDecoder.Shapes(d).Select(s => new SafetensorsTensor
            {
                Name = s.Name,
                Shape = [.. s.Shape.Select(n => (int)n)],
                Values = model.Weights[s.Name].data<float>().ToArray(),
                DataType = SafetensorsDataType.BF16,
            }),
            new Dictionary<string, string> { ["format"] = "pt" });
    }
}
