using OpenLedger.Chain.Evm;
using OpenLedger.Chain.Receipts;
using OpenLedger.Chain.Settlement;

namespace OpenLedger.Chain.Ledger;

/// <summary>Where batches are posted and claims are paid: the embedded SQLite ledger, or a contract.</summary>
/// <remarks>
/// Implementations must be safe for concurrent use, apply each operation completely or not at all, and enforce: an inference is settled
/// once, an account's cumulative earnings never decrease, a claim pays only what was not paid before, and payments never exceed what
/// batches funded.
/// </remarks>
public interface ILedger
{
    /// <summary>Returns the present state.</summary>
    /// <param name="cancellationToken">Cancels waiting.</param>
    /// <exception cref="ChainException">The ledger is busy, damaged or cannot be reached.</exception>
    Task<LedgerState> ReadAsync(CancellationToken cancellationToken = default);

    /// <summary>Returns which of these inferences are settled already, so that a repeated settlement can leave them out.</summary>
    /// <param name="inferenceIds">The ids to look up.</param>
    /// <param name="cancellationToken">Cancels waiting.</param>
    /// <exception cref="ChainException">The ledger is busy, damaged or cannot be reached.</exception>
    Task<IReadOnlySet<Bytes32>> FindSettledAsync(IReadOnlyCollection<Bytes32> inferenceIds, CancellationToken cancellationToken = default);

    /// <summary>Posts the next epoch.</summary>
    /// <param name="epoch">The published data.</param>
    /// <param name="batch">The signed header that commits to it.</param>
    /// <param name="cancellationToken">Cancels waiting; once writing has begun it is completed.</param>
    /// <exception cref="ChainException">The batch breaks a rule (<see cref="ChainError.BatchRejected"/>), or the ledger is busy,
    /// damaged or cannot be reached.</exception>
    Task PostBatchAsync(SettledEpoch epoch, SignedBatch batch, CancellationToken cancellationToken = default);

    /// <summary>Pays what an account has earned and not been paid yet.</summary>
    /// <param name="claim">The cumulative amount and its proof against the current payout root.</param>
    /// <param name="cancellationToken">Cancels waiting; once writing has begun it is completed.</param>
    /// <returns>The wei paid now; zero when everything had been paid before, in which case nothing is recorded.</returns>
    /// <exception cref="ChainException">The proof does not hold (<see cref="ChainError.ClaimRejected"/>), or the ledger is busy,
    /// damaged or cannot be reached.</exception>
    Task<UInt128> ClaimAsync(PayoutClaim claim, CancellationToken cancellationToken = default);
}
