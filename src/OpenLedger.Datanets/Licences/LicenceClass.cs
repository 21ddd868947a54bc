namespace OpenLedger.Datanets.Licences;

/// <summary>The family of a licence, by what it asks most strongly.</summary>
public enum LicenceClass
{
    /// <summary>No rights are reserved, or all are waived.</summary>
    PublicDomain = 0,

    /// <summary>Everything is allowed, mostly with attribution.</summary>
    Permissive = 1,

    /// <summary>Adaptations of content or data stay under the same or a compatible licence.</summary>
    ShareAlike = 2,

    /// <summary>Derived software stays under the same or a compatible licence.</summary>
    Copyleft = 3,

    /// <summary>Commercial use is not allowed.</summary>
    NonCommercial = 4,

    /// <summary>Adaptations may not be shared.</summary>
    NoDerivatives = 5,

    /// <summary>A known licence whose terms fit none of the families, for example one with use restrictions.</summary>
    Custom = 6,

    /// <summary>Nothing is known about the licence.</summary>
    Unknown = 7,
}
