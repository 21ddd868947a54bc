using System.Text.Json;
using OpenLedger.Chain.Evm;
using OpenLedger.Chain.Settlement;
using OpenLedger.Chain.Tests.Reference;

namespace OpenLedger.Chain.Tests.Settlement;

public class PayoutTreeTests
{
    [Theory]
    [InlineData("sortLeaves_true", true)]
    [InlineData("sortLeaves_false", false)]
    public void Create_OpenZeppelinVectors_GiveTheSameArrayAndProofs(string name, bool sorted)
    {
        JsonElement dump = JsonVectors.Read("chain/oz_standard_merkle.json").GetProperty(name);
        JsonElement[] values = [.. dump.GetProperty("values").EnumerateArray()];
        Bytes32[] leaves = [.. values.Select(value =>
        {
            JsonElement leaf = value.GetProperty("value");
            byte[] encoded = DynamicAbi.Encode(leaf[0].GetString()!, [.. leaf[1].EnumerateArray().Select(text => text.GetString()!)]);
            return Keccak256.Hash(Keccak256.Hash(encoded).ToArray());
        })];
        PayoutTree tree = sorted ? PayoutTree.Create(leaves) : PayoutTree.CreateInOrder(leaves);
        Assert.Equal(dump.GetProperty("tree").EnumerateArray().Select(node => node.GetString()), tree.Nodes.ToArray().Select(node => node.ToString()));
        for (int i = 0; i < leaves.Length; i++)
        {
            Assert.Equal(leaves[i], tree.Nodes[values[i].GetProperty("treeIndex").GetInt32()]);
            Assert.True(PayoutTree.Verify(tree.Root, leaves[i], tree.ProofOf(i)));
        }
    }

    [Fact]
    public void Create_EverySizeUpTo70_EqualsTheTwinAndProvesEveryLeaf()
    {
        for (int count = 1; count <= 70; count++)
        {
            Bytes32[] leaves = [.. Enumerable.Range(0, count).Select(i => Bytes32.HashOf($"{count}/{i}"))];
            PayoutTree tree = PayoutTree.Create(leaves);
            Assert.Equal(count, tree.LeafCount);
            Assert.Equal(SlowPayoutTree.Root(leaves), tree.Root);
            for (int i = 0; i < count; i++)
            {
                Bytes32[] proof = tree.ProofOf(i);
                Assert.True(PayoutTree.Verify(tree.Root, leaves[i], proof));
                Assert.False(PayoutTree.Verify(tree.Root, Bytes32.HashOf("other"), proof));
                if (proof.Length > 0)
                {
                    Assert.False(PayoutTree.Verify(tree.Root, leaves[i], proof.AsSpan(1)));
                    proof[^1] = Bytes32.HashOf("other");
                    Assert.False(PayoutTree.Verify(tree.Root, leaves[i], proof));
                }
            }
        }
    }

    [Fact]
    public void Create_EqualLeaves_ProvesEach()
    {
        Bytes32 leaf = Bytes32.HashOf("same");
        PayoutTree tree = PayoutTree.Create([leaf, Bytes32.HashOf("a"), leaf, leaf]);
        Assert.All(Enumerable.Range(0, 4).Except([1]), i => Assert.True(PayoutTree.Verify(tree.Root, leaf, tree.ProofOf(i))));
    }

    [Fact]
    public void Create_NoLeaves_VerifiesNothing()
    {
        PayoutTree tree = PayoutTree.Create([]);
        Assert.True(tree.Root.IsZero);
        Assert.False(PayoutTree.Verify(tree.Root, default, []));
        Assert.Throws<ArgumentOutOfRangeException>("leafIndex", () => tree.ProofOf(0));
        Assert.Throws<ArgumentOutOfRangeException>("leafIndex", () => PayoutTree.Create([default]).ProofOf(-1));
    }

    [Fact]
    public void Verify_TooLongProof_IsRefused()
    {
        Bytes32[] proof = new Bytes32[65];
        Bytes32 hash = Bytes32.HashOf("leaf");
        foreach (Bytes32 sibling in proof)
        {
            hash = Keccak256.Hash([.. new[] { hash, sibling }.Min().ToArray(), .. new[] { hash, sibling }.Max().ToArray()]);
        }

        Assert.False(PayoutTree.Verify(hash, Bytes32.HashOf("leaf"), proof));
    }

    [Fact]
    public void Payout_LeafHash_IsTheDoubleHashOfTheAbiEncoding()
    {
        Payout payout = new(Samples.Account(1).Address, 300);
        EthereumAddress token = Samples.Account(2).Address;
        byte[] account = payout.Account.ToContributorId().ToAccountBytes();
        byte[] encoded = [.. new byte[12], .. account, .. new byte[12], .. token.ToContributorId().ToAccountBytes(), .. new byte[30], 1, 44];
        Assert.Equal(Keccak256.Hash(Keccak256.Hash(encoded).ToArray()), payout.LeafHash(token));
    }
}
