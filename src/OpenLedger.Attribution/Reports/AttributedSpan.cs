namespace OpenLedger.Attribution.Reports;

/// <summary>A part of the answer that stands verbatim in contributed records.</summary>
public sealed record AttributedSpan
{
    /// <summary>First UTF-16 code unit in the answer, from 0.</summary>
    public required int Start { get; init; }

    /// <summary>Number of UTF-16 code units, at least 1.</summary>
    public required int Length { get; init; }

    /// <summary>How surprising the match is, in bits.</summary>
    public required double Bits { get; init; }

    /// <summary>The records that hold it, by ascending id (ordinal), at least one.</summary>
    public required IReadOnlyList<string> RecordIds { get; init; }
}
