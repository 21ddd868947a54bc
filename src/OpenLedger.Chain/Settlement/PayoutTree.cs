using OpenLedger.Chain.Evm;

namespace OpenLedger.Chain.Settlement;

/// <summary>A Keccak tree with sorted pairs, the same array as OpenZeppelin's StandardMerkleTree, for payouts, receipts and
/// attributions.</summary>
/// <remarks>
/// <para>
/// The tree of n leaves is an array of 2n-1 nodes: node 0 is the root, node i has the children 2i+1 and 2i+2, the leaves fill the end of the
/// array backwards, and a parent is <c>keccak256(min(l,r) ‖ max(l,r))</c>. Leaves are hashed twice before they come here, so a leaf can
/// never be read as a node. Not to be confused with the SHA-256 tree of datanet versions.
/// </para>
/// <para>Immutable and safe for concurrent use. Source: https://github.com/OpenZeppelin/merkle-tree.</para>
/// </remarks>
public sealed class PayoutTree
{
    /// <summary>The longest proof that <see cref="Verify"/> accepts.</summary>
    public const int MaxProofLength = 64;

    private readonly Bytes32[] _nodes;
    private readonly int[] _nodeOfLeaf;

    private PayoutTree(ReadOnlySpan<Bytes32> leaves, ReadOnlySpan<int> order)
    {
        int count = leaves.Length;
        _nodes = new Bytes32[count == 0 ? 0 : (2 * count) - 1];
        _nodeOfLeaf = new int[count];
        for (int i = 0; i < count; i++)
        {
            _nodes[_nodes.Length - 1 - i] = leaves[order[i]];
            _nodeOfLeaf[order[i]] = _nodes.Length - 1 - i;
        }

        for (int i = _nodes.Length - 1 - count; i >= 0; i--)
        {
            _nodes[i] = HashPair(_nodes[(2 * i) + 1], _nodes[(2 * i) + 2]);
        }
    }

    /// <summary>The root; zero for a tree without leaves, against which nothing verifies.</summary>
    public Bytes32 Root => _nodes.Length == 0 ? default : _nodes[0];

    /// <summary>The number of leaves.</summary>
    public int LeafCount => _nodeOfLeaf.Length;

    /// <summary>All nodes in array order, the root first.</summary>
    public ReadOnlySpan<Bytes32> Nodes => _nodes;

    /// <summary>Builds the tree with the leaves sorted by hash, OpenZeppelin's default (<c>sortLeaves: true</c>).</summary>
    /// <param name="leafHashes">The leaf hashes in any order; indices of this order are used with <see cref="ProofOf"/>.</param>
    /// <exception cref="ArgumentException">There are more than 2^29 leaves.</exception>
    public static PayoutTree Create(ReadOnlySpan<Bytes32> leafHashes)
    {
        int[] order = Identity(leafHashes);
        Bytes32[] keys = leafHashes.ToArray();
        Array.Sort(keys, order);

        // Array.Sort is not stable; equal hashes are the same node, but their proofs must not depend on the sorter.
        for (int start = 0; start < keys.Length;)
        {
            int end = start + 1;
            while (end < keys.Length && keys[end] == keys[start])
            {
                end++;
            }

            if (end - start > 1)
            {
                Array.Sort(order, start, end - start);
            }

            start = end;
        }

        return new PayoutTree(leafHashes, order);
    }

    /// <summary>Builds the tree with the leaves in the order given (<c>sortLeaves: false</c>).</summary>
    /// <param name="leafHashes">The leaf hashes.</param>
    /// <exception cref="ArgumentException">There are more than 2^29 leaves.</exception>
    public static PayoutTree CreateInOrder(ReadOnlySpan<Bytes32> leafHashes) => new(leafHashes, Identity(leafHashes));

    /// <summary>Returns the siblings from the leaf up to the root.</summary>
    /// <param name="leafIndex">The index in the order in which the leaves were given.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such leaf.</exception>
    public Bytes32[] ProofOf(int leafIndex)
    {
        if (leafIndex < 0 || leafIndex >= _nodeOfLeaf.Length)
        {
            throw new ArgumentOutOfRangeException(nameof(leafIndex), leafIndex, $"The tree has {_nodeOfLeaf.Length} leaves, numbered from 0.");
        }

        List<Bytes32> proof = [];
        for (int node = _nodeOfLeaf[leafIndex]; node > 0; node = (node - 1) / 2)
        {
            proof.Add(_nodes[(node & 1) == 1 ? node + 1 : node - 1]);
        }

        return [.. proof];
    }

    /// <summary>Whether a proof leads from a leaf hash to a root.</summary>
    /// <param name="root">The root; zero, the root of the empty tree, verifies nothing.</param>
    /// <param name="leafHash">The twice hashed leaf.</param>
    /// <param name="proof">The siblings from the leaf up; more than <see cref="MaxProofLength"/> are refused.</param>
    public static bool Verify(Bytes32 root, Bytes32 leafHash, ReadOnlySpan<Bytes32> proof)
    {
        if (root.IsZero || proof.Length > MaxProofLength)
        {
            return false;
        }

        foreach (Bytes32 sibling in proof)
        {
            leafHash = HashPair(leafHash, sibling);
        }

        return leafHash == root;
    }

    private static Bytes32 HashPair(Bytes32 left, Bytes32 right)
    {
        Span<byte> pair = stackalloc byte[2 * Bytes32.Length];
        bool ordered = left <= right;
        (ordered ? left : right).CopyTo(pair);
        (ordered ? right : left).CopyTo(pair[Bytes32.Length..]);
        return Keccak256.Hash(pair);
    }

    private static int[] Identity(ReadOnlySpan<Bytes32> leafHashes)
    {
        const int MaxLeaves = 1 << 29;
        if (leafHashes.Length > MaxLeaves)
        {
            throw new ArgumentException(
                $"A tree has at most {MaxLeaves} leaves, not {leafHashes.Length}; split the epoch.",
                nameof(leafHashes));
        }

        int[] order = new int[leafHashes.Length];
        for (int i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        return order;
    }
}
