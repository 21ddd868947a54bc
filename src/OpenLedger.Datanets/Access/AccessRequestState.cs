namespace OpenLedger.Datanets.Access;

/// <summary>Where a request stands. The steps between the states are tabled in <c>docs/datanets/access.md</c>.</summary>
public enum AccessRequestState
{
    /// <summary>The owner has not answered, or the price is not paid.</summary>
    Pending = 1,

    /// <summary>A grant was issued and is valid.</summary>
    Approved = 2,

    /// <summary>The owner said no. Final for the requester.</summary>
    Denied = 3,

    /// <summary>The requester took the request back, and may ask again.</summary>
    Cancelled = 4,

    /// <summary>Nobody answered in time, or the grant ran out. The requester may ask again.</summary>
    Expired = 5,

    /// <summary>The owner took the grant back. Final for the requester unless the owner said otherwise.</summary>
    Revoked = 6,
}
