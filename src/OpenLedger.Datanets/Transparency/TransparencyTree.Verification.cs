using OpenLedger.Datanets.Canonical;

namespace OpenLedger.Datanets.Transparency;

// The verifiers are static: whoever checks a proof has the roots, not the tree. Algorithms of RFC 9162, 2.1.3.2 and 2.1.4.2.
public sealed partial class TransparencyTree
{
    /// <summary>Whether a leaf is in the tree that has the given size and root.</summary>
    /// <param name="leafHash">What <see cref="HashLeaf"/> gives for the leaf's bytes.</param>
    /// <param name="leafIndex">The 0-based leaf; anything outside the tree is answered with <see langword="false"/>.</param>
    /// <param name="treeSize">How many leaves the tree has.</param>
    /// <param name="path">The sibling hashes from the leaf upwards.</param>
    /// <param name="root">The root that is trusted.</param>
    public static bool VerifyInclusion(Sha256Digest leafHash, long leafIndex, long treeSize, IReadOnlyList<Sha256Digest> path, Sha256Digest root)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (leafIndex < 0 || leafIndex >= treeSize)
        {
            return false;
        }

        long node = leafIndex;
        long lastNode = treeSize - 1;
        Sha256Digest hash = leafHash;
        foreach (Sha256Digest sibling in path)
        {
            if (lastNode == 0)
            {
                return false; // more hashes than the tree is high
            }

            if ((node & 1) == 1 || node == lastNode)
            {
                hash = HashChildren(sibling, hash);
                while ((node & 1) == 0 && node != 0)
                {
                    node >>= 1;
                    lastNode >>= 1;
                }
            }
            else
            {
                hash = HashChildren(hash, sibling);
            }

            node >>= 1;
            lastNode >>= 1;
        }

        return lastNode == 0 && hash == root;
    }

    /// <summary>Whether the newer tree holds the older one as its beginning.</summary>
    /// <param name="olderSize">How many leaves the older tree has; at least 1, or the answer is <see langword="false"/>.</param>
    /// <param name="newerSize">How many leaves the newer tree has.</param>
    /// <param name="path">The hashes in the order of RFC 6962; empty exactly when the sizes are equal.</param>
    /// <param name="olderRoot">The root of the older tree.</param>
    /// <param name="newerRoot">The root of the newer tree.</param>
    public static bool VerifyConsistency(
        long olderSize, long newerSize, IReadOnlyList<Sha256Digest> path, Sha256Digest olderRoot, Sha256Digest newerRoot)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (olderSize < 1 || olderSize > newerSize)
        {
            return false;
        }

        if (olderSize == newerSize)
        {
            return path.Count == 0 && olderRoot == newerRoot;
        }

        if (path.Count == 0)
        {
            return false;
        }

        long node = olderSize - 1;
        long lastNode = newerSize - 1;
        while ((node & 1) == 1)
        {
            node >>= 1;
            lastNode >>= 1;
        }

        // An older tree of 2^k leaves is a node of the newer one: its root opens the path without being sent.
        bool olderIsComplete = long.IsPow2(olderSize);
        Sha256Digest olderHash = olderIsComplete ? olderRoot : path[0];
        Sha256Digest newerHash = olderHash;
        for (int i = olderIsComplete ? 0 : 1; i < path.Count; i++)
        {
            if (lastNode == 0)
            {
                return false;
            }

            if ((node & 1) == 1 || node == lastNode)
            {
                olderHash = HashChildren(path[i], olderHash);
                newerHash = HashChildren(path[i], newerHash);
                while ((node & 1) == 0 && node != 0)
                {
                    node >>= 1;
                    lastNode >>= 1;
                }
            }
            else
            {
                newerHash = HashChildren(newerHash, path[i]);
            }

            node >>= 1;
            lastNode >>= 1;
        }

        return lastNode == 0 && olderHash == olderRoot && newerHash == newerRoot;
    }

    private static Sha256Digest HashChildren(Sha256Digest left, Sha256Digest right)
    {
        Span<byte> input = stackalloc byte[NodeInputLength];
        input[0] = 1;
        left.CopyTo(input[1..]);
        right.CopyTo(input[(1 + HashLength)..]);
        return Sha256Digest.Of(input);
    }
}
