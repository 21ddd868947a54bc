namespace OpenLedger.Datanets.Licences;

/// <summary>What a licence forbids, asks or leaves open. Names and numbers are stable.</summary>
public enum LicenceRestrictionKind
{
    /// <summary>Copies may not be passed on.</summary>
    NoSharing = 1,

    /// <summary>Commercial use is not allowed.</summary>
    NoCommercialUse = 2,

    /// <summary>Adaptations may not be shared.</summary>
    NoDerivatives = 3,

    /// <summary>What is allowed must be read in the licence.</summary>
    UnknownTerms = 4,

    /// <summary>The source must be named.</summary>
    Attribution = 5,

    /// <summary>Adaptations stay under the same or a compatible licence.</summary>
    ShareAlike = 6,

    /// <summary>Listed uses are excluded.</summary>
    UseRestrictions = 7,

    /// <summary>Two conditions exclude each other, so that no adaptation can be released.</summary>
    Conflict = 8,
}
