using System.Security.Cryptography;
using OpenLedger.Datanets.Canonical;

namespace OpenLedger.Datanets.Transparency;

// Many leaves at once, one height after the other: the parents of a height do not depend on each other.
public sealed partial class TransparencyTree
{
    private const int NodesPerStep = 1024; // about 0.4 ms of hashing: much more than handing it out costs, little to wait for at the end

    /// <summary>Appends leaves by their hashes; the tree is the same as after <see cref="AppendHash"/> for each.</summary>
    /// <param name="leafHashes">What <see cref="HashLeaf"/> gave for each leaf's bytes, in order; may be empty.</param>
    /// <returns>The 0-based index of the first new leaf.</returns>
    public long AppendLeafHashes(ReadOnlySpan<Sha256Digest> leafHashes) => AppendLeafHashes(leafHashes, maxThreads: 1);

    /// <summary>Appends leaves by their hashes and hashes their parents on several threads; the number of threads changes no hash.</summary>
    /// <param name="leafHashes">What <see cref="HashLeaf"/> gave for each leaf's bytes, in order; may be empty.</param>
    /// <param name="maxThreads">Most threads, the calling one included; at least 1. A few thousand leaves never use more than one.</param>
    /// <returns>The 0-based index of the first new leaf.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxThreads"/> is below 1.</exception>
    public long AppendLeafHashes(ReadOnlySpan<Sha256Digest> leafHashes, int maxThreads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxThreads, 1);
        long first = Size;
        long size = checked(first + leafHashes.Length);
        for (int height = 0; size >> height > 0; height++)
        {
            if (height == _levels.Count)
            {
                _levels.Add(new HashLevel());
            }

            _levels[height].Reserve(size >> height); // all memory first: a tree is never left half grown
        }

        HashLevel leaves = _levels[0];
        for (int i = 0; i < leafHashes.Length; i++)
        {
            leafHashes[i].CopyTo(leaves.Slot(first + i));
        }

        leaves.Extend(size);
        for (int height = 1; size >> height > 0; height++)
        {
            HashParents(_levels[height - 1], _levels[height], size >> height, maxThreads);
        }

        return first;
    }

    /// <summary>Fills <paramref name="parents"/> up to <paramref name="count"/> from the row below.</summary>
    private static void HashParents(HashLevel children, HashLevel parents, long count, int maxThreads)
    {
        long first = parents.Count;
        int steps = checked((int)((count - first + NodesPerStep - 1) / NodesPerStep));
        int nextStep = -1;
        int threads = Math.Min(maxThreads, steps);
        if (threads <= 1)
        {
            HashSteps();
        }
        else
        {
            Action[] workers = new Action[threads];
            Array.Fill(workers, HashSteps);
            Parallel.Invoke(new ParallelOptions { MaxDegreeOfParallelism = threads }, workers);
        }

        parents.Extend(count);

        void HashSteps()
        {
            // One context for many nodes: setting one up costs as much as a third of hashing a node.
            using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            Span<byte> input = stackalloc byte[NodeInputLength];
            input[0] = 1;
            for (int step = Interlocked.Increment(ref nextStep); step < steps; step = Interlocked.Increment(ref nextStep))
            {
                long begin = first + ((long)step * NodesPerStep);
                long end = Math.Min(begin + NodesPerStep, count);
                for (long index = begin; index < end; index++)
                {
                    children.Pair(2 * index).CopyTo(input[1..]);
                    hash.AppendData(input);
                    hash.GetHashAndReset(parents.Slot(index));
                }
            }
        }
    }
}
