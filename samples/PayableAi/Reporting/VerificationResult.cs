namespace PayableAi.Reporting;

/// <summary>The checks of the exported files.</summary>
public sealed record VerificationResult
{
    /// <summary>Checks made.</summary>
    public required int Checks { get; init; }

    /// <summary>Checks passed.</summary>
    public required int Passed { get; init; }
}
