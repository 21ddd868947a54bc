namespace OpenLedger.Chain.Settlement;

/// <summary>How the net fee is divided between model owner (beta), stakers (gamma) and data contributors (delta), in parts per
/// million.</summary>
/// <remarks>The three sum to exactly 1,000,000. Immutable and safe for concurrent use.</remarks>
public sealed record FeeSplit
{
    /// <summary>What the three parts sum to.</summary>
    public const uint Whole = 1_000_000;

    /// <summary>Beta: the model owner's part of the net fee, in ppm.</summary>
    public required uint ModelPpm { get; init; }

    /// <summary>Gamma: the stakers' part of the net fee, in ppm.</summary>
    public required uint StakersPpm { get; init; }

    /// <summary>Delta: the data contributors' part of the net fee, in ppm.</summary>
    public required uint ContributorsPpm { get; init; }

    /// <summary>Divides a fee. The platform's flat fee comes off first; the rest is apportioned by largest remainder, and of
    /// equal remainders
    /// the contributors come first, then the model, then the stakers.</summary>
    /// <param name="fee">The whole fee in wei.</param>
    /// <param name="platformFee">The platform's flat fee in wei, at most <paramref name="fee"/>.</param>
    /// <exception cref="ArgumentException">The parts do not sum to 1,000,000, or the platform fee exceeds the fee.</exception>
    public FeeParts Divide(UInt128 fee, UInt128 platformFee)
    {
        Validate();
        if (platformFee > fee)
        {
            throw new ArgumentException($"The platform fee of {platformFee} wei exceeds the fee of {fee} wei.", nameof(platformFee));
        }

        Span<UInt128> parts = stackalloc UInt128[3];
        LargestRemainder.Apportion(fee - platformFee, [ContributorsPpm, ModelPpm, StakersPpm], parts);
        return new FeeParts { Platform = platformFee, Contributors = parts[0], Model = parts[1], Stakers = parts[2] };
    }

    /// <summary>Checks that the parts sum to 1,000,000.</summary>
    /// <exception cref="ArgumentException">They do not.</exception>
    public void Validate()
    {
        ulong sum = (ulong)ModelPpm + StakersPpm + ContributorsPpm;
        if (sum != Whole)
        {
            throw new ArgumentException(
                $"{nameof(ModelPpm)} {ModelPpm}, {nameof(StakersPpm)} {StakersPpm} and {nameof(ContributorsPpm)} {ContributorsPpm} sum to {sum}; they must sum to {Whole}.");
        }
    }
}
