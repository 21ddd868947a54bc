using OpenLedger.Datanets.Canonical;
using OpenLedger.Datanets.Contributions;

namespace OpenLedger.Datanets.Access;

/// <summary>A request for access, at one moment. Immutable.</summary>
public sealed record AccessRequest
{
    /// <summary>The request: the sequence number of the event that made it.</summary>
    public required long Id { get; init; }

    /// <summary>Who asks.</summary>
    public required ContributorId Requester { get; init; }

    /// <summary>What for.</summary>
    public required AccessPurpose Purpose { get; init; }

    /// <summary>Where it stands.</summary>
    public required AccessRequestState State { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset RequestedAt { get; init; }

    /// <summary>Salted digest of text and answers, which are not in the journal because people must be able to have them erased.</summary>
    public required Sha256Digest AnswersDigest { get; init; }

    /// <summary>When it runs out: the request while it is pending, the grant once it is approved.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The price in base units, 0 for free.</summary>
    public required UInt128 Price { get; init; }

    /// <summary>The payment that was confirmed, or <see langword="null"/>.</summary>
    public string? PaymentReference { get; init; }

    /// <summary>The grant once it is approved, also when it was revoked or ran out.</summary>
    public AccessGrant? Grant { get; init; }

    /// <summary>How much of the quota was used.</summary>
    public required long Used { get; init; }

    /// <summary>What the owner said when denying or revoking; empty for nothing.</summary>
    public string Note { get; init; } = "";
}
