namespace OpenLedger.Datanets.Licences;

/// <summary>Whether a licence allows something. The order is that of strictness: of two sources the greater answer holds.</summary>
public enum LicenceVerdict
{
    /// <summary>Allowed, under the conditions of the licence.</summary>
    Granted = 0,

    /// <summary>Nobody who reads only the id can tell; a person must read the licence.</summary>
    Unknown = 1,

    /// <summary>Not allowed.</summary>
    Denied = 2,
}
