namespace OpenLedger.Datanets.Publishing;

/// <summary>What came out of checking a published folder.</summary>
/// <param name="VersionId">The id of the version that the folder says it is; compare it with the one you were told.</param>
/// <param name="Records">How many records were checked.</param>
/// <param name="Contributions">How many signed contributions were checked.</param>
/// <param name="Faults">What does not hold, one line each, at most 100; empty when all is well.</param>
public sealed record FolderCheck(string VersionId, long Records, int Contributions, IReadOnlyList<string> Faults)
{
    /// <summary>Whether everything holds.</summary>
    public bool IsSound => Faults.Count == 0;
}
