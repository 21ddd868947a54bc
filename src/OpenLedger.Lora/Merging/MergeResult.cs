using OpenLedger.Lora.Adapters;

namespace OpenLedger.Lora.Merging;

/// <summary>A merged adapter and what happened on the way.</summary>
/// <param name="Adapter">Scaling 1 everywhere, so that its factors hold the whole update; loads in PEFT.</param>
/// <param name="Modules">One report per module, in ordinal order of the paths.</param>
public sealed record MergeResult(LoraAdapter Adapter, IReadOnlyList<ModuleMergeReport> Modules);
