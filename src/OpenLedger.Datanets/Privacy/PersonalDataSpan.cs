namespace OpenLedger.Datanets.Privacy;

/// <summary>Personal data or a secret found in a text.</summary>
/// <remarks>Does not hold the value, so that it can be logged. Immutable.</remarks>
public sealed record PersonalDataSpan
{
    /// <summary>First UTF-16 code unit in the text.</summary>
    public required int Start { get; init; }

    /// <summary>Number of UTF-16 code units, at least 1.</summary>
    public required int Length { get; init; }

    /// <summary>The first UTF-16 code unit after the span.</summary>
    public int End => Start + Length;

    /// <summary>The kind.</summary>
    public required PersonalDataEntity Entity { get; init; }

    /// <summary>How sure the recogniser is, 0 to 1. Scores order candidates; they are not probabilities.</summary>
    public required double Score { get; init; }

    /// <summary>The name of the recogniser that found it.</summary>
    public required string Recognizer { get; init; }

    /// <summary>The evidence in a few words; never the value itself.</summary>
    public required string Why { get; init; }
}
