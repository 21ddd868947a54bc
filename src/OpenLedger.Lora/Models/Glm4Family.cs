namespace OpenLedger.Lora.Models;

/// <summary>GLM-4-0414 (<c>model_type</c> <c>glm4</c>): GLM whose branch outputs are normalised too.</summary>
internal sealed class Glm4Family : ModelFamily
{
    public override string Name => "glm4";

    internal override bool Reads(string modelType, JsonConfig config) => modelType == "glm4";

    private protected override DecoderDescription Describe(JsonConfig config) => GlmFamily.Defaults.Read(config) with
    {
        Layout = BlockLayout.Sandwich,
        QueryKeyValueBias = config.OptionalBoolean("attention_bias", false),
    };

    private protected override TensorSource Place(TensorSource source, FusedRows rows) => FusedRows.ApplyGateUp(source);

    private protected override string NameOf(DecoderDescription description, DecoderTensor tensor, int layer) => tensor switch
    {
        DecoderTensor.AttentionOutputNorm => $"model.layers.{layer}.post_self_attn_layernorm.weight",
        DecoderTensor.MlpOutputNorm => $"model.layers.{layer}.post_mlp_layernorm.weight",
        _ => GlmFamily.GlmTensorName(tensor, layer),
    };
}
