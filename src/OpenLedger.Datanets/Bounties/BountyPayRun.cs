namespace OpenLedger.Datanets.Bounties;

/// <summary>What one run of payments did.</summary>
/// <param name="Paid">The payments that were confirmed.</param>
/// <param name="NotPaid">The payments the payer did not make, with its reasons; they are tried again in the next run.</param>
public sealed record BountyPayRun(IReadOnlyList<BountyPayment> Paid, IReadOnlyList<(BountyPayment Payment, string Reason)> NotPaid);
