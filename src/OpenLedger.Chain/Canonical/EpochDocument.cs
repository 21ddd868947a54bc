using OpenLedger.Chain.Ledger;
using OpenLedger.Chain.Receipts;
using OpenLedger.Chain.Settlement;

namespace OpenLedger.Chain.Canonical;

// The canonical document of one settled epoch. Everything derived (parts, amounts) is written for readers and recomputed on reading.
internal static class EpochDocument
{
    public const string Format = "openledger-epoch-v1";

    public static byte[] Write(SettledEpoch epoch) => CanonicalWriter.Write(json =>
    {
        json.Member("chainId", (UInt128)epoch.Identity.ChainId);
        json.Member("epoch", (UInt128)epoch.Number);
        json.Member("format", Format);
        json.Member("ledger", epoch.Identity.Ledger);
        json.Member("operator", epoch.Identity.Operator);
        json.Array("receipts", epoch.Receipts, WriteReceipt);
        json.Array("terms", epoch.Terms, WriteTerms);
        json.Member("token", epoch.Identity.Token);
    });

    public static SettledEpoch Read(ReadOnlyMemory<byte> document, string name) =>
        CanonicalObject.Read(document, name, Read, epoch => epoch.ToDocument());

    private static SettledEpoch Read(CanonicalObject json)
    {
        json.Format(Format);
        LedgerIdentity identity = new()
        {
            ChainId = json.UInt64("chainId"),
            Ledger = json.Address("ledger"),
            Operator = json.Address("operator"),
            Token = json.Address("token"),
        };
        ModelTerms[] terms = json.Array("terms", ReadTerms);
        (AttributedReceipt Receipt, FeeParts Parts, UInt128[] Amounts)[] receipts = json.Array("receipts", ReadReceipt);
        SettledEpoch epoch;
        try
        {
            epoch = SettledEpoch.CreateFromSorted(identity, json.UInt64("epoch"), terms, Array.ConvertAll(receipts, receipt => receipt.Receipt));
        }
        catch (ArgumentException fault)
        {
            throw new ChainException(ChainError.MalformedDocument, json.Invalid("is inconsistent: " + fault.Message).Message, fault);
        }
        catch (OverflowException fault)
        {
            throw new ChainException(ChainError.MalformedDocument, json.Invalid("sums to more than 2^128 wei").Message, fault);
        }

        for (int i = 0; i < receipts.Length; i++)
        {
            if (receipts[i].Parts != epoch.Receipts[i].Parts || !receipts[i].Amounts.SequenceEqual(epoch.Receipts[i].Amounts))
            {
                throw json.Invalid($"divides the fee of inference {receipts[i].Receipt.SignedReceipt.Receipt.InferenceId} in another way than its terms do");
            }
        }

        return epoch;
    }

    private static void WriteReceipt(CanonicalWriter json, SettledReceipt settled) => json.Object(json =>
    {
        json.Object("parts", json =>
        {
            json.Member("contributors", settled.Parts.Contributors);
            json.Member("model", settled.Parts.Model);
            json.Member("platform", settled.Parts.Platform);
            json.Member("stakers", settled.Parts.Stakers);
        });
        json.Object("receipt", json =>
        {
            InferenceReceipt receipt = settled.SignedReceipt.Receipt;
            json.Member("adapterSetHash", receipt.AdapterSetHash);
            json.Member("attributionRoot", receipt.AttributionRoot);
            json.Member("channelId", receipt.ChannelId);
            json.Member("gross", receipt.Gross);
            json.Member("inferenceId", receipt.InferenceId);
            json.Member("modelId", receipt.ModelId);
            json.Member("outputHash", receipt.OutputHash);
            json.Member("promptHash", receipt.PromptHash);
            json.Member("timestamp", (UInt128)receipt.Timestamp);
            json.Member("tokensIn", (UInt128)receipt.TokensIn);
            json.Member("tokensOut", (UInt128)receipt.TokensOut);
            json.Member("voucherCumulative", receipt.VoucherCumulative);
        });
        json.Array("shares", settled.Attribution.Zip(settled.Amounts), (json, pair) => json.Object(json =>
        {
            json.Member("amount", pair.Second);
            json.Member("contributor", pair.First.Contributor.ToString());
            json.Member("datanetId", pair.First.DatanetId);
            json.Member("rowHash", pair.First.RowHash);
            json.Member("weightPpb", (UInt128)pair.First.WeightPpb);
        }));
        json.Member("signature", settled.SignedReceipt.Signature);
    });

