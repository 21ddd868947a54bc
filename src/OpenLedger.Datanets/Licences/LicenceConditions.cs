namespace OpenLedger.Datanets.Licences;

/// <summary>What a licence asks in return.</summary>
[Flags]
public enum LicenceConditions
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Naming the source, or keeping its notices.</summary>
    Attribution = 1,

    /// <summary>Releasing adaptations under the same or a compatible licence.</summary>
    ShareAlike = 2,

    /// <summary>Sharing alike also when an adaptation is only offered over a network.</summary>
    NetworkUse = 4,

    /// <summary>Handing out the source of derived works.</summary>
    DiscloseSource = 8,

    /// <summary>Refraining from listed uses, as the responsible AI licences demand.</summary>
    UseRestrictions = 16,
}
