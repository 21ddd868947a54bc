using System.Text.Json;
using OpenLedger.Datanets.Canonical;
using OpenLedger.Datanets.Tests.Reference;
using OpenLedger.Datanets.Transparency;
using OpenLedger.Testing;

namespace OpenLedger.Datanets.Tests.Transparency;

public class TransparencyTreeTests
{
    [Fact]
    public void RootAt_PublishedLeaves_MatchesEverySize()
    {
        using JsonDocument file = Load("rfc6962_tree.json");
        TransparencyTree tree = new();
        foreach (JsonElement leaf in file.RootElement.GetProperty("leaf_inputs").EnumerateArray())
        {
            tree.Append(Convert.FromHexString(leaf.GetString()!));
        }

        Assert.Equal(8, tree.Size);
        int size = 0;
        foreach (JsonElement root in file.RootElement.GetProperty("root_by_size").EnumerateArray())
        {
            Assert.Equal(root.GetString(), tree.RootAt(size++).ToString());
        }

        Assert.Equal(9, size);
    }

    [Fact]
    public void VerifyInclusion_PublishedCases_AcceptsAndRejectsAsStated()
    {
        using JsonDocument file = Load("rfc6962_inclusion.json");
        int accepted = 0;
        int rejected = 0;
        foreach (JsonElement item in file.RootElement.EnumerateArray())
        {
            bool verified = TryDigests(item, out IReadOnlyList<Sha256Digest> path)
                && TryDigest(item.GetProperty("root"), out Sha256Digest root)
                && TryDigest(item.GetProperty("leafHash"), out Sha256Digest leaf)
                && TransparencyTree.VerifyInclusion(leaf, Index(item, "leafIdx"), Index(item, "treeSize"), path, root);
            Assert.True(verified != item.GetProperty("wantErr").GetBoolean(), item.GetProperty("name").GetString());
            _ = verified ? accepted++ : rejected++;
        }

        Assert.Equal(98, accepted + rejected);
        Assert.True(accepted >= 5, $"only {accepted} accepted");
    }

    [Fact]
    public void VerifyConsistency_PublishedCases_AcceptsAndRejectsAsStated()
    {
        using JsonDocument file = Load("rfc6962_consistency.json");
        int accepted = 0;
        int rejected = 0;
        foreach (JsonElement item in file.RootElement.EnumerateArray())
        {
            bool verified = TryDigests(item, out IReadOnlyList<Sha256Digest> path)
                && TransparencyTree.VerifyConsistency(
                    Index(item, "size1"), Index(item, "size2"), path, Root(item.GetProperty("root1")), Root(item.GetProperty("root2")));
            Assert.True(verified != item.GetProperty("wantErr").GetBoolean(), item.GetProperty("name").GetString());
            _ = verified ? accepted++ : rejected++;
        }

        Assert.Equal(98, accepted + rejected);
        Assert.True(accepted >= 5, $"only {accepted} accepted");
    }

    [Fact]
    public void Tree_EverySizeUpTo70_EqualsTheRecursiveDefinition()
    {
        byte[][] leaves = Leaves(70);
        TransparencyTree tree = Grow(leaves);
        for (int size = 0; size <= leaves.Length; size++)
        {
            byte[][] prefix = leaves[..size];
            Sha256Digest root = tree.RootAt(size);
            Assert.Equal(new Sha256Digest(ReferenceTree.Root(prefix)), root);
            for (int index = 0; index < size; index++)
            {
                InclusionProof proof = tree.ProveInclusion(index, size);
                Assert.Equal(ReferenceTree.Path(index, prefix), proof.Path);
                Assert.True(proof.Verify(TransparencyTree.HashLeaf(leaves[index]), root));
            }

            for (int older = 1; older <= size; older++)
            {
                ConsistencyProof proof = tree.ProveConsistency(older, size);
                Assert.Equal(ReferenceTree.Proof(older, prefix), proof.Path);
                Assert.True(proof.Verify(tree.RootAt(older), root));
            }
        }
    }

