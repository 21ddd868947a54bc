namespace OpenLedger.Lora.Models;

/// <summary>
/// Gemma 3: its text models (<c>model_type</c> <c>gemma3_text</c>), and the decoder of its models of images and text (<c>gemma3</c>),
/// whose vision tensors are left aside: without an image they take no part.
/// </summary>
internal sealed class Gemma3Family : ModelFamily
{
    public override string Name => "gemma3";

    internal override bool Reads(string modelType, JsonConfig config) => modelType is "gemma3_text" or "gemma3";

    internal override bool IsInert(string tensorName, DecoderDescription description) => base.IsInert(tensorName, description)
        || tensorName.StartsWith("vision_tower.", StringComparison.Ordinal)
        || tensorName.StartsWith("multi_modal_projector.", StringComparison.Ordinal)
        || tensorName.StartsWith("model.vision_tower.", StringComparison.Ordinal)
        || tensorName.StartsWith("model.multi_modal_projector.", StringComparison.Ordinal);

    private protected override DecoderDescription Describe(JsonConfig config)
    {
        if (config.OptionalString("model_type") != "gemma3")
        {
            return DescribeText(config, config);
        }

        config.Ignore("vision_config", "mm_tokens_per_image", "boi_token_index", "eoi_token_index", "image_token_index");
        JsonConfig? text = config.Section("text_config");
        if (text is null)
        {
            config.Faults.Add("'text_config' is missing");
            return DescribeText(config, config);
        }

        text.Ignore("model_type", "architectures", "bos_token_id", "eos_token_id");
        DecoderDescription description = DescribeText(text, config);
        HarmlessFields.RefuseOthers(text);
        return description;
    }

    private static DecoderDescription DescribeText(JsonConfig config, JsonConfig outer)
    {
        FieldDefaults.Require(config, "use_bidirectional_attention", false, "implemented are decoders");
        FieldDefaults defaults = new()
        {
            VocabularySize = 262_208,
            HiddenSize = 2304,
            IntermediateSize = 9216,
            LayerCount = 26,
            HeadCount = 8,
            KeyValueHeadCount = 4,
            HeadSize = 256,
            MaxPositions = 131_072,
            TiedEmbeddings = outer.OptionalBoolean("tie_word_embeddings", true),
            Activation = "gelu_pytorch_tanh",
        };
        DecoderDescription description = defaults.Read(config, readRotary: false);
        int pattern = config.OptionalInt32("sliding_window_pattern") ?? config.OptionalInt32("_sliding_window_pattern") ?? 6;
        int[] windowed = LayerTypes.Windowed(config, description.LayerCount, layer => pattern > 0 && (layer + 1) % pattern != 0);
        bool bias = config.OptionalBoolean("attention_bias", false);
        (RotaryDescription global, RotaryDescription local, int longest) = ReadRotary(config, description);
        description = description with
        {
            Layout = BlockLayout.Sandwich,
            MaxPositions = longest,
            Rope = global,
            LocalRope = windowed.Length == 0 ? null : local,
            QueryKeyNorm = true,
            QueryKeyValueBias = bias,
            AttentionOutputBias = bias,
            AttentionScale = Gemma2Family.ReadScale(config, 256),
            AttentionSoftCap = Gemma2Family.ReadCap(config, "attn_logit_softcapping", null),
            LogitSoftCap = Gemma2Family.ReadCap(config, "final_logit_softcapping", null),
        };
        return GemmaFamily.ReadCommon(outer, config, description).WithWindow(config.OptionalInt32("sliding_window") ?? 4096, windowed);
    }

    // Full layers stretch; layers with a window keep their own base unstretched.
    private static (RotaryDescription Global, RotaryDescription Local, int Longest) ReadRotary(JsonConfig config, DecoderDescription description)
    {
        RotaryConfig rotary = new(config, description.HeadSize, description.MaxPositions) { DefaultTheta = 1_000_000 };
        double localTheta = config.OptionalDouble("rope_local_base_freq", 10_000);
        if (config.Section("rope_parameters") is JsonConfig both && both.Holds("full_attention"))
        {
            RotaryDescription full = rotary.Read(both.Section("full_attention"), 1_000_000);
            int longest = rotary.LongestSequence;
            RotaryDescription sliding = rotary.Read(both.Section("sliding_attention"), localTheta);
            HarmlessFields.RefuseAll(both);
            return (full, sliding, longest);
        }

        return (rotary.Read(), new RotaryDescription { Theta = localTheta }, rotary.LongestSequence);
    }

    private protected override string NameOf(DecoderDescription description, DecoderTensor tensor, int layer) => GemmaFamily.SandwichName(tensor, layer);
}
