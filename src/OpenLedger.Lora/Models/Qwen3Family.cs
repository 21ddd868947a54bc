namespace OpenLedger.Lora.Models;

/// <summary>Qwen 3 (<c>model_type</c> <c>qwen3</c>): heads of an own width whose queries and keys are normalised before rotation.</summary>
internal sealed class Qwen3Family : ModelFamily
{
    public override string Name => "qwen3";

    internal override bool Reads(string modelType, JsonConfig config) => modelType == "qwen3";

    private protected override DecoderDescription Describe(JsonConfig config)
    {
        bool bias = config.OptionalBoolean("attention_bias", false);
        DecoderDescription description = new FieldDefaults { MaxPositions = 32768, HeadSize = 128 }.Read(config);
        return Qwen2Family.ReadWindow(config, description with { QueryKeyNorm = true, QueryKeyValueBias = bias, AttentionOutputBias = bias });
    }

    private protected override string NameOf(DecoderDescription description, DecoderTensor tensor, int layer) => LlamaTensorNames.Of(tensor, layer);
}
