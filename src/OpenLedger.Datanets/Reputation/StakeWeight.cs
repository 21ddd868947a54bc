namespace OpenLedger.Datanets.Reputation;

/// <summary>How a stake becomes the weight w of the credibility formula.</summary>
public enum StakeWeight
{
    /// <summary>The stake itself: money talks.</summary>
    Linear = 1,

    /// <summary>Its square root: twice the weight costs four times the stake. Splitting a stake over accounts pays, so it needs bonds.</summary>
    SquareRoot = 2,

    /// <summary>The stake up to <see cref="CredibilityOptions.StakeCap"/>.</summary>
    Capped = 3,
}
