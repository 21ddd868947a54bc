namespace OpenLedger.Lora.Models;

/// <summary>Qwen 1.5, 2 and 2.5 (<c>model_type</c> <c>qwen2</c>), also the Qwen distillations of DeepSeek-R1: LLaMA with biases on query, key and value.</summary>
internal sealed class Qwen2Family : ModelFamily
{
    public override string Name => "qwen2";

    internal override bool Reads(string modelType, JsonConfig config) => modelType == "qwen2";

    private protected override DecoderDescription Describe(JsonConfig config)
    {
        // The biases are part of the architecture; a field that denies them contradicts the tensors.
        FieldDefaults.Require(config, "qkv_bias", true, "implemented are biases on query, key and value");
        FieldDefaults.Require(config, "attention_bias", true, "Qwen 2 always has biases on query, key and value");
        return ReadWindow(config, new FieldDefaults { MaxPositions = 32768, KeyValueHeadCount = null }.Read(config) with { QueryKeyValueBias = true });
    }

    private protected override string NameOf(DecoderDescription description, DecoderTensor tensor, int layer) => LlamaTensorNames.Of(tensor, layer);

    /// <summary>Qwen's window: off unless <c>use_sliding_window</c>, and then from layer <c>max_window_layers</c> up.</summary>
    internal static DecoderDescription ReadWindow(JsonConfig config, DecoderDescription description)
    {
        bool windowed = config.OptionalBoolean("use_sliding_window", false);
        int window = config.OptionalInt32("sliding_window") ?? 4096;
        int firstWindowed = config.OptionalInt32("max_window_layers") ?? 28;
        bool none = config.Holds("sliding_window") && !config.TryGet("sliding_window", out _);
        int[] layers = LayerTypes.Windowed(config, description.LayerCount, layer => windowed && !none && layer >= firstWindowed);
        if (layers.Length > 0 && (!windowed || none))
        {
            config.Faults.Add("'layer_types' holds 'sliding_attention', but there is no window: 'use_sliding_window' is not true or 'sliding_window' is null");
        }

        return description.WithWindow(window, layers);
    }
}
