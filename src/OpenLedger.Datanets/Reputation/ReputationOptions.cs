using OpenLedger.Datanets.Review;

namespace OpenLedger.Datanets.Reputation;

/// <summary>How reputation is computed. The mission publishes neither formula nor constants, so all of them are options.</summary>
public sealed record ReputationOptions
{
    /// <summary>What a ratio is before anything is known.</summary>
    /// <value>0.5; 0 to 1.</value>
    public double PriorMean { get; init; } = 0.5;

    /// <summary>How many observations the prior counts for: a ratio is <c>(successes + PriorMean * PriorStrength) / (trials + PriorStrength)</c>.</summary>
    /// <value>4, so that 1 of 1 is 0.6; more than 0, at most 1,000,000.</value>
    public double PriorStrength { get; init; } = 4;

    /// <summary>After which time an observation counts half: its weight is <c>2^(-age / HalfLife)</c>.</summary>
    /// <value><see langword="null"/>: observations do not age; at least 1 day.</value>
    public TimeSpan? HalfLife { get; init; }

    /// <summary>Over how many weeks consistency is measured.</summary>
    /// <value>8; 1 to 520.</value>
    public int ConsistencyWeeks { get; init; } = 8;

    /// <summary>The share of the accepted ratio in a contributor's score; the rest is consistency.</summary>
    /// <value>0.7; 0 to 1.</value>
    public double RatioShare { get; init; } = 0.7;

    /// <summary>The share of the accuracy on gold tasks in a reviewer's score; the rest is agreement with final decisions.</summary>
    /// <value>0.5; 0 to 1.</value>
    public double GoldShare { get; init; } = 0.5;

    /// <summary>What a final rejection adds to the penalty score, by its reason; reasons that are not named add nothing.</summary>
    /// <value>Spam and Harmful 1, PersonalData and Licence 0.5, Duplicate 0.25; each at least 0.</value>
    public IReadOnlyDictionary<ReviewReason, double> Penalties { get; init; } = new Dictionary<ReviewReason, double>
    {
        [ReviewReason.Spam] = 1,
        [ReviewReason.Harmful] = 1,
        [ReviewReason.PersonalData] = 0.5,
        [ReviewReason.Licence] = 0.5,
        [ReviewReason.Duplicate] = 0.25,
    };

    /// <summary>What a lost dispute adds to the penalty score.</summary>
    /// <value>0.5; at least 0.</value>
    public double LostDisputePenalty { get; init; } = 0.5;

    /// <summary>What a slashed bond adds to the penalty score.</summary>
    /// <value>3; at least 0.</value>
    public double SlashPenalty { get; init; } = 3;

    /// <summary>What the penalty score does to rewards, by rising threshold; the last one that is reached counts.</summary>
    /// <value>Half from 3 on, nothing from 10 on.</value>
    public IReadOnlyList<PenaltyTier> Tiers { get; init; } = [new(3, 500_000), new(10, 0)];

    /// <summary>Throws when a value is illegal, naming every fault.</summary>
    /// <exception cref="ArgumentException">A value is outside its range.</exception>
    public void Validate()
    {
        List<string> faults = [];
        CheckRange(faults, nameof(PriorMean), PriorMean, 0, 1);
        CheckRange(faults, nameof(PriorStrength), PriorStrength, double.Epsilon, 1_000_000);
        CheckRange(faults, nameof(RatioShare), RatioShare, 0, 1);
        CheckRange(faults, nameof(GoldShare), GoldShare, 0, 1);
        CheckRange(faults, nameof(LostDisputePenalty), LostDisputePenalty, 0, 1_000_000);
        CheckRange(faults, nameof(SlashPenalty), SlashPenalty, 0, 1_000_000);
        if (HalfLife < TimeSpan.FromDays(1))
        {
            faults.Add($"{nameof(HalfLife)} is {HalfLife}; it must be at least 1 day, or null for none.");
        }

        if (ConsistencyWeeks is < 1 or > 520)
        {
            faults.Add($"{nameof(ConsistencyWeeks)} is {ConsistencyWeeks}; it must be from 1 to 520.");
        }

        if (Penalties is null || Penalties.Any(penalty => !Enum.IsDefined(penalty.Key) || !(penalty.Value is >= 0 and <= 1_000_000)))
        {
            faults.Add($"{nameof(Penalties)} is null, names an unknown reason, or a penalty that is not from 0 to 1000000.");
        }

        if (Tiers is null || Tiers.Any(tier => tier is null || !(tier.Threshold > 0) || tier.MultiplierPpm is < 0 or > 1_000_000)
            || Tiers.Zip(Tiers.Skip(1)).Any(pair => !(pair.First.Threshold < pair.Second.Threshold)))
        {
            faults.Add($"{nameof(Tiers)} need thresholds above 0 that rise, and multipliers from 0 to 1000000.");
        }

        if (faults.Count > 0)
        {
            throw new ArgumentException(string.Join(" ", faults));
        }
    }

    private static void CheckRange(List<string> faults, string name, double value, double least, double greatest)
    {
        if (!(value >= least && value <= greatest)) // also NaN
        {
            faults.Add(FormattableString.Invariant($"{name} is {value}; it must be from {(least > 0 && least < 1e-300 ? "above 0" : least)} to {greatest}."));
        }
    }
}
