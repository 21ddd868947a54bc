namespace PayableAi.Reporting;

/// <summary>A passage of an answer that occurs word for word in contributed records.</summary>
public sealed record AnswerSpan
{
    /// <summary>Offset of the first character in the adapter's answer, in UTF-16 code units.</summary>
    public required int Start { get; init; }

    /// <summary>Length in UTF-16 code units.</summary>
    public required int Length { get; init; }

    /// <summary>How surprising the passage is, in bits: rare words count more.</summary>
    public required double Bits { get; init; }

    /// <summary>Ids of the records that hold the passage.</summary>
    public required IReadOnlyList<string> Records { get; init; }

    /// <summary>
    /// Names of the contributors of <see cref="Records"/>, in the same order. May be left empty: the report then looks the records
    /// up among the influential records of the answers, where a record that is in no list stays without a name.
    /// </summary>
    public IReadOnlyList<string> Contributors { get; init; } = [];
}
