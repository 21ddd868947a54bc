namespace OpenLedger.Chain.Ledger;

/// <summary>What a ledger entry records.</summary>
public enum LedgerEntryKind
{
    /// <summary>The first entry: the ledger's identity.</summary>
    Open = 1,

    /// <summary>A batch was posted.</summary>
    Batch = 2,

    /// <summary>A claim was paid.</summary>
    Claim = 3,
}
