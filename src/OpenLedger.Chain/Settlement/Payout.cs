using OpenLedger.Chain.Evm;

namespace OpenLedger.Chain.Settlement;

/// <summary>What one account has earned over all history.</summary>
/// <param name="Account">Who is paid.</param>
/// <param name="Cumulative">Everything ever earned, in wei; it never decreases, so a claim pays only what is new.</param>
public readonly record struct Payout(EthereumAddress Account, UInt128 Cumulative)
{
    /// <summary>Returns the leaf hash of <c>(address account, address token, uint256 cumulative)</c>.</summary>
    /// <param name="token">The token that is paid.</param>
    public Bytes32 LeafHash(EthereumAddress token)
    {
        AbiWords words = new(stackalloc byte[3 * Bytes32.Length]);
        words.Add(Account);
        words.Add(token);
        words.Add(Cumulative);
        return words.LeafHash();
    }

    /// <summary>Builds the payout tree.</summary>
    /// <param name="payouts">One entry per account.</param>
    /// <param name="token">The token that is paid.</param>
    public static PayoutTree CreateTree(IReadOnlyList<Payout> payouts, EthereumAddress token)
    {
        ArgumentNullException.ThrowIfNull(payouts);
        Bytes32[] leaves = new Bytes32[payouts.Count];
        for (int i = 0; i < leaves.Length; i++)
        {
            leaves[i] = payouts[i].LeafHash(token);
        }

        return PayoutTree.Create(leaves);
    }
}
