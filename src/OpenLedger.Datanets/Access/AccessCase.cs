using OpenLedger.Datanets.Canonical;
using OpenLedger.Datanets.Contributions;

namespace OpenLedger.Datanets.Access;

/// <summary>The state of one request inside <see cref="AccessProjection"/>, which alone changes it.</summary>
internal sealed class AccessCase
{
    public required long Id { get; init; }

    public required ContributorId Requester { get; init; }

    public required AccessPurpose Purpose { get; init; }

    public required DateTimeOffset RequestedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public required Sha256Digest AnswersDigest { get; init; }

    public required AccessTerms Terms { get; init; }

    /// <summary>Without the states that come by time.</summary>
    public AccessRequestState Noted { get; set; } = AccessRequestState.Pending;

    public string? PaymentReference { get; set; }

    public AccessGrant? Grant { get; set; }

    public string Note { get; set; } = "";

    public bool MayAskAgain { get; set; }

    public long Used { get; set; }

    /// <summary>What each run, or epoch of a run, has been counted for.</summary>
    public Dictionary<(string Run, int Epoch), long> Counted { get; } = [];

    public bool IsPaid => Terms.Price == 0 || PaymentReference is not null;

    public AccessRequestState StateAt(DateTimeOffset now) => Noted switch
    {
        AccessRequestState.Pending when now >= ExpiresAt => AccessRequestState.Expired,
        AccessRequestState.Approved when now >= Grant!.NotAfter => AccessRequestState.Expired,
        _ => Noted,
    };

    public AccessRequest ToRequest(DateTimeOffset now) => new()
    {
        Id = Id,
        Requester = Requester,
        Purpose = Purpose,
        State = StateAt(now),
        RequestedAt = RequestedAt,
        AnswersDigest = AnswersDigest,
        ExpiresAt = Grant?.NotAfter ?? ExpiresAt,
        Price = Terms.Price,
        PaymentReference = PaymentReference,
        Grant = Grant,
        Used = Used,
        Note = Note,
    };
}
