namespace OpenLedger.Datanets.Bounties;

/// <summary>The rules of a <see cref="BountyPool"/>. A change applies to what is earned later; what was earned keeps its amount and time.</summary>
public sealed record BountyPoolOptions
{
    /// <summary>The reward in base units of the payer's currency, for example wei.</summary>
    /// <value>At least 1.</value>
    public required UInt128 Reward { get; init; }

    /// <summary>What earns a reward.</summary>
    /// <value><see cref="BountyRule.PerRecord"/>.</value>
    public BountyRule Rule { get; init; } = BountyRule.PerRecord;

    /// <summary>How long a reward is held before it is released, so that mistakes can be found first.</summary>
    /// <value>48 hours; zero to 365 days.</value>
    public TimeSpan Hold { get; init; } = TimeSpan.FromHours(48);

    /// <summary>What happens when the pool does not hold a whole reward any more.</summary>
    /// <value><see cref="BountyExhaustion.Wait"/>.</value>
    public BountyExhaustion Exhaustion { get; init; } = BountyExhaustion.Wait;

    /// <summary>Most base units that one contributor can earn on one UTC day; cancelled rewards count.</summary>
    /// <value><see langword="null"/>: no limit; at least <see cref="Reward"/>.</value>
    public UInt128? DailyCap { get; init; }

    /// <summary>The bond in base units that a contributor must have standing in order to earn.</summary>
    /// <value>0: none.</value>
    public UInt128 Bond { get; init; }

    /// <summary>Throws when a value is illegal, naming every fault.</summary>
    /// <exception cref="ArgumentException">A value is outside its range.</exception>
    public void Validate()
    {
        List<string> faults = [];
        if (Reward == 0)
        {
            faults.Add($"{nameof(Reward)} is 0; it must be at least 1 base unit.");
        }

        if (!Enum.IsDefined(Rule))
        {
            faults.Add($"{nameof(Rule)} is {(int)Rule}; use a member of {nameof(BountyRule)}.");
        }

        if (!Enum.IsDefined(Exhaustion))
        {
            faults.Add($"{nameof(Exhaustion)} is {(int)Exhaustion}; use a member of {nameof(BountyExhaustion)}.");
        }

        if (Hold < TimeSpan.Zero || Hold > TimeSpan.FromDays(365))
        {
            faults.Add($"{nameof(Hold)} is {Hold}; it must be from zero to 365 days.");
        }

        if (DailyCap < Reward)
        {
            faults.Add($"{nameof(DailyCap)} is {DailyCap}, less than one reward of {Reward}; nobody could earn anything.");
        }

        if (faults.Count > 0)
        {
            throw new ArgumentException(string.Join(" ", faults));
        }
    }
}
