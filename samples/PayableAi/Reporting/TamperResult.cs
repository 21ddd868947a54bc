namespace PayableAi.Reporting;

/// <summary>What became of exported files with one changed byte.</summary>
public sealed record TamperResult
{
    /// <summary>Single-byte changes tried.</summary>
    public required int Flips { get; init; }

    /// <summary>Changes that verification refused.</summary>
    public required int Rejected { get; init; }
}
