namespace OpenLedger.Datanets.Reputation;

/// <summary>How stakes weigh. The mission does not publish the weight function, so it is an option.</summary>
public sealed record CredibilityOptions
{
    /// <summary>How a stake becomes a weight.</summary>
    /// <value><see cref="StakeWeight.Linear"/>.</value>
    public StakeWeight Weight { get; init; } = StakeWeight.Linear;

    /// <summary>How many base units are one whole unit, which weighs 1.</summary>
    /// <value>10^18; at least 1.</value>
    public UInt128 UnitStake { get; init; } = 1_000_000_000_000_000_000;

    /// <summary>The most base units that count under <see cref="StakeWeight.Capped"/>; otherwise unused.</summary>
    /// <value>1,000 units of 10^18; at least 1.</value>
    public UInt128 StakeCap { get; init; } = (UInt128)1_000_000_000_000_000_000 * 1000;

    /// <summary>Throws when a value is illegal, naming every fault.</summary>
    /// <exception cref="ArgumentException">A value is outside its range.</exception>
    public void Validate()
    {
        List<string> faults = [];
        if (!Enum.IsDefined(Weight))
        {
            faults.Add($"{nameof(Weight)} is {(int)Weight}; use a member of {nameof(StakeWeight)}.");
        }

        if (UnitStake == 0)
        {
            faults.Add($"{nameof(UnitStake)} is 0; it must be at least 1.");
        }

        if (StakeCap == 0)
        {
            faults.Add($"{nameof(StakeCap)} is 0; it must be at least 1.");
        }

        if (faults.Count > 0)
        {
            throw new ArgumentException(string.Join(" ", faults));
        }
    }
}
