namespace OpenLedger.Attribution.Retrieval;

/// <summary>Settings of <see cref="Bm25"/>.</summary>
public sealed record Bm25Options
{
    /// <summary>How soon repeated words stop adding to a score; 0 counts a word once. Finite, 0 or more.</summary>
    /// <value>1.2 unless set.</value>
    public double K1 { get; init; } = 1.2;

    /// <summary>How much long documents are held back, from 0 (not at all) to 1.</summary>
    /// <value>0.75 unless set.</value>
    public double B { get; init; } = 0.75;

    /// <summary>Reports all faults at once.</summary>
    /// <exception cref="ArgumentException">A setting is out of range; the message names each.</exception>
    public void Validate()
    {
        List<string> faults = [];
        if (!double.IsFinite(K1) || K1 < 0)
        {
            faults.Add($"{nameof(K1)} is {K1}; it must be finite and not below 0.");
        }

        if (!(B >= 0 && B <= 1))
        {
            faults.Add($"{nameof(B)} is {B}; it must be from 0 to 1.");
        }

        if (faults.Count > 0)
        {
            throw new ArgumentException($"{nameof(Bm25Options)}: {string.Join(" ", faults)}");
        }
    }
}
