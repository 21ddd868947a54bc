namespace OpenLedger.Datanets.Validation;

/// <summary>One thing that a rule found in a record.</summary>
/// <remarks>Findings are stored and logged, so they hold no more of the record than <see cref="Excerpt"/>.</remarks>
public sealed record RuleFinding
{
    internal RuleFinding(string code, RuleSeverity severity, string path, string message, double? measured, double? threshold, string? excerpt)
    {
        Code = code;
        Severity = severity;
        Path = path;
        Message = message;
        Measured = measured;
        Threshold = threshold;
        Excerpt = excerpt;
    }

    /// <summary>The stable reason, for example <c>gopher_short_doc</c>.</summary>
    public string Code { get; }

    /// <summary>How much it weighs under the profile.</summary>
    public RuleSeverity Severity { get; }

    /// <summary>Where in the record, as a JSON path: <c>$</c> is the record, <c>$.tags[2]</c> the third tag; names are cut to 40 characters.</summary>
    public string Path { get; }

    /// <summary>One sentence for people, at most 240 characters.</summary>
    public string Message { get; }

    /// <summary>What was measured, where the rule measures; the unit is the rule's.</summary>
    public double? Measured { get; }

    /// <summary>The limit that was crossed, in the unit of <see cref="Measured"/>.</summary>
    public double? Threshold { get; }

    /// <summary>The place in the text, at most 80 characters, invisible characters escaped; <see langword="null"/> where it would tell too much.</summary>
    public string? Excerpt { get; }

    /// <summary>One line for people.</summary>
    public override string ToString() => $"{Severity} {Code} at {Path}: {Message}";
}
