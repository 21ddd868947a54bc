using OpenLedger.Chain.Settlement;

namespace OpenLedger.Chain.Ledger;

/// <summary>A claim as the ledger records it: with the wei that it paid.</summary>
internal sealed record PaidClaim(PayoutClaim Claim, UInt128 Amount);
