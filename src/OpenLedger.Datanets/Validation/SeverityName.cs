namespace OpenLedger.Datanets.Validation;

/// <summary>Severities and verdicts as documents spell them.</summary>
internal static class SeverityName
{
    public static string Of(RuleSeverity severity) => severity switch
    {
        RuleSeverity.Info => "info",
        RuleSeverity.Warning => "warning",
        _ => "error",
    };

    public static RuleSeverity? Parse(string name) => name switch
    {
        "info" => RuleSeverity.Info,
        "warning" => RuleSeverity.Warning,
        "error" => RuleSeverity.Error,
        _ => null,
    };

    public static string Of(RecordVerdict verdict) => verdict switch
    {
        RecordVerdict.Accept => "accept",
        RecordVerdict.Review => "review",
        _ => "reject",
    };

    public static RecordVerdict? ParseVerdict(string name) => name switch
    {
        "accept" => RecordVerdict.Accept,
        "review" => RecordVerdict.Review,
        "reject" => RecordVerdict.Reject,
        _ => null,
    };
}
