namespace PayableAi.Reporting;

/// <summary>One paid question, with what the base and the adapter said and which records the answer came from.</summary>
public sealed record AnswerResult
{
    /// <summary>The question as it was asked.</summary>
    public required string Question { get; init; }

    /// <summary>What the base model alone said.</summary>
    public required string Base { get; init; }

    /// <summary>What the base model with the adapter said.</summary>
    public required string Adapter { get; init; }

    /// <summary>The right answer.</summary>
    public required string Expected { get; init; }

    /// <summary>Whether <see cref="Adapter"/> is right.</summary>
    public required bool Correct { get; init; }

    /// <summary>The most influential records, strongest first.</summary>
    public required IReadOnlyList<AnswerInfluence> Influence { get; init; }

    /// <summary>Passages of <see cref="Adapter"/> that occur word for word in a record.</summary>
    public required IReadOnlyList<AnswerSpan> Spans { get; init; }

    /// <summary>Share of the answer that the spans cover, from 0 to 1.</summary>
    public required double Coverage { get; init; }
}
