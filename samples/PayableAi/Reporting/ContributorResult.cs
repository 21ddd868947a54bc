namespace PayableAi.Reporting;

/// <summary>A contributor and the account that is paid.</summary>
public sealed record ContributorResult
{
    /// <summary>The name, unique within a result.</summary>
    public required string Name { get; init; }

    /// <summary>The account, in hexadecimal with its prefix.</summary>
    public required string Account { get; init; }
}
