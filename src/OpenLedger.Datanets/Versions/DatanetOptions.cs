using OpenLedger.Datanets.Contributions;
using OpenLedger.Datanets.Storage;

namespace OpenLedger.Datanets.Versions;

/// <summary>What a <see cref="Datanet"/> works with.</summary>
public sealed record DatanetOptions
{
    /// <summary>Where the datanet is kept; the caller disposes it.</summary>
    public required IDatanetStore Store { get; init; }

    /// <summary>Checks the signatures of contributions.</summary>
    public required IContributionVerifier Verifier { get; init; }

    /// <summary>Says when records are registered and versions committed; with a fixed clock, equal inputs give equal version ids.</summary>
    /// <value>The system's clock.</value>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Most bytes of canonical payload in one contribution.</summary>
    /// <value>5,000,000, the mission's limit for one submission; 1 to 1,000,000,000.</value>
    public int MaxContributionBytes { get; init; } = 5_000_000;

    /// <summary>More conditions for a record to be accepted, asked in this order after schema and exact duplicates.</summary>
    /// <value>None; copied when the datanet is opened.</value>
    public IReadOnlyList<SubmissionGate> Gates { get; init; } = [];

    /// <summary>Throws when a value is illegal, naming every fault.</summary>
    /// <exception cref="ArgumentException">A value is missing or outside its range.</exception>
    public void Validate()
    {
        List<string> faults = [];
        if (Store is null)
        {
            faults.Add($"{nameof(Store)} is missing; {nameof(SqliteDatanetStore)} is the embedded one.");
        }

        if (Verifier is null)
        {
            faults.Add($"{nameof(Verifier)} is missing; the chain package has the one for secp256k1.");
        }

        if (TimeProvider is null)
        {
            faults.Add($"{nameof(TimeProvider)} is missing; TimeProvider.System is the usual one.");
        }

        if (MaxContributionBytes is < 1 or > 1_000_000_000)
        {
            faults.Add($"{nameof(MaxContributionBytes)} is {MaxContributionBytes}; it must be from 1 to 1000000000.");
        }

        if (Gates is null || Gates.Contains(null!))
        {
            faults.Add($"{nameof(Gates)} is null or holds null; use an empty list for none.");
        }

        if (faults.Count > 0)
        {
            throw new ArgumentException(string.Join(" ", faults));
        }
    }
}
