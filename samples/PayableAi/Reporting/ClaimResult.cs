namespace PayableAi.Reporting;

/// <summary>A contributor's claim against the payout root.</summary>
public sealed record ClaimResult
{
    /// <summary>Name of the contributor.</summary>
    public required string Contributor { get; init; }

    /// <summary>The account that was paid.</summary>
    public required string Account { get; init; }

    /// <summary>The amount in wei, as a decimal string.</summary>
    public required string Amount { get; init; }

    /// <summary>Whether the claim's proof leads to the payout root.</summary>
    public required bool Verified { get; init; }
}
