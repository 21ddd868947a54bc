namespace OpenLedger.Attribution.Influence;

/// <summary>How scores are corrected for records whose gradient is large for every query, such as outliers and noisy labels.</summary>
public enum SelfNormalization
{
    /// <summary>No correction: <c>vᵀ H⁻¹ g_i</c>, the estimate of the change in loss.</summary>
    None = 0,

    /// <summary>
    /// RelatIF: divided by <c>sqrt(g_iᵀ H⁻¹ g_i)</c>, the local effect per unit of global effect.
    /// Source: Barshan, Brunet, Dziugaite, "RelatIF", AISTATS 2020 (arXiv 2003.11630).
    /// </summary>
    RelatIf = 1,

    /// <summary>Divided by the length of the record's gradient; the curvature still sees the original rows.</summary>
    L2 = 2,

    /// <summary>Every training row is scaled to unit length first, for the curvature too, so that no outlier bends it.</summary>
    UnitRows = 3,
}
