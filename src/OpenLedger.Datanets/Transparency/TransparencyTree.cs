using System.Buffers;
using System.Numerics;
using System.Security.Cryptography;
using OpenLedger.Datanets.Canonical;

namespace OpenLedger.Datanets.Transparency;

/// <summary>The append-only SHA-256 tree of RFC 6962 over the leaves of a datanet.</summary>
/// <remarks>
/// <para>Leaf hash = H(00 ‖ leaf), node hash = H(01 ‖ left ‖ right); a tree of n leaves splits at the largest power of two below n.</para>
/// <para>
/// The tree keeps the hash of every complete subtree, one row per height, about 64 bytes per leaf: an append costs two hashes on
/// average, a root or a proof at any past size O(log n) lookups and O(log n) hashes. Many leaves at once are cheaper, and may be
/// hashed on several threads: <see cref="AppendLeafHashes(ReadOnlySpan{Sha256Digest}, int)"/>.
/// </para>
/// <para>Not the tree of payouts, which hashes with Keccak and sorts pairs. Not safe for concurrent use while it grows.</para>
/// </remarks>
public sealed partial class TransparencyTree
{
    private const int HashLength = Sha256Digest.Length;
    private const int NodeInputLength = 1 + (2 * HashLength);

    private readonly List<HashLevel> _levels = [new HashLevel()];
    private readonly byte[] _nodeInput = new byte[NodeInputLength];

    /// <summary>Creates an empty tree.</summary>
    public TransparencyTree() => _nodeInput[0] = 1;

    /// <summary>How many leaves the tree has.</summary>
    public long Size => _levels[0].Count;

    /// <summary>The root over all leaves; SHA-256 of nothing while there are none.</summary>
    public Sha256Digest Root => RootAt(Size);

    /// <summary>The hash that stands for a leaf in the tree: H(00 ‖ leaf).</summary>
    /// <param name="leaf">The leaf's bytes, of any length.</param>
    public static Sha256Digest HashLeaf(ReadOnlySpan<byte> leaf)
    {
        byte[]? rented = null;
        Span<byte> input = leaf.Length < 512 ? stackalloc byte[512] : rented = ArrayPool<byte>.Shared.Rent(checked(leaf.Length + 1));
        input[0] = 0;
        leaf.CopyTo(input[1..]);
        Sha256Digest hash = Sha256Digest.Of(input[..(leaf.Length + 1)]);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        return hash;
    }

    /// <summary>Appends a leaf by its bytes.</summary>
    /// <returns>The 0-based index of the new leaf.</returns>
    public long Append(ReadOnlySpan<byte> leaf) => AppendHash(HashLeaf(leaf));

    /// <summary>Appends a leaf by its hash.</summary>
    /// <param name="leafHash">What <see cref="HashLeaf"/> gave for the leaf's bytes.</param>
    /// <returns>The 0-based index of the new leaf.</returns>
    public long AppendHash(Sha256Digest leafHash)
    {
        long index = Size;
        leafHash.CopyTo(_levels[0].Add());

        // Each row whose length became even has a new complete pair, whose parent belongs to the row above.
        for (int height = 0; (_levels[height].Count & 1) == 0; height++)
        {
            if (height + 1 == _levels.Count)
            {
                _levels.Add(new HashLevel());
            }

            _levels[height].Pair(_levels[height].Count - 2).CopyTo(_nodeInput.AsSpan(1));
            SHA256.HashData(_nodeInput, _levels[height + 1].Add());
        }

        return index;
    }

    /// <summary>The hash of one leaf.</summary>
    /// <param name="index">0 to <see cref="Size"/> - 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="index"/> is outside that range.</exception>
    public Sha256Digest LeafHash(long index)
    {
        ThrowIfOutside(index, 0, Size - 1, nameof(index));
        return new Sha256Digest(_levels[0][index]);
    }

    /// <summary>The root the tree had when it held <paramref name="size"/> leaves.</summary>
    /// <param name="size">0 to <see cref="Size"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="size"/> is outside that range.</exception>
    public Sha256Digest RootAt(long size)
    {
        ThrowIfOutside(size, 0, Size, nameof(size));
        return size == 0 ? Sha256Digest.Of([]) : Subtree(0, size);
    }

