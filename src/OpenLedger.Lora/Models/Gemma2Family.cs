namespace OpenLedger.Lora.Models;

/// <summary>Gemma 2 (<c>model_type</c> <c>gemma2</c>): four norms per block, capped scores and logits, a window on every other layer.</summary>
internal sealed class Gemma2Family : ModelFamily
{
    public override string Name => "gemma2";

    internal override bool Reads(string modelType, JsonConfig config) => modelType == "gemma2";

    private protected override DecoderDescription Describe(JsonConfig config)
    {
        bool bias = config.OptionalBoolean("attention_bias", false);
        DecoderDescription description = new FieldDefaults
        {
            MaxPositions = 8192,
            HeadSize = 256,
            KeyValueHeadCount = 4,
            TiedEmbeddings = true,
            Activation = "gelu_pytorch_tanh",
        }.Read(config);
        int[] windowed = LayerTypes.Windowed(config, description.LayerCount, layer => layer % 2 == 0);
        int window = FieldDefaults.OfEither(config, "sliding_window", "sliding_window_size") ?? 4096;
        return GemmaFamily.ReadCommon(config, config, description).WithWindow(window, windowed) with
        {
            Layout = BlockLayout.Sandwich,
            QueryKeyValueBias = bias,
            AttentionOutputBias = bias,
            AttentionScale = ReadScale(config, 256),
            AttentionSoftCap = ReadCap(config, "attn_logit_softcapping", 50),
            LogitSoftCap = ReadCap(config, "final_logit_softcapping", 30),
        };
    }

    private protected override string NameOf(DecoderDescription description, DecoderTensor tensor, int layer) => GemmaFamily.SandwichName(tensor, layer);

    /// <summary><c>1/√query_pre_attn_scalar</c></summary>
    internal static double ReadScale(JsonConfig config, double defaultScalar) =>
        1 / Math.Sqrt(config.OptionalDouble("query_pre_attn_scalar", defaultScalar));

    /// <summary>A cap; <c>null</c> means none, an absent field the default.</summary>
    internal static double? ReadCap(JsonConfig config, string name, double? defaultCap) =>
        config.TryGet(name, out _) ? config.OptionalDouble(name, 1) : config.Holds(name) ? null : defaultCap;
}
