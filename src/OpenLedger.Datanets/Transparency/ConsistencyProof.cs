using OpenLedger.Datanets.Canonical;

namespace OpenLedger.Datanets.Transparency;

/// <summary>Shows that a tree only grew: its first leaves are those of the older tree, in the same order (RFC 6962, 2.1.2).</summary>
/// <remarks>Immutable; safe for concurrent use.</remarks>
public sealed class ConsistencyProof
{
    /// <summary>Creates a proof from its parts, for example after reading it from a file.</summary>
    /// <param name="olderSize">How many leaves the older tree has.</param>
    /// <param name="newerSize">How many leaves the newer tree has.</param>
    /// <param name="path">The hashes in the order of RFC 6962; copied.</param>
    public ConsistencyProof(long olderSize, long newerSize, IEnumerable<Sha256Digest> path)
    {
        ArgumentNullException.ThrowIfNull(path);
        OlderSize = olderSize;
        NewerSize = newerSize;
        Path = Array.AsReadOnly(path.ToArray());
    }

    /// <summary>How many leaves the older tree has.</summary>
    public long OlderSize { get; }

    /// <summary>How many leaves the newer tree has.</summary>
    public long NewerSize { get; }

    /// <summary>The hashes in the order of RFC 6962.</summary>
    public IReadOnlyList<Sha256Digest> Path { get; }

    /// <summary>Whether the proof connects the two roots.</summary>
    /// <param name="olderRoot">The root of the older tree.</param>
    /// <param name="newerRoot">The root of the newer tree.</param>
    public bool Verify(Sha256Digest olderRoot, Sha256Digest newerRoot) =>
        TransparencyTree.VerifyConsistency(OlderSize, NewerSize, Path, olderRoot, newerRoot);
}
