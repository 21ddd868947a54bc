using OpenLedger.Chain.Evm;

namespace OpenLedger.Chain.Settlement;

/// <summary>What an account hands to the ledger to be paid: its cumulative amount and the proof that the payout root holds it.</summary>
/// <remarks>Anyone may submit a claim; only the account named in it is paid.</remarks>
/// <param name="Account">Who is paid.</param>
/// <param name="Cumulative">Everything ever earned, in wei.</param>
/// <param name="Proof">The siblings from the leaf to the root.</param>
public sealed record PayoutClaim(EthereumAddress Account, UInt128 Cumulative, IReadOnlyList<Bytes32> Proof)
{
    /// <summary>Whether the proof leads to <paramref name="payoutRoot"/>.</summary>
    /// <param name="payoutRoot">The payout root of a batch.</param>
    /// <param name="token">The token that is paid.</param>
    public bool IsProvenBy(Bytes32 payoutRoot, EthereumAddress token) =>
        PayoutTree.Verify(payoutRoot, new Payout(Account, Cumulative).LeafHash(token), [.. Proof]);
}
