using OpenLedger.Chain.Evm;
using OpenLedger.Chain.Settlement;

namespace OpenLedger.Chain.Ledger;

/// <summary>A ledger's state at one moment.</summary>
/// <remarks>Immutable and safe for concurrent use.</remarks>
public sealed class LedgerState
{
    private readonly Dictionary<EthereumAddress, UInt128> _paid;

    internal LedgerState(LedgerMachine machine)
    {
        Identity = machine.Identity;
        EntryCount = machine.EntryCount;
        Head = machine.Head;
        Epoch = machine.Epoch;
        LastBatchHash = machine.LastBatchHash;
        PayoutRoot = machine.PayoutRoot;
        Funded = machine.Funded;
        TotalPaid = machine.TotalPaid;
        Payouts = [.. machine.Cumulative.Select(pair => new Payout(pair.Key, pair.Value))];
        _paid = new Dictionary<EthereumAddress, UInt128>(machine.Paid);
    }

    /// <summary>Which ledger this is.</summary>
    public LedgerIdentity Identity { get; }

    /// <summary>The number of entries.</summary>
    public ulong EntryCount { get; }

    /// <summary>The hash of the last entry.</summary>
    public Bytes32 Head { get; }

    /// <summary>The number of the last batch's epoch; 0 before the first.</summary>
    public ulong Epoch { get; }

    /// <summary>The digest of the last batch; zero before the first.</summary>
    public Bytes32 LastBatchHash { get; }

    /// <summary>The payout root of the last batch; zero before the first.</summary>
    public Bytes32 PayoutRoot { get; }

    /// <summary>Everything that batches brought in, in wei; the payouts sum to it.</summary>
    public UInt128 Funded { get; }

    /// <summary>Everything that was claimed, in wei; at most <see cref="Funded"/>.</summary>
    public UInt128 TotalPaid { get; }

    /// <summary>What every account has earned over all history, sorted by address: the leaves of <see cref="PayoutRoot"/>.</summary>
    public IReadOnlyList<Payout> Payouts { get; }

    /// <summary>What an account has been paid over all history, in wei.</summary>
    /// <param name="account">The account; one that never claimed gives zero.</param>
    public UInt128 Paid(EthereumAddress account) => _paid.GetValueOrDefault(account);

    /// <summary>Builds the current payout tree and returns one claim per account, sorted by address.</summary>
    public IReadOnlyList<PayoutClaim> CreateClaims()
    {
        PayoutTree tree = Payout.CreateTree(Payouts, Identity.Token);
        PayoutClaim[] claims = new PayoutClaim[Payouts.Count];
        for (int i = 0; i < claims.Length; i++)
        {
            claims[i] = new PayoutClaim(Payouts[i].Account, Payouts[i].Cumulative, tree.ProofOf(i));
        }

        return claims;
    }
}
