namespace OpenLedger.Lora.Merging;

/// <summary>What merging did to one module.</summary>
public sealed record ModuleMergeReport
{
    /// <summary>Path of the module.</summary>
    public required string ModulePath { get; init; }

    /// <summary>Rank of the merged update.</summary>
    public required int Rank { get; init; }

    /// <summary><c>‖ΔW_merged − Σ w·ΔW‖ / ‖Σ w·ΔW‖</c> (Frobenius): how far the result is from the plain weighted sum.</summary>
    public required double RelativeError { get; init; }

    /// <summary>Share of the entries in which two participants have opposite signs, 0 to 1; 0 for one participant.</summary>
    public required double SignConflicts { get; init; }

    /// <summary>
    /// Mean over pairs of <c>‖U_iᵀ U_j‖² / min(r_i, r_j)</c> of the left spaces, 0 to 1: 1 where the updates write into the same directions.
    /// </summary>
    public required double SubspaceOverlap { get; init; }
}
