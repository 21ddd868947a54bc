using OpenLedger.Chain.Evm;
using OpenLedger.Chain.Ledger;
using OpenLedger.Chain.Settlement;

namespace OpenLedger.Chain.Canonical;

// What every account has earned and been paid, with its proof. All of it follows from the other documents: it is there to be read.
internal static class PayoutsDocument
{
    public const string Format = "openledger-payouts-v1";

    public sealed record Line(PayoutClaim Claim, UInt128 Paid);

    public sealed record Content(Bytes32 PayoutRoot, EthereumAddress Token, IReadOnlyList<Line> Lines);

    public static Content Of(LedgerState state) =>
        new(state.PayoutRoot, state.Identity.Token, [.. state.CreateClaims().Select(claim => new Line(claim, state.Paid(claim.Account)))]);

    public static byte[] Write(Content content) => CanonicalWriter.Write(json =>
    {
        json.Member("format", Format);
        json.Member("payoutRoot", content.PayoutRoot);
        json.Array("payouts", content.Lines, (json, line) => json.Object(json =>
        {
            json.Member("account", line.Claim.Account);
            json.Member("cumulative", line.Claim.Cumulative);
            json.Member("paid", line.Paid);
            json.Array("proof", line.Claim.Proof, (json, sibling) => json.Value(sibling));
        }));
        json.Member("token", content.Token);
    });

    public static Content Read(ReadOnlyMemory<byte> document, string name) => CanonicalObject.Read(
        document,
        name,
        json =>
        {
            json.Format(Format);
            return new Content(
                json.Word("payoutRoot"),
                json.Address("token"),
                json.Array("payouts", line => new Line(new PayoutClaim(line.Address("account"), line.Wei("cumulative"), line.Words("proof")), line.Wei("paid"))));
        },
        content => Write(content));
}
