using OpenLedger.Chain.Canonical;
using OpenLedger.Chain.Evm;
using OpenLedger.Chain.Receipts;
using OpenLedger.Chain.Settlement;
using OpenLedger.Chain.Tests.Reference;

namespace OpenLedger.Chain.Tests.Settlement;

public class SettledEpochTests
{
    [Fact]
    public void Create_AnyOrder_GivesTheSameDocument()
    {
        AttributedReceipt[] receipts = Samples.Receipts("day");
        SettledEpoch epoch = SettledEpoch.Create(Samples.Identity, 1, Samples.Terms, receipts);
        Array.Reverse(receipts);
        SettledEpoch reversed = SettledEpoch.Create(Samples.Identity, 1, Samples.Terms.Reverse(), receipts);
        Assert.Equal(epoch.ToDocument(), reversed.ToDocument());
        Assert.Equal(Keccak256.Hash(epoch.ToDocument()), epoch.Commitment);
        Assert.Equal(epoch.Commitment, reversed.Commitment);
        Assert.Equal(epoch.ReceiptsTree.Root, reversed.ReceiptsTree.Root);
    }

    [Fact]
    public void Create_Credits_SumToTheGrossAndFollowTheTerms()
    {
        AttributedReceipt[] receipts = Samples.Receipts("day");
        SettledEpoch epoch = SettledEpoch.Create(Samples.Identity, 1, Samples.Terms, receipts);
        Assert.Equal(receipts.Aggregate(UInt128.Zero, (sum, receipt) => sum + receipt.SignedReceipt.Receipt.Gross), epoch.Gross);
        Assert.Equal(epoch.Gross, epoch.Credits.Values.Aggregate(UInt128.Zero, (sum, amount) => sum + amount));

        // The third answer has no attribution: its contributors' part goes to the treasury, on top of two platform fees.
        SettledReceipt unattributed = epoch.Receipts.Single(receipt => receipt.Attribution.Count == 0);
        Assert.True(unattributed.Unattributed > UInt128.Zero);
        Assert.Equal(unattributed.Parts.Contributors, unattributed.Unattributed);
        Assert.Equal((2 * Samples.Terms[0].Price.PlatformFeeWei) + unattributed.Unattributed, epoch.Credits[Samples.Treasury]);
    }

    [Fact]
    public void ReceiptsTree_ProvesDigestAndGross()
    {
        SettledEpoch epoch = SettledEpoch.Create(Samples.Identity, 1, Samples.Terms, Samples.Receipts("day"));
        Bytes32[] leaves = [.. epoch.Receipts.Select(receipt => Keccak256.Hash(Keccak256.Hash(
        [
            .. receipt.SignedReceipt.Receipt.Digest(Samples.Identity).ToArray(),
            .. Bytes32.FromUInt128(receipt.SignedReceipt.Receipt.Gross).ToArray(),
        ]).ToArray()))];
        Assert.Equal(SlowPayoutTree.Root(leaves), epoch.ReceiptsTree.Root);
        Assert.True(PayoutTree.Verify(epoch.ReceiptsTree.Root, leaves[2], epoch.ReceiptsTree.ProofOf(2)));
    }

    [Fact]
    public void Create_InconsistentReceipts_Throw()
    {
        AttributedReceipt good = Samples.Receipts("day")[0];
        Assert.Contains("at least one", Fault(), StringComparison.Ordinal);
        Assert.Contains("occurs twice", Fault(good, good), StringComparison.Ordinal);
        Assert.Contains("charges", Fault(With(good, receipt => receipt with { Gross = receipt.Gross + 1 })), StringComparison.Ordinal);
        Assert.Contains("charges", Fault(With(good, receipt => receipt with { TokensIn = receipt.TokensIn + 1 })), StringComparison.Ordinal);
        Assert.Contains("attribution root", Fault(good with { Attribution = Attribution.None }), StringComparison.Ordinal);
        Assert.Contains("no terms", Fault(With(good, receipt => receipt with { ModelId = Bytes32.HashOf("model/c") })), StringComparison.Ordinal);
        Assert.Contains(
            "occur twice",
            Assert.Throws<ArgumentException>(() => SettledEpoch.Create(Samples.Identity, 1, [Samples.Terms[0], Samples.Terms[0]], [good])).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "ModelOwner is the zero address",
            Assert.Throws<ArgumentException>(() => SettledEpoch.Create(Samples.Identity, 1, [Samples.Terms[0] with { ModelOwner = default }], [good])).Message,
            StringComparison.Ordinal);

        static string Fault(params AttributedReceipt[] receipts) =>
            Assert.Throws<ArgumentException>(() => SettledEpoch.Create(Samples.Identity, 1, Samples.Terms, receipts)).Message;

        static AttributedReceipt With(AttributedReceipt receipt, Func<InferenceReceipt, InferenceReceipt> change) =>
            receipt with { SignedReceipt = receipt.SignedReceipt with { Receipt = change(receipt.SignedReceipt.Receipt) } };
    }

    [Fact]
    public void Document_ReadBack_IsTheSameAndSorted()
    {
        SettledEpoch epoch = SettledEpoch.Create(Samples.Identity, 7, Samples.Terms, Samples.Receipts("day"));
        SettledEpoch read = EpochDocument.Read(epoch.ToDocument(), "epoch");
        Assert.Equal(epoch.ToDocument(), read.ToDocument());
        Assert.Equal(epoch.Credits, read.Credits);
        using System.Text.Json.JsonDocument json = System.Text.Json.JsonDocument.Parse(epoch.ToDocument());
        CanonicalDocuments.AssertCanonical(json.RootElement);
    }

    [Fact]
    public void Document_EveryCharacterADatanetIdMayHave_RoundTrips()
    {
        string every = string.Concat(Enumerable.Range('!', '~' - '!' + 1).Select(c => (char)c).Where(c => c is not ('"' or '\\')));
        Attribution attribution = Attribution.Create([Samples.Share(1, Attribution.Whole) with { DatanetId = every }]);
        SettledEpoch epoch = SettledEpoch.Create(Samples.Identity, 1, Samples.Terms, [Samples.Receipt("day", 0, 1, 1, attribution)]);
        Assert.Equal(every, EpochDocument.Read(epoch.ToDocument(), "epoch").Receipts[0].Attribution[0].DatanetId);
    }

    [Fact]
    public void Document_RandomDamage_GivesAChainExceptionOrTheSameBytes()
    {
        byte[] document = SettledEpoch.Create(Samples.Identity, 7, Samples.Terms, Samples.Receipts("day")).ToDocument();
        Random random = new(11);
        int refused = 0;
        for (int i = 0; i < 3000; i++)
        {
            byte[] damaged = random.Next(4) == 0 ? document[..random.Next(document.Length)] : [.. document];
            for (int flips = random.Next(1, 4); flips > 0 && damaged.Length > 0; flips--)
            {
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            }

            try
            {
                Assert.Equal(damaged, EpochDocument.Read(damaged, "epoch").ToDocument());
            }
            catch (ChainException fault)
            {
                Assert.Equal(ChainError.MalformedDocument, fault.Error);
                Assert.StartsWith("epoch", fault.Message, StringComparison.Ordinal);
                refused++;
            }
        }

        Assert.True(refused > 2000);
    }
}
