namespace OpenLedger.Chain.Ledger;

/// <summary>Everything a ledger holds, as of one moment.</summary>
/// <param name="State">The state that the entries lead to.</param>
/// <param name="Entries">All entries in order.</param>
/// <param name="EpochDocuments">The canonical document of each epoch, the first being that of epoch 1.</param>
public sealed record LedgerContents(LedgerState State, IReadOnlyList<LedgerEntry> Entries, IReadOnlyList<byte[]> EpochDocuments);
