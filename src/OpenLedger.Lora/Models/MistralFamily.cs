namespace OpenLedger.Lora.Models;

/// <summary>Mistral (<c>model_type</c> <c>mistral</c>): 7B v0.1 with its window of 4096 tokens, v0.2 and v0.3 without, and Nemo with heads of 128.</summary>
internal sealed class MistralFamily : ModelFamily
{
    public override string Name => "mistral";

    internal override bool Reads(string modelType, JsonConfig config) => modelType == "mistral";

    private protected override DecoderDescription Describe(JsonConfig config)
    {
        DecoderDescription description = new FieldDefaults { MaxPositions = 4096 * 32, KeyValueHeadCount = 8 }.Read(config);

        // An absent field means the window of v0.1, null means none.
        int? window = config.OptionalInt32("sliding_window") ?? (config.Holds("sliding_window") ? null : 4096);
        return description with { Window = window };
    }

    private protected override string NameOf(DecoderDescription description, DecoderTensor tensor, int layer) => LlamaTensorNames.Of(tensor, layer);
}
