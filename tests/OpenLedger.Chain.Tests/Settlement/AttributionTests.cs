using OpenLedger.Chain.Evm;
using OpenLedger.Chain.Settlement;
using OpenLedger.Chain.Tests.Reference;

namespace OpenLedger.Chain.Tests.Settlement;

public class AttributionTests
{
    [Fact]
    public void Create_AnyOrder_GivesTheSameRootAndOrder()
    {
        AttributionShare[] shares = [.. Enumerable.Range(1, 20).Select(i => Samples.Share(i, 50_000_000))];
        Attribution attribution = Attribution.Create(shares);
        Random random = new(1);
        for (int i = 0; i < 10; i++)
        {
            random.Shuffle(shares);
            Attribution shuffled = Attribution.Create(shares);
            Assert.Equal(attribution.Root, shuffled.Root);
            Assert.Equal(attribution, shuffled);
        }

        Assert.Equal(SlowPayoutTree.Root([.. shares.Select(Attribution.LeafHash)]), attribution.Root);
    }

    [Fact]
    public void Root_AnyFieldChanged_Differs()
    {
        AttributionShare first = Samples.Share(1, 600_000_000);
        AttributionShare second = Samples.Share(2, 400_000_000);
        Bytes32 root = Attribution.Create([first, second]).Root;
        Assert.NotEqual(root, Attribution.Create([first with { DatanetId = "other" }, second]).Root);
        Assert.NotEqual(root, Attribution.Create([first with { Contributor = Samples.Account(9).Address.ToContributorId() }, second]).Root);
        Assert.NotEqual(root, Attribution.Create([first with { RowHash = Bytes32.HashOf("x") }, second]).Root);
        Assert.NotEqual(root, Attribution.Create([first with { WeightPpb = 599_999_999 }, second with { WeightPpb = 400_000_001 }]).Root);
    }

    [Fact]
    public void LeafHash_IsTheDoubleHashOfTheAbiEncoding()
    {
        AttributionShare share = Samples.Share(1, 5);
        byte[] encoded =
        [
            .. Keccak256.Hash("facts"u8).ToArray(),
            .. new byte[12], .. share.Contributor.ToAccountBytes(),
            .. share.RowHash.ToArray(),
            .. new byte[31], 5,
        ];
        Assert.Equal(Keccak256.Hash(Keccak256.Hash(encoded).ToArray()), Attribution.LeafHash(share));
    }

    [Fact]
    public void Create_NoShares_IsNoneWithZeroRoot()
    {
        Assert.Same(Attribution.None, Attribution.Create([]));
        Assert.True(Attribution.None.Root.IsZero);
        Assert.Empty(Attribution.None.Apportion(100));
    }

    [Fact]
    public void Create_MalformedShares_Throw()
    {
        AttributionShare whole = Samples.Share(1, Attribution.Whole);
        Assert.Contains("sum to 999999999", Fault(whole with { WeightPpb = 999_999_999 }), StringComparison.Ordinal);
        Assert.Contains("sum to 1000000001", Fault(whole, Samples.Share(2, 1)), StringComparison.Ordinal);
        Assert.Contains("occurs twice", Fault(whole with { WeightPpb = 500_000_000 }, whole with { WeightPpb = 500_000_000 }), StringComparison.Ordinal);
        Assert.Contains("is 0 ppb", Fault(whole, Samples.Share(2, 0)), StringComparison.Ordinal);
        Assert.Contains("cannot be paid", Fault(whole with { Contributor = default }), StringComparison.Ordinal);
        foreach (string id in (string[])["", "a b", "a\"", "a\\b", "ä", new string('x', 129)])
        {
            Assert.Contains("Datanet id", Fault(whole with { DatanetId = id }), StringComparison.Ordinal);
        }

        static string Fault(params AttributionShare[] shares) => Assert.Throws<ArgumentException>(() => Attribution.Create(shares)).Message;
    }
}
