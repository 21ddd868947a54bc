namespace PayableAi.Reporting;

/// <summary>How much one record contributed to one answer.</summary>
public sealed record AnswerInfluence
{
    /// <summary>The record's id.</summary>
    public required string Record { get; init; }

    /// <summary>Name of the record's contributor.</summary>
    public required string Contributor { get; init; }

    /// <summary>The influence; above zero where the record made the answer likelier.</summary>
    public required double Score { get; init; }

    /// <summary>The record's part of the contributors' share, in parts per billion.</summary>
    public required long WeightPpb { get; init; }

    /// <summary>The record's text.</summary>
    public required string Text { get; init; }
}
