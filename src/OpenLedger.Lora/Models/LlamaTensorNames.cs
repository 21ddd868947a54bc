namespace OpenLedger.Lora.Models;

/// <summary>Tensor names of the LLaMA family in Hugging Face checkpoints. Linear weights are <c>[outFeatures, inFeatures]</c>.</summary>
public static class LlamaTensorNames
{
    /// <summary><c>[vocabulary, hidden]</c></summary>
    public const string Embedding = "model.embed_tokens.weight";

    /// <summary><c>[hidden]</c></summary>
    public const string FinalNorm = "model.norm.weight";

    /// <summary><c>[vocabulary, hidden]</c>; absent when embeddings are tied.</summary>
    public const string Head = "lm_head.weight";

    /// <summary><c>[hidden]</c>, before attention.</summary>
    public static string AttentionNorm(int layer) => $"model.layers.{layer}.input_layernorm.weight";

    /// <summary><c>[hidden]</c>, before the MLP.</summary>
    public static string MlpNorm(int layer) => $"model.layers.{layer}.post_attention_layernorm.weight";

    /// <summary>Module path of a linear layer without the <c>.weight</c> ending, as PEFT names targets.</summary>
    /// <param name="layer">Zero-based layer index.</param>
    /// <param name="linear">Which linear of the layer.</param>
    public static string Module(int layer, DecoderLinear linear) => linear switch
    {
        DecoderLinear.Query => $"model.layers.{layer}.self_attn.q_proj",
        DecoderLinear.Key => $"model.layers.{layer}.self_attn.k_proj",
        DecoderLinear.Value => $"model.layers.{layer}.self_attn.v_proj",
        DecoderLinear.Output => $"model.layers.{layer}.self_attn.o_proj",
        DecoderLinear.Gate => $"model.layers.{layer}.mlp.gate_proj",
        DecoderLinear.Up => $"model.layers.{layer}.mlp.up_proj",
        DecoderLinear.Down => $"model.layers.{layer}.mlp.down_proj",
        _ => throw new ArgumentOutOfRangeException(nameof(linear), linear, "Not a linear layer of a decoder block."),
    };

    /// <summary>The name of any weight of a block in the LLaMA layout, which Mistral, Qwen 2 and 3 and Gemma use too.</summary>
    internal static string Of(DecoderTensor tensor, int layer) => tensor switch
    {
        DecoderTensor.Embedding => Embedding,
        DecoderTensor.FinalNorm => FinalNorm,
        DecoderTensor.Head => Head,
        DecoderTensor.AttentionNorm => AttentionNorm(layer),
        DecoderTensor.MlpNorm => MlpNorm(layer),
        DecoderTensor.QueryNorm => $"model.layers.{layer}.self_attn.q_norm.weight",
        DecoderTensor.KeyNorm => $"model.layers.{layer}.self_attn.k_norm.weight",
        >= DecoderTensor.Query and <= DecoderTensor.Down => Module(layer, (DecoderLinear)(tensor - DecoderTensor.Query)) + ".weight",
        >= DecoderTensor.QueryBias and <= DecoderTensor.DownBias => Module(layer, (DecoderLinear)(tensor - DecoderTensor.QueryBias)) + ".bias",
        _ => throw new ArgumentOutOfRangeException(nameof(tensor), tensor, "The LLaMA block has no such weight."),
    };
}
