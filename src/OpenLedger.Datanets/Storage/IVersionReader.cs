using OpenLedger.Datanets.Canonical;

namespace OpenLedger.Datanets.Storage;

/// <summary>Reads the versions of datanets; valid only inside the work it was handed to.</summary>
public interface IVersionReader
{
    /// <summary>Finds a version by its number, or <see langword="null"/>.</summary>
    StoredVersion? FindVersion(string datanetId, int number);

    /// <summary>Finds the number of a version by its id; 0 when there is none.</summary>
    int FindVersionNumber(string datanetId, Sha256Digest id);

    /// <summary>The number of the latest version on any branch; 0 while there is none.</summary>
    int LatestVersion(string datanetId);

    /// <summary>The number of the latest version of a branch with a number below <paramref name="before"/>; 0 when there is none.</summary>
    int LatestVersion(string datanetId, string branch, int before);
}
