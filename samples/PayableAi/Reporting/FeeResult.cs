namespace PayableAi.Reporting;

/// <summary>The fee of one answer and how it is split.</summary>
public sealed record FeeResult
{
    /// <summary>Id of the inference that is charged.</summary>
    public required string Inference { get; init; }

    /// <summary>The fee in wei, as a decimal string.</summary>
    public required string Total { get; init; }

    /// <summary>The parts, which sum exactly to <see cref="Total"/>.</summary>
    public required IReadOnlyList<FeePart> Parts { get; init; }
}
