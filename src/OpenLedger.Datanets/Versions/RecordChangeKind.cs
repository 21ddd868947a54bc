namespace OpenLedger.Datanets.Versions;

/// <summary>How one record differs between two versions.</summary>
public enum RecordChangeKind
{
    /// <summary>Only the newer version holds it.</summary>
    Added = 1,

    /// <summary>Only the older version holds it, and nothing took its place.</summary>
    Removed = 2,

    /// <summary>Only the newer version holds it, in the place of another record of the older one.</summary>
    Replaced = 3,
}
