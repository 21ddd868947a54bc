using OpenLedger.Datanets.Canonical;

namespace OpenLedger.Datanets.Transparency;

/// <summary>Shows that one leaf is in a tree of a given size and root, with about log2(size) hashes (RFC 6962, 2.1.1).</summary>
/// <remarks>Immutable; safe for concurrent use.</remarks>
public sealed class InclusionProof
{
    /// <summary>Creates a proof from its parts, for example after reading it from a file.</summary>
    /// <param name="leafIndex">The 0-based leaf.</param>
    /// <param name="treeSize">How many leaves the tree has.</param>
    /// <param name="path">The sibling hashes from the leaf upwards; copied.</param>
    public InclusionProof(long leafIndex, long treeSize, IEnumerable<Sha256Digest> path)
    {
        ArgumentNullException.ThrowIfNull(path);
        LeafIndex = leafIndex;
        TreeSize = treeSize;
        Path = Array.AsReadOnly(path.ToArray());
    }

    /// <summary>The 0-based leaf.</summary>
    public long LeafIndex { get; }

    /// <summary>How many leaves the tree has.</summary>
    public long TreeSize { get; }

    /// <summary>The sibling hashes from the leaf upwards.</summary>
    public IReadOnlyList<Sha256Digest> Path { get; }

    /// <summary>Whether the proof leads from the leaf hash to the root.</summary>
    /// <param name="leafHash">What <see cref="TransparencyTree.HashLeaf"/> gives for the leaf's bytes.</param>
    /// <param name="root">The root that is trusted.</param>
    public bool Verify(Sha256Digest leafHash, Sha256Digest root) =>
        TransparencyTree.VerifyInclusion(leafHash, LeafIndex, TreeSize, Path, root);
}
