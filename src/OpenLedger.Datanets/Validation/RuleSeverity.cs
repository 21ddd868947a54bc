namespace OpenLedger.Datanets.Validation;

/// <summary>How much a finding weighs. Names and numbers are stable: stored reports hold them.</summary>
public enum RuleSeverity
{
    /// <summary>Worth knowing; costs nothing.</summary>
    Info = 1,

    /// <summary>A flaw that several of make a bad record.</summary>
    Warning = 2,

    /// <summary>A flaw that one of makes a bad record.</summary>
    Error = 3,
}
