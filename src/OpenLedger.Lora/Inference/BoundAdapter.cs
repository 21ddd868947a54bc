using OpenLedger.Lora.Adapters;
using OpenLedger.Lora.Models;

namespace OpenLedger.Lora.Inference;

/// <summary>An adapter checked against one model and laid out for its decoder. Immutable.</summary>
internal sealed class BoundAdapter
{
    private readonly BoundUpdate?[] _updates;

    private BoundAdapter(BoundUpdate?[] updates, int maxRank)
    {
        _updates = updates;
        MaxRank = maxRank;
    }

    public int MaxRank { get; }

    public BoundUpdate? this[int layer, DecoderLinear linear] => _updates[(layer * DecoderWeights.Linears.Length) + (int)linear];

    /// <summary>Checks every module of an adapter and finds its place.</summary>
    /// <exception cref="ModelFormatException"><see cref="ModelFormatError.AdapterMismatch"/> lists every module that does not fit.</exception>
    public static BoundAdapter Bind(LoraAdapter adapter, DecoderDescription description, string modelName)
    {
        BoundUpdate?[] updates = new BoundUpdate?[description.LayerCount * DecoderWeights.Linears.Length];
        int maxRank = 0;
        foreach ((int slot, LoraModule module) in Resolve(adapter, description, modelName))
        {
            updates[slot] = new BoundUpdate(module);
            maxRank = Math.Max(maxRank, module.Rank);
        }

        return new BoundAdapter(updates, maxRank);
    }

    /// <summary>Pairs each module with its index <c>layer · linears + linear</c>.</summary>
    public static List<(int Slot, LoraModule Module)> Resolve(LoraAdapter adapter, DecoderDescription description, string modelName)
    {
        Dictionary<string, int> slots = new(StringComparer.Ordinal);
        for (int layer = 0; layer < description.LayerCount; layer++)
        {
            foreach (DecoderLinear linear in DecoderWeights.Linears)
            {
                slots.Add(LlamaTensorNames.Module(layer, linear), (layer * DecoderWeights.Linears.Length) + (int)linear);
            }
        }

        List<(int Slot, LoraModule Module)> found = [];
        HashSet<int> taken = [];
        List<string> faults = [];
        foreach (LoraModule module in adapter.Modules.Values)
        {
            // Adapters trained on the inner model lack the leading "model.".
            if (!slots.TryGetValue(module.ModulePath, out int slot) && !slots.TryGetValue("model." + module.ModulePath, out slot))
            {
                faults.Add($"'{module.ModulePath}' is no linear layer of this model");
                continue;
            }

            (int outFeatures, int inFeatures) = description.ShapeOf((DecoderLinear)(slot % DecoderWeights.Linears.Length));
            if (module.OutFeatures != outFeatures || module.InFeatures != inFeatures)
            {
                faults.Add(
                    $"'{module.ModulePath}' updates a [{module.OutFeatures}, {module.InFeatures}] weight; the model's is [{outFeatures}, {inFeatures}]");
            }
            else if (!taken.Add(slot))
            {
                faults.Add($"'{module.ModulePath}' occurs twice, with and without 'model.'");
            }
            else
            {
                found.Add((slot, module));
            }
        }

        if (adapter.TaskHead.Count > 0)
        {
            faults.Add($"it brings a classifier head ({string.Join(", ", adapter.TaskHead.Keys)}), which a language model has no use for");
        }

        return faults.Count == 0
            ? found
            : throw ModelFormatException.FromFaults(
                ModelFormatError.AdapterMismatch, modelName, "the adapter does not fit this model:", faults);
    }
}
