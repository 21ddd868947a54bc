namespace OpenLedger.Datanets.Access;

/// <summary>Why a grant does not allow a use. Names and numbers are stable.</summary>
public enum AccessDenial
{
    /// <summary>The text is not a token.</summary>
    Malformed = 1,

    /// <summary>The signature is not the issuer's: the token was changed or forged.</summary>
    BadSignature = 2,

    /// <summary>The grant is for another datanet.</summary>
    WrongDatanet = 3,

    /// <summary>The grant was not issued by the owner.</summary>
    WrongIssuer = 4,

    /// <summary>The grant was issued to somebody else.</summary>
    WrongGrantee = 5,

    /// <summary>The grant does not cover this purpose.</summary>
    WrongPurpose = 6,

    /// <summary>The grant is not valid yet.</summary>
    NotYetValid = 7,

    /// <summary>The grant is not valid any more.</summary>
    Expired = 8,

    /// <summary>The grant is bound to another version.</summary>
    WrongVersion = 9,

    /// <summary>The grant does not cover these splits.</summary>
    OutOfScope = 10,

    /// <summary>The journal of the datanet knows no such grant.</summary>
    Unknown = 11,

    /// <summary>The owner took the grant back.</summary>
    Revoked = 12,

    /// <summary>The quota is used up.</summary>
    QuotaExhausted = 13,
}
