namespace OpenLedger.Hosting.Datanets;

/// <summary>One thing that a language model gave and that is no row.</summary>
public sealed record ChatRowFinding
{
    internal ChatRowFinding(ChatRowFault fault, string part, int? rowNumber, string message)
    {
        Fault = fault;
        Part = part;
        RowNumber = rowNumber;
        Message = message;
    }

    /// <summary>The reason.</summary>
    public ChatRowFault Fault { get; }

    /// <summary>File and part, for example <c>guide.pdf: page 3</c>.</summary>
    public string Part { get; }

    /// <summary>The row's 1-based place in the answer, or <see langword="null"/> when the finding is about the answer.</summary>
    public int? RowNumber { get; }

    /// <summary>What is wrong, with the legal range; may hold up to 80 characters of a field, so it belongs in no public log.</summary>
    public string Message { get; }

    /// <summary>One line for people.</summary>
    public override string ToString() =>
        RowNumber is { } number ? FormattableString.Invariant($"{Part}: row {number}: {Message}") : $"{Part}: {Message}";
}
