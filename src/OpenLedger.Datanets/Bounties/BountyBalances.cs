namespace OpenLedger.Datanets.Bounties;

/// <summary>Where the money of a pool is, in base units. Immutable.</summary>
/// <remarks>
/// Always: <c>Deposited + Slashed = Available + Held + InTransit + Paid + Refunded</c> and
/// <c>BondsPosted = BondsHeld + BondsInTransit + BondsReturned + Slashed</c>.
/// </remarks>
public sealed record BountyBalances
{
    /// <summary>All deposits ever.</summary>
    public UInt128 Deposited { get; init; }

    /// <summary>Bonds that were taken for abuse; they feed the pool.</summary>
    public UInt128 Slashed { get; init; }

    /// <summary>What rewards can still be earned from.</summary>
    public UInt128 Available { get; init; }

    /// <summary>Earned and not released.</summary>
    public UInt128 Held { get; init; }

    /// <summary>Rewards and refunds that were decided and are not confirmed.</summary>
    public UInt128 InTransit { get; init; }

    /// <summary>Rewards that were paid.</summary>
    public UInt128 Paid { get; init; }

    /// <summary>What went back to the owner.</summary>
    public UInt128 Refunded { get; init; }

    /// <summary>All bonds ever.</summary>
    public UInt128 BondsPosted { get; init; }

    /// <summary>Bonds that stand.</summary>
    public UInt128 BondsHeld { get; init; }

    /// <summary>Returns of bonds that were decided and are not confirmed.</summary>
    public UInt128 BondsInTransit { get; init; }

    /// <summary>Bonds that went back.</summary>
    public UInt128 BondsReturned { get; init; }
}
