namespace OpenLedger.Attribution.Spans;

/// <summary>Which matches count as spans.</summary>
public sealed record SpanMatchOptions
{
    /// <summary>Shortest span in tokens, 1 or more.</summary>
    /// <value>3 unless set.</value>
    public int MinimumLength { get; init; } = 3;

    /// <summary>Spans need more bits than this. Finite, or negative infinity to keep every span.</summary>
    /// <value>0 unless set: matches expected by chance are dropped.</value>
    public double MinimumBits { get; init; }

    /// <summary>Reports all faults at once.</summary>
    /// <exception cref="ArgumentException">A setting is out of range; the message names each.</exception>
    public void Validate()
    {
        List<string> faults = [];
        if (MinimumLength < 1)
        {
            faults.Add($"{nameof(MinimumLength)} is {MinimumLength}; a span has at least 1 token.");
        }

        if (double.IsNaN(MinimumBits) || double.IsPositiveInfinity(MinimumBits))
        {
            faults.Add($"{nameof(MinimumBits)} is {MinimumBits}; use a finite number, or negative infinity to keep every span.");
        }

        if (faults.Count > 0)
        {
            throw new ArgumentException($"{nameof(SpanMatchOptions)}: {string.Join(" ", faults)}");
        }
    }
}
