namespace OpenLedger.Hosting.Datanets;

/// <summary>What making rows of one document gave so far and what it cost.</summary>
/// <remarks>A snapshot: immutable, safe for concurrent use. See <see cref="ChatRowExtractorOptions.Progress"/>.</remarks>
public sealed record ChatRowReport
{
    /// <summary>Most findings that are listed; <see cref="CountOf"/> counts the others too.</summary>
    public const int MaxFindings = 1000;

    private readonly int[] _counts;

    internal ChatRowReport(int[] counts) => _counts = counts;

    /// <summary>The document's name as the caller gave it.</summary>
    public required string SourceName { get; init; }

    /// <summary>Whether the document was walked to its end; <see langword="false"/> after a fault, a cancellation or a walk that was left.</summary>
    public required bool IsComplete { get; init; }

    /// <summary>Parts that the model was asked about.</summary>
    public required int Parts { get; init; }

    /// <summary>Requests that the model answered, repeated ones included.</summary>
    public required int Requests { get; init; }

    /// <summary>Rows that passed every check.</summary>
    public required int Rows { get; init; }

    /// <summary>The first <see cref="MaxFindings"/> findings, in the order of the document.</summary>
    public required IReadOnlyList<ChatRowFinding> Findings { get; init; }

    /// <summary>Tokens of all requests, as far as the client reported them.</summary>
    public required long InputTokens { get; init; }

    /// <summary>Tokens of all answers, refused ones included, as far as the client reported them.</summary>
    public required long OutputTokens { get; init; }

    /// <summary>Requests for which the client did not report both counts, so that the sums are too low.</summary>
    public required int RequestsWithoutUsage { get; init; }

    /// <summary>Rows that the model gave and that were dropped.</summary>
    public int DroppedRows => CountOf(ChatRowFault.SchemaMismatch) + CountOf(ChatRowFault.MissingEvidence) + CountOf(ChatRowFault.TooManyRows);

    /// <summary>How often something was found.</summary>
    /// <param name="fault">A named fault, which says what it counts.</param>
    /// <exception cref="ArgumentOutOfRangeException">The fault has no name.</exception>
    public int CountOf(ChatRowFault fault) =>
        Enum.IsDefined(fault) ? _counts[(int)fault] : throw new ArgumentOutOfRangeException(nameof(fault), fault, "Use a named fault.");
}
