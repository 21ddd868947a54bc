using OpenLedger.Chain.Ledger;
using OpenLedger.Chain.Receipts;
using OpenLedger.Chain.Settlement;

namespace OpenLedger.Chain.Canonical;

// The canonical payloads of the three kinds of ledger entries.
internal static class LedgerPayloads
{
    public static byte[] Write(LedgerIdentity identity) => CanonicalWriter.Write(json =>
    {
        json.Member("chainId", (UInt128)identity.ChainId);
        json.Member("ledger", identity.Ledger);
        json.Member("operator", identity.Operator);
        json.Member("token", identity.Token);
    });

    public static byte[] Write(SignedBatch batch) => CanonicalWriter.Write(json =>
    {
        BatchHeader header = batch.Header;
        json.Member("count", (UInt128)header.Count);
        json.Member("daCommitmentHash", header.DaCommitmentHash);
        json.Member("epoch", (UInt128)header.Epoch);
        json.Member("fromTs", (UInt128)header.FromTimestamp);
        json.Member("gross", header.Gross);
        json.Member("operator", header.Operator);
        json.Member("payoutRoot", header.PayoutRoot);
        json.Member("prevBatchHash", header.PrevBatchHash);
        json.Member("receiptsRoot", header.ReceiptsRoot);
        json.Member("signature", batch.Signature);
        json.Member("toTs", (UInt128)header.ToTimestamp);
    });

    public static byte[] Write(PaidClaim paid) => CanonicalWriter.Write(json =>
    {
        json.Member("account", paid.Claim.Account);
        json.Member("amount", paid.Amount);
        json.Member("cumulative", paid.Claim.Cumulative);
        json.Array("proof", paid.Claim.Proof, (json, sibling) => json.Value(sibling));
    });

    public static LedgerIdentity ReadIdentity(LedgerEntry entry) => CanonicalObject.Read(
        entry.PayloadBytes(),
        NameOf(entry),
        json => new LedgerIdentity
        {
            ChainId = json.UInt64("chainId"),
            Ledger = json.Address("ledger"),
            Operator = json.Address("operator"),
            Token = json.Address("token"),
        },
        identity => Write(identity));

    public static SignedBatch ReadBatch(LedgerEntry entry) => CanonicalObject.Read(
        entry.PayloadBytes(),
        NameOf(entry),
        json => new SignedBatch(
            new BatchHeader
            {
                Count = json.UInt64("count"),
                DaCommitmentHash = json.Word("daCommitmentHash"),
                Epoch = json.UInt64("epoch"),
                FromTimestamp = json.UInt64("fromTs"),
                Gross = json.Wei("gross"),
                Operator = json.Address("operator"),
                PayoutRoot = json.Word("payoutRoot"),
                PrevBatchHash = json.Word("prevBatchHash"),
                ReceiptsRoot = json.Word("receiptsRoot"),
                ToTimestamp = json.UInt64("toTs"),
            },
            json.Signature("signature")),
        batch => Write(batch));

    public static PaidClaim ReadClaim(LedgerEntry entry) => CanonicalObject.Read(
        entry.PayloadBytes(),
        NameOf(entry),
        json => new PaidClaim(new PayoutClaim(json.Address("account"), json.Wei("cumulative"), json.Words("proof")), json.Wei("amount")),
        claim => Write(claim));

    private static string NameOf(LedgerEntry entry) => $"payload of entry {entry.Sequence}";
}