    /// <summary>Proves that a leaf is in the tree of its first <paramref name="size"/> leaves.</summary>
    /// <param name="index">0 to <paramref name="size"/> - 1.</param>
    /// <param name="size">1 to <see cref="Size"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is outside its range.</exception>
    public InclusionProof ProveInclusion(long index, long size)
    {
        ThrowIfOutside(size, 1, Size, nameof(size));
        ThrowIfOutside(index, 0, size - 1, nameof(index));

        List<Sha256Digest> path = [];
        long start = 0;
        long count = size;
        while (count > 1)
        {
            long left = SplitPoint(count);
            if (index < start + left)
            {
                path.Add(Subtree(start + left, count - left));
                count = left;
            }
            else
            {
                path.Add(Subtree(start, left));
                start += left;
                count -= left;
            }
        }

        path.Reverse(); // found from the root down, stored from the leaf up
        return new InclusionProof(index, size, path);
    }

    /// <summary>Proves that the tree of the first <paramref name="olderSize"/> leaves is a prefix of that of <paramref name="newerSize"/>.</summary>
    /// <param name="olderSize">1 to <paramref name="newerSize"/>.</param>
    /// <param name="newerSize">1 to <see cref="Size"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is outside its range.</exception>
    public ConsistencyProof ProveConsistency(long olderSize, long newerSize)
    {
        ThrowIfOutside(newerSize, 1, Size, nameof(newerSize));
        ThrowIfOutside(olderSize, 1, newerSize, nameof(olderSize));

        // SUBPROOF of RFC 6962, 2.1.2, unrolled: walk down to the subtree that ends where the older tree ends.
        List<Sha256Digest> path = [];
        long start = 0;
        long count = newerSize;
        long older = olderSize;
        bool olderRootIsKnown = true; // while only left turns were taken, the verifier already has that subtree's hash
        while (older != count)
        {
            long left = SplitPoint(count);
            if (older <= left)
            {
                path.Add(Subtree(start + left, count - left));
                count = left;
            }
            else
            {
                path.Add(Subtree(start, left));
                start += left;
                count -= left;
                older -= left;
                olderRootIsKnown = false;
            }
        }

        if (!olderRootIsKnown)
        {
            path.Add(Subtree(start, count));
        }

        path.Reverse();
        return new ConsistencyProof(olderSize, newerSize, path);
    }

    /// <summary>
    /// The hash of <paramref name="count"/> leaves from <paramref name="start"/>, a multiple of the smallest power of two at least
    /// as large as the count; complete subtrees are looked up, the ragged right edge is folded from right to left.
    /// </summary>
    private Sha256Digest Subtree(long start, long count)
    {
        Span<byte> input = stackalloc byte[NodeInputLength];
        input[0] = 1;
        Span<byte> left = input.Slice(1, HashLength);
        Span<byte> right = input.Slice(1 + HashLength, HashLength);
        Span<byte> folded = stackalloc byte[HashLength];

        int height = BitOperations.TrailingZeroCount(count);
        long end = start + count;
        _levels[height][(end >> height) - 1].CopyTo(right);
        end -= 1L << height;
        for (long rest = end - start; rest > 0; rest = end - start)
        {
            height = BitOperations.TrailingZeroCount(rest);
            _levels[height][(end >> height) - 1].CopyTo(left);
            SHA256.HashData(input, folded);
            folded.CopyTo(right);
            end -= 1L << height;
        }

        return new Sha256Digest(right);
    }

    /// <summary>The largest power of two below <paramref name="count"/>, which is at least 2.</summary>
    private static long SplitPoint(long count) => 1L << (63 - BitOperations.LeadingZeroCount((ulong)(count - 1)));

    private static void ThrowIfOutside(long value, long minimum, long maximum, string name)
    {
        if (value < minimum || value > maximum)
        {
            throw new ArgumentOutOfRangeException(name, value, $"Must be from {minimum} to {maximum} in this tree.");
        }
    }
}