    private static (AttributedReceipt Receipt, FeeParts Parts, UInt128[] Amounts) ReadReceipt(CanonicalObject json)
    {
        CanonicalObject call = json.Object("receipt");
        InferenceReceipt receipt = new()
        {
            AdapterSetHash = call.Word("adapterSetHash"),
            AttributionRoot = call.Word("attributionRoot"),
            ChannelId = call.Word("channelId"),
            Gross = call.Wei("gross"),
            InferenceId = call.Word("inferenceId"),
            ModelId = call.Word("modelId"),
            OutputHash = call.Word("outputHash"),
            PromptHash = call.Word("promptHash"),
            Timestamp = call.UInt64("timestamp"),
            TokensIn = call.UInt32("tokensIn"),
            TokensOut = call.UInt32("tokensOut"),
            VoucherCumulative = call.Wei("voucherCumulative"),
        };
        CanonicalObject divided = json.Object("parts");
        FeeParts parts = new()
        {
            Contributors = divided.Wei("contributors"),
            Model = divided.Wei("model"),
            Platform = divided.Wei("platform"),
            Stakers = divided.Wei("stakers"),
        };
        (AttributionShare Share, UInt128 Amount)[] shares = json.Array("shares", share => (
            new AttributionShare(share.Text("datanetId"), share.Contributor("contributor"), share.Word("rowHash"), share.UInt64("weightPpb")),
            share.Wei("amount")));
        Attribution attribution;
        try
        {
            attribution = Attribution.CreateFromSorted(Array.ConvertAll(shares, share => share.Share));
        }
        catch (ArgumentException fault)
        {
            throw new ChainException(ChainError.MalformedDocument, json.Invalid("has invalid shares: " + fault.Message).Message, fault);
        }

        SignedReceipt signed = new(receipt, json.Signature("signature"));
        return (new AttributedReceipt(signed, attribution), parts, Array.ConvertAll(shares, share => share.Amount));
    }

    private static void WriteTerms(CanonicalWriter json, ModelTerms terms) => json.Object(json =>
    {
        json.Member("contributorsPpm", (UInt128)terms.Split.ContributorsPpm);
        json.Member("modelId", terms.ModelId);
        json.Member("modelOwner", terms.ModelOwner);
        json.Member("modelPpm", (UInt128)terms.Split.ModelPpm);
        json.Member("platformFeeWei", terms.Price.PlatformFeeWei);
        json.Member("platformTreasury", terms.PlatformTreasury);
        json.Member("stakersPool", terms.StakersPool);
        json.Member("stakersPpm", (UInt128)terms.Split.StakersPpm);
        json.Member("weiPer1000InputTokens", terms.Price.WeiPer1000InputTokens);
        json.Member("weiPer1000OutputTokens", terms.Price.WeiPer1000OutputTokens);
    });

    private static ModelTerms ReadTerms(CanonicalObject json) => new()
    {
        ModelId = json.Word("modelId"),
        ModelOwner = json.Address("modelOwner"),
        PlatformTreasury = json.Address("platformTreasury"),
        StakersPool = json.Address("stakersPool"),
        Price = new PricePolicy
        {
            WeiPer1000InputTokens = json.Wei("weiPer1000InputTokens"),
            WeiPer1000OutputTokens = json.Wei("weiPer1000OutputTokens"),
            PlatformFeeWei = json.Wei("platformFeeWei"),
        },
        Split = new FeeSplit
        {
            ModelPpm = json.UInt32("modelPpm"),
            StakersPpm = json.UInt32("stakersPpm"),
            ContributorsPpm = json.UInt32("contributorsPpm"),
        },
    };
}
