using OpenLedger.Chain.Evm;
using OpenLedger.Chain.Receipts;

namespace OpenLedger.Chain.Settlement;

/// <summary>What a settlement did.</summary>
public sealed record SettlementResult
{
    /// <summary>The epoch that was posted; null when every receipt had been settled before.</summary>
    public required SettledEpoch? Epoch { get; init; }

    /// <summary>The batch that was posted; null when every receipt had been settled before.</summary>
    public required SignedBatch? Batch { get; init; }

    /// <summary>Inferences that an earlier epoch had settled and that were left out, sorted.</summary>
    public required IReadOnlyList<Bytes32> AlreadySettled { get; init; }

    /// <summary>One claim per account with earnings, sorted by address, with a proof against the ledger's current payout root.</summary>
    public required IReadOnlyList<PayoutClaim> Claims { get; init; }
}
