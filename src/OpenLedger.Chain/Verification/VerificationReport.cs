using OpenLedger.Chain.Ledger;

namespace OpenLedger.Chain.Verification;

/// <summary>The outcome of a verification: every check that was made.</summary>
/// <remarks>Immutable and safe for concurrent use.</remarks>
public sealed class VerificationReport
{
    internal VerificationReport(IReadOnlyList<VerificationCheck> checks, LedgerState? state)
    {
        Checks = checks;
        Passed = checks.Count > 0 && checks.All(check => check.Passed);
        State = Passed ? state : null;
    }

    /// <summary>Whether every check passed.</summary>
    public bool Passed { get; }

    /// <summary>All checks in the order in which they were made. Where a file cannot be read, checks that need it are missing.</summary>
    public IReadOnlyList<VerificationCheck> Checks { get; }

    /// <summary>The state that the files prove (identity, earnings, payments); null where a check failed.</summary>
    public LedgerState? State { get; }
}
