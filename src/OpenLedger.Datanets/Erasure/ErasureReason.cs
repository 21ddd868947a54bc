namespace OpenLedger.Datanets.Erasure;

/// <summary>Why a record is erased. Names and numbers are stable; the journal keeps the name.</summary>
public enum ErasureReason
{
    /// <summary>Its contributor, or the person it is about, asked for it.</summary>
    PersonRequest = 1,

    /// <summary>It holds personal data that must not be there.</summary>
    PersonalData = 2,

    /// <summary>It holds a password, key or other secret.</summary>
    Secret = 3,

    /// <summary>A court or authority ordered it.</summary>
    LegalOrder = 4,

    /// <summary>It was given without the right to give it.</summary>
    RightsViolation = 5,
}
