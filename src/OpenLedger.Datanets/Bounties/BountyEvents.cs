namespace OpenLedger.Datanets.Bounties;

/// <summary>The kinds of events that make up the history of a pool.</summary>
internal static class BountyEvents
{
    public const string Deposited = "bounty.deposited";
    public const string Waiting = "bounty.waiting";
    public const string Earned = "bounty.earned";
    public const string Skipped = "bounty.skipped";
    public const string Cancelled = "bounty.cancelled";
    public const string ReleaseDecided = "bounty.release-decided";
    public const string RefundDecided = "bounty.refund-decided";
    public const string BondPosted = "bounty.bond-posted";
    public const string BondReturnDecided = "bounty.bond-return-decided";
    public const string BondSlashed = "bounty.bond-slashed";
    public const string Paid = "bounty.paid";
}
