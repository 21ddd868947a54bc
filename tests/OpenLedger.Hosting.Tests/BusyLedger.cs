using OpenLedger.Chain;
using OpenLedger.Chain.Evm;
using OpenLedger.Chain.Ledger;
using OpenLedger.Chain.Receipts;
using OpenLedger.Chain.Settlement;

namespace OpenLedger.Hosting.Tests;

/// <summary>A ledger that fails some posts before (or just after) it passes them on.</summary>
internal sealed class BusyLedger(ILedger inner) : ILedger
{
    public int FailuresLeft { get; set; }

    public ChainError Error { get; init; } = ChainError.LedgerBusy;

    public bool FailsAfterPosting { get; init; }

    public int Posts { get; private set; }

    public Func<Task>? BeforePosting { get; set; }

    public Task<LedgerState> ReadAsync(CancellationToken cancellationToken = default) => inner.ReadAsync(cancellationToken);

    public Task<IReadOnlySet<Bytes32>> FindSettledAsync(
        IReadOnlyCollection<Bytes32> inferenceIds, CancellationToken cancellationToken = default) => inner.FindSettledAsync(inferenceIds, cancellationToken);

    public async Task PostBatchAsync(SettledEpoch epoch, SignedBatch batch, CancellationToken cancellationToken = default)
    {
        Posts++;
        if (BeforePosting is not null)
        {
            await BeforePosting();
        }

        if (FailuresLeft-- > 0)
        {
            if (FailsAfterPosting)
            {
                await inner.PostBatchAsync(epoch, batch, cancellationToken);
            }

            throw new ChainException(Error, "injected");
        }

        await inner.PostBatchAsync(epoch, batch, cancellationToken);
    }

    public Task<UInt128> ClaimAsync(PayoutClaim claim, CancellationToken cancellationToken = default) => inner.ClaimAsync(claim, cancellationToken);
}
