using System.Text.Json;

namespace OpenLedger.Lora.Models;

/// <summary>
/// What happens to a field of <c>config.json</c> that no family reads. Ignoring a field that changes the arithmetic would give a model that
/// runs and is wrong, so such a field is refused by name; a field that cannot change it (how the model was trained, sampled or packed) is
/// ignored. Nobody can list every field that people add, therefore unknown names are judged by the words in them.
/// </summary>
internal static class HarmlessFields
{
    /// <summary>A field whose name holds one of these says something about arithmetic.</summary>
    private static readonly string[] Markers =
    [
        "activation", "adapter", "alibi", "attn", "attention", "bias", "conv", "embed", "expert", "ffn", "head", "hidden", "layer", "logit", "lora", "mask",
        "mamba", "mlp", "moe", "mtp", "multiplier", "nextn", "norm", "parallel", "position", "quant", "recurrent", "residual", "rope", "rotary", "router",
        "scale", "scaling", "softcap", "ssm", "vision", "audio", "window",
    ];

    /// <summary>Names with a marker that nevertheless only concern training, precision of intermediate values, or what is returned.</summary>
    private static readonly HashSet<string> Known = new(StringComparer.Ordinal)
    {
        "attention_softmax_in_fp32", "attn_implementation", "bias_dropout_fusion", "chunk_size_feed_forward", "flash_attn", "masked_softmax_fused",
        "output_attentions", "output_hidden_states", "pretraining_tp", "scale_attn_weights_dtype", "softmax_in_fp32", "use_flash_attention",
        "use_flash_attention_2", "use_flash_attn", "use_memory_efficient_attention", "use_xformers_memory_efficient_attention",
    };

    /// <summary>Endings of names that concern training or tokens only.</summary>
    private static readonly string[] Endings = ["_dropout", "_dropout_prob", "_pdrop", "_token_id", "_token_ids", "_token_index", "_init", "_init_std"];

    /// <summary>Refuses the fields that nobody read and that may matter.</summary>
    public static void RefuseOthers(JsonConfig config)
    {
        foreach ((string name, JsonElement value) in config.Unknown)
        {
            if (IsExpertField(name) && !SaysNothing(value))
            {
                config.Unsupported.Add($"{config.Quote(name)} is {JsonConfig.Show(value)}: a mixture of experts; implemented are dense decoders");
            }
            else if (!IsHarmless(name, value))
            {
                config.Unsupported.Add($"{config.Quote(name)} is {JsonConfig.Show(value)}, which may change the computation; this family does not know the field");
            }
        }
    }

    /// <summary>Refuses every field that nobody read, for objects whose every field is a number of a formula.</summary>
    public static void RefuseAll(JsonConfig section)
    {
        foreach ((string name, JsonElement value) in section.Unknown)
        {
            if (!SaysNothing(value))
            {
                section.Unsupported.Add($"{section.Quote(name)} is {JsonConfig.Show(value)}; this package does not know the field");
            }
        }
    }

    // "Not causal" is the one false that says something: every family here is a decoder.
    private static bool IsHarmless(string name, JsonElement value) => name is "is_causal" or "causal"
        ? value.ValueKind != JsonValueKind.False
        : SaysNothing(value)
        || name.StartsWith('_')
        || Known.Contains(name)
        || Endings.Any(e => name.EndsWith(e, StringComparison.Ordinal))
        || !Markers.Any(m => name.Contains(m, StringComparison.OrdinalIgnoreCase));

    private static bool IsExpertField(string name) =>
        name.Contains("expert", StringComparison.OrdinalIgnoreCase) || name.Contains("moe", StringComparison.OrdinalIgnoreCase);

    private static bool SaysNothing(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.False => true,
        JsonValueKind.Number => value.TryGetDouble(out double number) && number == 0,
        JsonValueKind.String => value.ValueEquals(""),
        JsonValueKind.Array => value.GetArrayLength() == 0,
        JsonValueKind.Object => !value.EnumerateObject().MoveNext(),
        _ => false,
    };
}
