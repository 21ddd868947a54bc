namespace OpenLedger.Chain;

/// <summary>What went wrong in the world outside the program; see <see cref="ChainException"/>.</summary>
public enum ChainError
{
    /// <summary>The ledger file is locked by another process for longer than the busy timeout.</summary>
    LedgerBusy = 1,

    /// <summary>The ledger file cannot be opened, read or written: missing folder, permissions, full disk.</summary>
    LedgerUnavailable = 2,

    /// <summary>The file exists but is not a ledger: not a SQLite database, or one of another application.</summary>
    NotALedger = 3,

    /// <summary>The ledger was written by a newer version of this library.</summary>
    LedgerNewerSchema = 4,

    /// <summary>The ledger file is damaged, or its entries break the hash chain or the accounting rules.</summary>
    LedgerCorrupt = 5,

    /// <summary>The ledger belongs to another chain, address, token or operator than the one asked for.</summary>
    LedgerMismatch = 6,

    /// <summary>A batch does not follow the accounting rules or the ledger's present state.</summary>
    BatchRejected = 7,

    /// <summary>A claim's proof does not lead to the current payout root, or the claim exceeds what was funded.</summary>
    ClaimRejected = 8,

    /// <summary>An exported or stored document is malformed, too large or not in its canonical form.</summary>
    MalformedDocument = 9,

    /// <summary>An exported file cannot be read or written.</summary>
    FileUnavailable = 10,
}
