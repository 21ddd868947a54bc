namespace PayableAi.Reporting;

/// <summary>A record that a datanet did not take.</summary>
public sealed record RefusedRecord
{
    /// <summary>The record's id.</summary>
    public required string Record { get; init; }

    /// <summary>Who offered it.</summary>
    public required string Contributor { get; init; }

    /// <summary>Why it was refused, for a person to read.</summary>
    public required string Reason { get; init; }
}
