using OpenLedger.Lora.Adapters;

namespace OpenLedger.Lora.Merging;

/// <summary>One participant of a merge.</summary>
/// <param name="Adapter">The adapter.</param>
/// <param name="Weight">Its weight; finite, may be negative where the method allows it.</param>
public sealed record WeightedAdapter(LoraAdapter Adapter, double Weight);
