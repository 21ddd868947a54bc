namespace PayableAi.Reporting;

/// <summary>What one contributor earned in the run.</summary>
public sealed record PayoutResult
{
    /// <summary>Name of the contributor.</summary>
    public required string Contributor { get; init; }

    /// <summary>How many of the contributor's records earned something.</summary>
    public required int RecordsUsed { get; init; }

    /// <summary>The part of all payouts, in parts per billion.</summary>
    public required long SharePpb { get; init; }

    /// <summary>The amount in wei, as a decimal string.</summary>
    public required string Paid { get; init; }
}
