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

    public BoundUpdate? this[int layer, DecoderLinear linear] => _updates[SlotOf(layer, linear)];

    /// <summary>Checks every module of an adapter and finds its place.</summary>
    /// <exception cref="ModelFormatException"><see cref="ModelFormatError.AdapterMismatch"/> lists every module that does not fit.</exception>
    public static BoundAdapter Bind(LoraAdapter adapter, CausalLM model)
    {
        BoundUpdate?[] updates = new BoundUpdate?[model.Description.LayerCount * DecoderWeights.Linears.Length];
        int maxRank = 0;
        foreach ((int slot, LoraModule module) in Resolve(adapter, model))
        {
            updates[slot] = new BoundUpdate(module);
            maxRank = Math.Max(maxRank, module.Rank);
        }

        return new BoundAdapter(updates, maxRank);
    }

    public static int SlotOf(int layer, DecoderLinear linear) => (layer * DecoderWeights.Linears.Length) + (int)linear;

    /// <summary>Pairs updates with their linears, by <see cref="SlotOf"/>. An update of a fused module becomes one per linear: B is split by rows, A shared.</summary>
    public static List<(int Slot, LoraModule Module)> Resolve(LoraAdapter adapter, CausalLM model)
    {
        ILookup<string, TensorSource> targets = model.LinearSources.ToLookup(s => WithoutRoot(s.Module), StringComparer.Ordinal);
        List<(int Slot, LoraModule Module)> found = [];
        HashSet<string> taken = new(StringComparer.Ordinal);
        List<string> faults = [];
        foreach (LoraModule module in adapter.Modules.Values)
        {
            string name = WithoutRoot(module.ModulePath);
            TensorSource[] sources = [.. targets[name]];
            if (sources.Length == 0)
            {
                faults.Add($"'{module.ModulePath}' is no linear layer of this model");
                continue;
            }

            int outFeatures = SourceRows.StoredRows(sources[0]);
            int inFeatures = sources[0].Shape[sources[0].Transposed ? 0 : 1];
            if (module.OutFeatures != outFeatures || module.InFeatures != inFeatures)
            {
                faults.Add(
                    $"'{module.ModulePath}' updates a [{module.OutFeatures}, {module.InFeatures}] weight; the model's is [{outFeatures}, {inFeatures}]");
            }
            else if (!taken.Add(name))
            {
                faults.Add($"'{module.ModulePath}' occurs twice, with and without 'model.' or 'transformer.'");
            }
            else
            {
                found.AddRange(sources.Select(s => (SlotOf(s.Layer, s.Tensor - DecoderTensor.Query + DecoderLinear.Query), RowsOf(module, s))));
            }
        }

        if (adapter.TaskHead.Count > 0)
        {
            faults.Add($"it brings a classifier head ({string.Join(", ", adapter.TaskHead.Keys)}), which a language model has no use for");
        }

        return faults.Count == 0
            ? found
            : throw ModelFormatException.FromFaults(
                ModelFormatError.AdapterMismatch, model.Name, "the adapter does not fit this model:", faults);
    }

    private static LoraModule RowsOf(LoraModule module, TensorSource source) => source.Rows.Count == 0
        ? module
        : new LoraModule(
            module.ModulePath,
            module.Rank,
            module.InFeatures,
            source.Rows.Sum(r => r.Count),
            module.Scaling,
            module.LoraA,
            SourceRows.Gather(source with { Transposed = false, Shape = [module.OutFeatures, module.Rank] }, module.LoraB.Span, module.Rank));

    /// <summary>Adapters trained on the inner model lack the name of the outer one, and checkpoints of inner models too.</summary>
    private static string WithoutRoot(string module)
    {
        foreach (string root in (string[])["model.", "transformer."])
        {
            if (module.StartsWith(root, StringComparison.Ordinal))
            {
                return WithoutRoot(module[root.Length..]);
            }
        }

        return module;
    }
}
