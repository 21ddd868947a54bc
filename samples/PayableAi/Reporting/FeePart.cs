namespace PayableAi.Reporting;

/// <summary>One part of a fee.</summary>
public sealed record FeePart
{
    /// <summary>Who gets it: <c>platform</c>, <c>model</c>, <c>stakers</c> or <c>contributors</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The amount in wei, as a decimal string.</summary>
    public required string Amount { get; init; }
}
