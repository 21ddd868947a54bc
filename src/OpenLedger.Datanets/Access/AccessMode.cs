namespace OpenLedger.Datanets.Access;

/// <summary>Who approves requests.</summary>
public enum AccessMode
{
    /// <summary>The owner, one by one.</summary>
    Manual = 1,

    /// <summary>The rules: a valid request is approved at once, or as soon as its price is paid.</summary>
    Automatic = 2,
}
