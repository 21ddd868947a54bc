using OpenLedger.Chain.Evm;
using OpenLedger.Chain.Ledger;
using OpenLedger.Chain.Receipts;

namespace OpenLedger.Chain.Settlement;

/// <summary>Turns signed receipts into an epoch, a batch and claims, and posts the batch.</summary>
/// <remarks>
/// Repeating a settlement is safe: receipts that the ledger has settled already are left out, so a process that was killed after posting can
/// run again with the same receipts. Safe for concurrent use when ledger and signer are; of two settlements that race for an epoch one is
/// rejected by the ledger and can be repeated.
/// </remarks>
public sealed class SettlementEngine
{
    private readonly ILedger _ledger;
    private readonly ISigner _operator;

    /// <summary>Creates the engine.</summary>
    /// <param name="ledger">Where batches are posted.</param>
    /// <param name="operatorSigner">The operator's key.</param>
    public SettlementEngine(ILedger ledger, ISigner operatorSigner)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        ArgumentNullException.ThrowIfNull(operatorSigner);
        _ledger = ledger;
        _operator = operatorSigner;
    }

    /// <summary>Settles and posts receipts as the next epoch.</summary>
    /// <param name="terms">The terms of every model that occurs.</param>
    /// <param name="receipts">The receipts in any order; the result does not depend on it.</param>
    /// <param name="cancellationToken">Cancels before the batch is posted.</param>
    /// <exception cref="ArgumentException">The receipts do not follow from terms and shares, or an inference occurs twice.</exception>
    /// <exception cref="ChainException">The ledger rejects the batch (for one, because a receipt's signature is not the
    /// operator's), is busy or damaged.</exception>
    public async Task<SettlementResult> SettleAsync(
        IEnumerable<ModelTerms> terms, IEnumerable<AttributedReceipt> receipts, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(terms);
        ArgumentNullException.ThrowIfNull(receipts);
        AttributedReceipt[] given = [.. receipts];
        LedgerState state = await _ledger.ReadAsync(cancellationToken).ConfigureAwait(false);
        IReadOnlySet<Bytes32> settled = await _ledger
            .FindSettledAsync([.. given.Select(receipt => receipt.SignedReceipt.Receipt.InferenceId)], cancellationToken).ConfigureAwait(false);
        AttributedReceipt[] fresh = [.. given.Where(receipt => !settled.Contains(receipt.SignedReceipt.Receipt.InferenceId))];
        SettledEpoch? epoch = null;
        SignedBatch? batch = null;
        if (fresh.Length > 0)
        {
            epoch = SettledEpoch.Create(state.Identity, state.Epoch + 1, terms, fresh);
            batch = Sign(state, epoch, _operator);
            await _ledger.PostBatchAsync(epoch, batch, cancellationToken).ConfigureAwait(false);
            state = await _ledger.ReadAsync(CancellationToken.None).ConfigureAwait(false);
        }

        return new SettlementResult { Epoch = epoch, Batch = batch, AlreadySettled = [.. settled.Order()], Claims = state.CreateClaims() };
    }

    /// <summary>Makes and signs the batch of an epoch on top of a ledger's state, without posting it.</summary>
    /// <param name="state">The state before the epoch.</param>
    /// <param name="epoch">The epoch.</param>
    /// <param name="operatorSigner">The operator's key.</param>
    /// <exception cref="ArgumentException">The signer is not the operator, or the epoch is not the next one of this ledger.</exception>
    public static SignedBatch Sign(LedgerState state, SettledEpoch epoch, ISigner operatorSigner)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(epoch);
        ArgumentNullException.ThrowIfNull(operatorSigner);
        if (operatorSigner.Address != state.Identity.Operator)
        {
            throw new ArgumentException(
                $"The signer is {operatorSigner.Address}; the ledger's operator is {state.Identity.Operator}.",
                nameof(operatorSigner));
        }

        if (epoch.Identity != state.Identity || epoch.Number != state.Epoch + 1)
        {
            throw new ArgumentException(
                $"Epoch {epoch.Number} is not epoch {state.Epoch + 1} of this ledger; settle it again on the present state.",
                nameof(epoch));
        }

        SortedDictionary<EthereumAddress, UInt128> cumulative = new(epoch.Credits.ToDictionary());
        foreach (Payout payout in state.Payouts)
        {
            cumulative[payout.Account] = cumulative.GetValueOrDefault(payout.Account) + payout.Cumulative;
        }

        BatchHeader header = new()
        {
            Operator = state.Identity.Operator,
            Epoch = epoch.Number,
            PrevBatchHash = state.LastBatchHash,
            ReceiptsRoot = epoch.ReceiptsTree.Root,
            PayoutRoot = Payout.CreateTree([.. cumulative.Select(pair => new Payout(pair.Key, pair.Value))], state.Identity.Token).Root,
            Gross = epoch.Gross,
            Count = (ulong)epoch.Receipts.Count,
            DaCommitmentHash = epoch.Commitment,
            FromTimestamp = epoch.FromTimestamp,
            ToTimestamp = epoch.ToTimestamp,
        };
        return new SignedBatch(header, operatorSigner.SignHash(header.Digest(state.Identity)));
    }
}
