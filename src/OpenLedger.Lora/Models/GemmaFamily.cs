using OpenLedger.Lora.Safetensors;

namespace OpenLedger.Lora.Models;

/// <summary>Gemma 1 (<c>model_type</c> <c>gemma</c>): gains stored minus one, scaled embeddings, heads of an own width.</summary>
internal sealed class GemmaFamily : ModelFamily
{
    public override string Name => "gemma";

    internal override bool Reads(string modelType, JsonConfig config) => modelType == "gemma";

    private protected override DecoderDescription Describe(JsonConfig config)
    {
        bool bias = config.OptionalBoolean("attention_bias", false);
        DecoderDescription description = new FieldDefaults { MaxPositions = 8192, HeadSize = 256, TiedEmbeddings = true, Activation = "gelu_pytorch_tanh" }.Read(config);
        return ReadCommon(config, config, description) with { QueryKeyValueBias = bias, AttentionOutputBias = bias };
    }

    private protected override string NameOf(DecoderDescription description, DecoderTensor tensor, int layer) => LlamaTensorNames.Of(tensor, layer);

    /// <summary>What all Gemmas have: norms, the scale of embeddings and the activation.</summary>
    /// <param name="outer">The whole configuration.</param>
    /// <param name="config">The part about text, which may be the whole.</param>
    /// <param name="description">The model so far.</param>
    internal static DecoderDescription ReadCommon(JsonConfig outer, JsonConfig config, DecoderDescription description) => description with
    {
        Norm = NormKind.RootMeanSquarePlusOne,
        EmbeddingScale = RoundToWeights(Math.Sqrt(description.HiddenSize), TypeOf(config) ?? TypeOf(outer)),

        // The first configurations say "gelu" in hidden_act and were trained with the tanh formula; only hidden_activation counts.
        Activation = FieldDefaults.ReadActivation(config, "hidden_activation", "gelu_pytorch_tanh"),
    };

    /// <summary>Norm names of Gemma 2 and 3, whose <c>post_attention_layernorm</c> is a norm of the branch output.</summary>
    internal static string SandwichName(DecoderTensor tensor, int layer) => tensor switch
    {
        DecoderTensor.AttentionOutputNorm => $"model.layers.{layer}.post_attention_layernorm.weight",
        DecoderTensor.MlpNorm => $"model.layers.{layer}.pre_feedforward_layernorm.weight",
        DecoderTensor.MlpOutputNorm => $"model.layers.{layer}.post_feedforward_layernorm.weight",
        _ => LlamaTensorNames.Of(tensor, layer),
    };

    private static string? TypeOf(JsonConfig config) => config.OptionalString("dtype") ?? config.OptionalString("torch_dtype");

    // The scale is a tensor of the weights' type in the published code: √3072 = 55.4256 becomes 55.5 in bfloat16.
    private static double RoundToWeights(double value, string? type) => type switch
    {
        "bfloat16" => BitConverter.UInt32BitsToSingle((uint)BFloat16Conversion.Narrow((float)value) << 16),
        "float16" => (double)(Half)value,
        _ => (float)value,
    };
}
