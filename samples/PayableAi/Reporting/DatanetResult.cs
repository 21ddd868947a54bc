namespace PayableAi.Reporting;

/// <summary>One committed version of a datanet.</summary>
public sealed record DatanetResult
{
    /// <summary>The datanet's id.</summary>
    public required string Id { get; init; }

    /// <summary>The version's number, from 1.</summary>
    public required int Version { get; init; }

    /// <summary>The version's content-derived id, in hexadecimal.</summary>
    public required string VersionId { get; init; }

    /// <summary>The root of the version's transparency tree, in hexadecimal.</summary>
    public required string Root { get; init; }

    /// <summary>Records in the version.</summary>
    public required int Records { get; init; }

    /// <summary>Records that were offered and not taken.</summary>
    public required IReadOnlyList<RefusedRecord> Refused { get; init; }
}
