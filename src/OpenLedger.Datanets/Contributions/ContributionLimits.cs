namespace OpenLedger.Datanets.Contributions;

/// <summary>How much may be contributed. Days are those of UTC, from midnight to midnight.</summary>
/// <remarks>Over all datanets means over those whose <see cref="ContributionLimitGate"/> counts in the same place. 1 MB is 1,000,000 bytes. Bytes are those of canonical payloads, UTF-8. <see langword="null"/> is no limit.</remarks>
public sealed record ContributionLimits
{
    /// <summary>No limit at all.</summary>
    public static ContributionLimits None { get; } = new()
    {
        MaxBytesPerContribution = null,
        MaxBytesPerContributorAndDay = null,
        MaxBytesPerDatanetAndDay = null,
        MaxContributionsPerContributorAndDay = null,
    };

    /// <summary>Most bytes of one contribution.</summary>
    /// <value>The default is 5 MB.</value>
    public long? MaxBytesPerContribution { get; init; } = 5_000_000;

    /// <summary>Most bytes of one contributor in a day, over all datanets.</summary>
    /// <value>The default is 10 MB.</value>
    public long? MaxBytesPerContributorAndDay { get; init; } = 10_000_000;

    /// <summary>Most bytes that one datanet takes in a day, over all contributors.</summary>
    /// <value>The default is 10 MB.</value>
    public long? MaxBytesPerDatanetAndDay { get; init; } = 10_000_000;

    /// <summary>Most contributions of one contributor in a day, over all datanets.</summary>
    /// <value>The default is 20.</value>
    public int? MaxContributionsPerContributorAndDay { get; init; } = 20;

    /// <summary>Reports every limit that is out of its range at once.</summary>
    /// <exception cref="ArgumentException">A limit is negative.</exception>
    public void Validate()
    {
        string[] faults =
        [
            .. Fault(nameof(MaxBytesPerContribution), MaxBytesPerContribution),
            .. Fault(nameof(MaxBytesPerContributorAndDay), MaxBytesPerContributorAndDay),
            .. Fault(nameof(MaxBytesPerDatanetAndDay), MaxBytesPerDatanetAndDay),
            .. Fault(nameof(MaxContributionsPerContributorAndDay), MaxContributionsPerContributorAndDay),
        ];
        if (faults.Length > 0)
        {
            throw new ArgumentException("The contribution limits are not legal: " + string.Join(" ", faults));
        }
    }

    private static IEnumerable<string> Fault(string name, long? value) =>
        value < 0 ? [FormattableString.Invariant($"{name} is {value}; 0 or more, or null for no limit.")] : [];
}
