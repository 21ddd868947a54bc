namespace OpenLedger.Lora.Merging;

/// <summary>Whose definition counts where two tools give one name to different operations.</summary>
public enum MergeSemantics
{
    /// <summary>
    /// PEFT's <c>add_weighted_adapter</c>: element-wise methods work on A and B separately (equal ranks), or on ΔW where
    /// <see cref="MergeOptions.OnDelta"/> is set (its <c>*_svd</c> types); signs are elected on unweighted entries and sums divided by the number kept.
    /// </summary>
    Peft,

    /// <summary>mergekit: element-wise methods work on weighted ΔW; sums are divided by the weights kept where it normalises.</summary>
    MergeKit,
}
