namespace OpenLedger.Datanets.Review;

/// <summary>How far apart two categories are, for <see cref="Agreement.KrippendorffAlpha"/>.</summary>
public enum AlphaMetric
{
    /// <summary>Different is different: distance 1.</summary>
    Nominal = 1,

    /// <summary>Ranks: the square of how many ratings lie between, half of the two ends counted.</summary>
    Ordinal = 2,

    /// <summary>Measurements: the square of the difference.</summary>
    Interval = 3,
}