    [Fact]
    public void Append_AcrossChunks_EqualsTheRecursiveDefinition()
    {
        // One row chunk holds 32,768 hashes; cross two borders.
        byte[][] leaves = Leaves(70_001);
        TransparencyTree tree = Grow(leaves);
        Assert.Equal(new Sha256Digest(ReferenceTree.Root(leaves)), tree.Root);
        Assert.Equal(new Sha256Digest(ReferenceTree.Root(leaves[..32_769])), tree.RootAt(32_769));
        Assert.Equal(ReferenceTree.Path(32_768, leaves), tree.ProveInclusion(32_768, 70_001).Path);
    }

    [Fact]
    public void VerifyInclusion_AnyChange_IsRejected()
    {
        byte[][] leaves = Leaves(21);
        TransparencyTree tree = Grow(leaves);
        InclusionProof proof = tree.ProveInclusion(13, 21);
        Sha256Digest leaf = TransparencyTree.HashLeaf(leaves[13]);
        Assert.False(proof.Verify(TransparencyTree.HashLeaf(leaves[14]), tree.Root));
        Assert.False(proof.Verify(leaf, tree.RootAt(20)));
        for (int index = -1; index <= 22; index++)
        {
            Assert.Equal(index == 13, TransparencyTree.VerifyInclusion(leaf, index, 21, proof.Path, tree.Root));
        }

        for (int i = 0; i < proof.Path.Count; i++)
        {
            Sha256Digest[] path = [.. proof.Path];
            path[i] = leaf;
            Assert.False(TransparencyTree.VerifyInclusion(leaf, 13, 21, path, tree.Root));
            Assert.False(TransparencyTree.VerifyInclusion(leaf, 13, 21, [.. proof.Path.Take(i)], tree.Root));
        }

        Assert.False(TransparencyTree.VerifyInclusion(leaf, 13, 21, [.. proof.Path, leaf], tree.Root));
    }

    [Fact]
    public void HashLeaf_AnyLength_PrefixesZero()
    {
        for (int length = 0; length <= 1100; length++)
        {
            byte[] leaf = new byte[length];
            Array.Fill(leaf, (byte)length);
            Assert.Equal(new Sha256Digest(ReferenceTree.Root([leaf])), TransparencyTree.HashLeaf(leaf));
        }
    }

    [Fact]
    public void Members_OutOfRange_NameTheRange()
    {
        TransparencyTree tree = Grow(Leaves(3));
        Assert.Contains("from 0 to 3", Assert.Throws<ArgumentOutOfRangeException>(() => tree.RootAt(4)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => tree.ProveInclusion(3, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => tree.ProveInclusion(0, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => tree.ProveConsistency(0, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => tree.ProveConsistency(3, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => tree.LeafHash(-1));
    }

    private static JsonDocument Load(string name) => JsonDocument.Parse(File.ReadAllBytes(RealData.Require("chain/" + name)));

    // The published cases use 64-bit unsigned indices; those beyond a long wrap to negative ones, which no tree has.
    private static long Index(JsonElement item, string name) => unchecked((long)item.GetProperty(name).GetUInt64());

    private static bool TryDigest(JsonElement text, out Sha256Digest digest)
    {
        byte[] bytes = Convert.FromBase64String(text.GetString() ?? "");
        digest = bytes.Length == Sha256Digest.Length ? new Sha256Digest(bytes) : default;
        return bytes.Length == Sha256Digest.Length;
    }

    // Some cases name roots nobody cares about by short texts; what counts is whether two of them are equal.
    private static Sha256Digest Root(JsonElement text) =>
        TryDigest(text, out Sha256Digest digest) ? digest : Sha256Digest.Of(Convert.FromBase64String(text.GetString()!));

    private static bool TryDigests(JsonElement item, out IReadOnlyList<Sha256Digest> path)
    {
        List<Sha256Digest> digests = [];
        path = digests;
        JsonElement proof = item.GetProperty("proof");
        if (proof.ValueKind == JsonValueKind.Null)
        {
            return true;
        }

        foreach (JsonElement text in proof.EnumerateArray())
        {
            if (!TryDigest(text, out Sha256Digest digest))
            {
                return false;
            }

            digests.Add(digest);
        }

        return true;
    }

    private static byte[][] Leaves(int count) => [.. Enumerable.Range(0, count).Select(BitConverter.GetBytes)];

    private static TransparencyTree Grow(byte[][] leaves)
    {
        TransparencyTree tree = new();
        foreach (byte[] leaf in leaves)
        {
            tree.Append(leaf);
        }

        return tree;
    }
}
