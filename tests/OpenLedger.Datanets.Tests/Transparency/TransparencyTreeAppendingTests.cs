using OpenLedger.Datanets.Canonical;
using OpenLedger.Datanets.Tests.Reference;
using OpenLedger.Datanets.Transparency;

namespace OpenLedger.Datanets.Tests.Transparency;

public class TransparencyTreeAppendingTests
{
    private static readonly Sha256Digest[] Leaves = [.. Enumerable.Range(0, 70_001).Select(i => TransparencyTree.HashLeaf(BitConverter.GetBytes(i)))];

    [Fact]
    public void AppendLeafHashes_AnyTwoParts_EqualsOneLeafAfterTheOther()
    {
        TransparencyTree slow = Slow(40);
        for (int first = 0; first <= 40; first++)
        {
            for (int size = first; size <= 40; size++)
            {
                TransparencyTree tree = new();
                Assert.Equal(0, tree.AppendLeafHashes(Leaves.AsSpan(0, first)));
                Assert.Equal(first, tree.AppendLeafHashes(Leaves.AsSpan(first, size - first)));
                AssertSame(slow, tree, size);
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(16)]
    public void AppendLeafHashes_AnyParts_EqualsOneLeafAfterTheOther(int threads)
    {
        TransparencyTree slow = Slow(Leaves.Length);
        Random random = new(threads);
        for (int round = 0; round < 5; round++)
        {
            TransparencyTree tree = new();
            while (tree.Size < Leaves.Length)
            {
                int count = (int)Math.Min(random.Next(4) == 0 ? random.Next(60_000) : random.Next(3), Leaves.Length - tree.Size);
                tree.AppendLeafHashes(Leaves.AsSpan((int)tree.Size, count), threads);
                if (tree.Size < Leaves.Length && random.Next(2) == 0)
                {
                    tree.AppendHash(Leaves[tree.Size]); // the two ways mix
                }
            }

            AssertSame(slow, tree, Leaves.Length);
        }
    }

    [Fact]
    public void AppendLeafHashes_AcrossChunks_EqualsTheRecursiveDefinition()
    {
        byte[][] content = [.. Enumerable.Range(0, Leaves.Length).Select(BitConverter.GetBytes)];
        TransparencyTree tree = new();
        tree.AppendLeafHashes(Leaves, maxThreads: 2);
        Assert.Equal(new Sha256Digest(ReferenceTree.Root(content)), tree.Root);
        Assert.Equal(ReferenceTree.Path(32_768, content), tree.ProveInclusion(32_768, Leaves.Length).Path);
    }

    [Fact]
    public void AppendLeafHashes_NoThread_IsRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new TransparencyTree().AppendLeafHashes(Leaves, maxThreads: 0));

    private static TransparencyTree Slow(int size)
    {
        TransparencyTree tree = new();
        foreach (Sha256Digest leaf in Leaves.AsSpan(0, size))
        {
            tree.AppendHash(leaf);
        }

        return tree;
    }

    private static void AssertSame(TransparencyTree expected, TransparencyTree actual, int size)
    {
        Assert.Equal(size, actual.Size);
        for (int past = 0; past <= size; past += size > 100 ? 97 : 1)
        {
            Assert.Equal(expected.RootAt(past), actual.RootAt(past));
        }

        Assert.Equal(expected.RootAt(size), actual.Root);
        for (int i = 0; i < size; i += size > 100 ? 997 : 1)
        {
            Assert.Equal(expected.LeafHash(i), actual.LeafHash(i));
            Assert.Equal(expected.ProveInclusion(i, size).Path, actual.ProveInclusion(i, size).Path);
        }
    }
}
