namespace OpenLedger.Lora.Models;

/// <summary>GLM-4-9B in the layout of transformers (<c>model_type</c> <c>glm</c>): half of each head rotates in neighbouring pairs; gate and up are fused.</summary>
internal sealed class GlmFamily : ModelFamily
{
    internal static FieldDefaults Defaults { get; } = new()
    {
        MaxPositions = 131_072,
        KeyValueHeadCount = 2,
        HeadSize = 128,
        PartialRotary = 0.5,
        InterleavedRotary = true,
        NormEpsilon = 1.5625e-7,
    };

    public override string Name => "glm";

    internal override bool Reads(string modelType, JsonConfig config) => modelType == "glm";

    private protected override DecoderDescription Describe(JsonConfig config) =>
        Defaults.Read(config) with { QueryKeyValueBias = config.OptionalBoolean("attention_bias", false) };

    private protected override TensorSource Place(TensorSource source, FusedRows rows) => FusedRows.ApplyGateUp(source);

    private protected override string NameOf(DecoderDescription description, DecoderTensor tensor, int layer) => GlmTensorName(tensor, layer);

    internal static string GlmTensorName(DecoderTensor tensor, int layer) =>
        tensor is DecoderTensor.Gate or DecoderTensor.Up ? $"model.layers.{layer}.mlp.gate_up_proj.weight" : LlamaTensorNames.Of(tensor, layer);
}
