using OpenLedger.Chain.Evm;
using OpenLedger.Chain.Ledger;
using OpenLedger.Chain.Settlement;
using OpenLedger.Chain.Verification;
using OpenLedger.Hosting;

namespace PayableAi.Steps;

/// <summary>One account's claim and what it brought.</summary>
internal sealed record PaidOut(EthereumAddress Account, UInt128 Amount, bool Verified);

/// <summary>The settled epoch, the claims and the verdict over the exported files.</summary>
internal sealed record Settled(SettlementResult Result, IReadOnlyList<PaidOut> Claims, VerificationReport Verification, int RejectedFlips);

/// <summary>Step 5: the receipts go into a batch on the ledger, everybody claims with a proof, and everything is exported and verified.</summary>
internal sealed class Settle(SettlementQueue queue, SqliteLedger ledger, ISigner operatorSigner, int seed)
{
    public async Task<Settled> RunAsync(string exportFolder, CancellationToken cancellationToken)
    {
        SettlementResult result = await queue.SettleAsync(cancellationToken).ConfigureAwait(false);
        LedgerState state = await ledger.ReadAsync(cancellationToken).ConfigureAwait(false);
        List<PaidOut> claims = [];
        foreach (PayoutClaim claim in result.Claims)
        {
            bool verified = claim.IsProvenBy(state.PayoutRoot, state.Identity.Token);
            claims.Add(new PaidOut(claim.Account, await ledger.ClaimAsync(claim, cancellationToken).ConfigureAwait(false), verified));
        }

        SettlementExport.Write(ledger, operatorSigner, exportFolder);
        return new Settled(
            result,
            claims,
            SettlementVerifier.Verify(exportFolder, operatorSigner.Address),
            TamperTest.Run(exportFolder, operatorSigner.Address, seed));
    }
}
