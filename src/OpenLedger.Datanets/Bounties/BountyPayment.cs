using OpenLedger.Datanets.Canonical;
using OpenLedger.Datanets.Contributions;

namespace OpenLedger.Datanets.Bounties;

/// <summary>A payment that was decided and has to be made once. Immutable.</summary>
/// <param name="Id">Names the payment for ever: the digest of the journal's event that decided it.</param>
/// <param name="Kind">What it is for.</param>
/// <param name="To">Who is paid.</param>
/// <param name="Amount">Base units, more than zero.</param>
public sealed record BountyPayment(Sha256Digest Id, BountyPaymentKind Kind, ContributorId To, UInt128 Amount);
