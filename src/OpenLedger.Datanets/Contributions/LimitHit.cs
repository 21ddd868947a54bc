using System.Globalization;

namespace OpenLedger.Datanets.Contributions;

/// <summary>A limit that a contribution would exceed.</summary>
public sealed record LimitHit
{
    internal LimitHit(ContributionLimit limit, long allowed, long used, long requested, DateTimeOffset? resetsAt)
    {
        Limit = limit;
        Allowed = allowed;
        Used = used;
        Requested = requested;
        ResetsAt = resetsAt;
    }

    /// <summary>Which limit.</summary>
    public ContributionLimit Limit { get; }

    /// <summary>The limit, in bytes or contributions.</summary>
    public long Allowed { get; }

    /// <summary>What was used of it today.</summary>
    public long Used { get; }

    /// <summary>What the contribution would add.</summary>
    public long Requested { get; }

    /// <summary>What is left today; 0 when more than the limit was used already.</summary>
    public long Left => Math.Max(0, Allowed - Used);

    /// <summary>When the limit starts anew, the next midnight of UTC; <see langword="null"/> for a limit of a single contribution.</summary>
    public DateTimeOffset? ResetsAt { get; }

    /// <summary>One line for people.</summary>
    public override string ToString()
    {
        string unit = Limit == ContributionLimit.ContributionsPerContributorAndDay ? "contributions" : "bytes";
        string reset = ResetsAt is DateTimeOffset at ? string.Create(CultureInfo.InvariantCulture, $"; resets at {at:yyyy-MM-ddTHH:mm:ssZ}") : "";
        return string.Create(CultureInfo.InvariantCulture, $"{Limit}: {Requested} {unit} requested, {Left} of {Allowed} left{reset}");
    }
}
