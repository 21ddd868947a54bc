using System.Text.Json;

namespace OpenLedger.Lora.Models;

/// <summary>Reads <c>layer_types</c>: which layers see a window and which see everything.</summary>
internal static class LayerTypes
{
    /// <summary>The layers with a window.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="layerCount">Number of layers.</param>
    /// <param name="isWindowed">The rule of the family for configurations without the list.</param>
    public static int[] Windowed(JsonConfig config, int layerCount, Func<int, bool> isWindowed)
    {
        // The caller reports an impossible number of layers; nothing of its size may be allocated before.
        int count = Math.Clamp(layerCount, 0, DecoderDescription.MaxLayers);
        if (!config.TryGet("layer_types", out JsonElement _))
        {
            return [.. Enumerable.Range(0, count).Where(isWindowed)];
        }

        string[] types = config.OptionalStringList("layer_types");
        if (types.Length != layerCount)
        {
            config.Faults.Add($"{config.Quote("layer_types")} names {types.Length} layers; the model has {layerCount}");
        }

        foreach (string type in types.Distinct().Where(t => t is not ("sliding_attention" or "full_attention")))
        {
            config.Unsupported.Add($"{config.Quote("layer_types")} holds '{type}'; implemented are 'full_attention' and 'sliding_attention'");
        }

        return [.. Enumerable.Range(0, types.Length).Where(i => types[i] == "sliding_attention")];
    }

    /// <summary>The same description with a window on some layers: none, all or a list, in the one spelling of each.</summary>
    public static DecoderDescription WithWindow(this DecoderDescription description, int? window, int[] layers) => description with
    {
        Window = layers.Length == 0 ? null : window,
        WindowedLayers = window is null || layers.Length == description.LayerCount ? [] : ValueList.Create<int>(layers),
    };
}
