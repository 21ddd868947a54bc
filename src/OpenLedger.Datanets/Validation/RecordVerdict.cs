namespace OpenLedger.Datanets.Validation;

/// <summary>What a validation advises. Names and numbers are stable: stored reports hold them.</summary>
public enum RecordVerdict
{
    /// <summary>Take the record.</summary>
    Accept = 1,

    /// <summary>Let a person look at the record.</summary>
    Review = 2,

    /// <summary>Refuse the record.</summary>
    Reject = 3,
}
