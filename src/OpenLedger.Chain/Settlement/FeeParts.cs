namespace OpenLedger.Chain.Settlement;

/// <summary>One fee, divided: four amounts in wei that sum to it exactly.</summary>
public sealed record FeeParts
{
    /// <summary>The platform's flat fee.</summary>
    public required UInt128 Platform { get; init; }

    /// <summary>The model owner's part.</summary>
    public required UInt128 Model { get; init; }

    /// <summary>The stakers' part.</summary>
    public required UInt128 Stakers { get; init; }

    /// <summary>The data contributors' part, before it is divided among them.</summary>
    public required UInt128 Contributors { get; init; }

    /// <summary>The fee: the sum of the four parts.</summary>
    public UInt128 Total => Platform + Model + Stakers + Contributors;
}
