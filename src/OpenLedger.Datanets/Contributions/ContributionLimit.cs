namespace OpenLedger.Datanets.Contributions;

/// <summary>The limits of <see cref="ContributionLimits"/>. Names and numbers are stable.</summary>
public enum ContributionLimit
{
    /// <summary>Bytes of one contribution; it does not reset.</summary>
    BytesPerContribution = 1,

    /// <summary>Bytes of one contributor in a day, over all datanets.</summary>
    BytesPerContributorAndDay = 2,

    /// <summary>Bytes that one datanet takes in a day.</summary>
    BytesPerDatanetAndDay = 3,

    /// <summary>Contributions of one contributor in a day, over all datanets.</summary>
    ContributionsPerContributorAndDay = 4,
}
