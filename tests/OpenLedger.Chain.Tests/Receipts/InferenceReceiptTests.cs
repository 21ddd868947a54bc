using OpenLedger.Chain.Evm;
using OpenLedger.Chain.Evm.Eip712;
using OpenLedger.Chain.Receipts;

namespace OpenLedger.Chain.Tests.Receipts;

public class InferenceReceiptTests
{
    [Fact]
    public void TypeHash_IsPinned() =>
        Assert.Equal("0x9f42f7b8f027914823eb76f7ac8950f6c1909e296988004c8c20960090a9ec05", InferenceReceipt.TypeHash.ToString());

    [Fact]
    public void Digest_EqualsTheGeneralEncoder()
    {
        InferenceReceipt receipt = Samples.Receipts("day")[0].SignedReceipt.Receipt with { ChannelId = Bytes32.HashOf("channel"), VoucherCumulative = UInt128.MaxValue };
        TypedDataEncoder encoder = new(TypeStrings.Parse(InferenceReceipt.TypeString));
        Dictionary<string, object> value = new()
        {
            ["inferenceId"] = receipt.InferenceId,
            ["modelId"] = TypeStrings.Number(receipt.ModelId),
            ["adapterSetHash"] = receipt.AdapterSetHash,
            ["promptHash"] = receipt.PromptHash,
            ["outputHash"] = receipt.OutputHash,
            ["tokensIn"] = receipt.TokensIn,
            ["tokensOut"] = receipt.TokensOut,
            ["gross"] = receipt.Gross,
            ["channelId"] = receipt.ChannelId,
            ["voucherCumulative"] = receipt.VoucherCumulative,
            ["attributionRoot"] = receipt.AttributionRoot,
            ["timestamp"] = receipt.Timestamp,
        };
        Assert.Equal(InferenceReceipt.TypeString, encoder.EncodeType("Receipt"));
        Assert.Equal(encoder.Digest(Samples.Identity.Domain, "Receipt", value), receipt.Digest(Samples.Identity));
    }

    [Fact]
    public void IsValid_OtherLedgerChainOrContent_IsFalse()
    {
        SignedReceipt signed = Samples.Receipts("day")[0].SignedReceipt;
        Assert.True(signed.IsValid(Samples.Identity));
        Assert.True(signed.TryRecover(Samples.Identity, out EthereumAddress signer));
        Assert.Equal(Samples.Operator.Address, signer);
        Assert.False(signed.IsValid(Samples.Identity with { ChainId = 1 }));
        Assert.False(signed.IsValid(Samples.Identity with { Ledger = Samples.Treasury }));
        Assert.False(signed.IsValid(Samples.Identity with { Operator = Samples.Treasury }));
        Assert.False((signed with { Receipt = signed.Receipt with { TokensOut = 801 } }).IsValid(Samples.Identity));
        Assert.Throws<ArgumentException>("signer", () => SignedReceipt.Sign(signed.Receipt, Samples.Identity, Samples.Account(1)));
    }
}
