namespace OpenLedger.Datanets.Access;

/// <summary>The kinds of events that make up the history of access.</summary>
internal static class AccessEvents
{
    public const string TermsSet = "access.terms-set";
    public const string Requested = "access.requested";
    public const string Cancelled = "access.cancelled";
    public const string PaidFor = "access.paid";
    public const string Approved = "access.approved";
    public const string Denied = "access.denied";
    public const string Revoked = "access.revoked";
    public const string Used = "access.used";
    public const string Checked = "access.checked";
    public const string AnswersErased = "access.answers-erased";
}
