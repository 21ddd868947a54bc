using OpenLedger.Datanets.Canonical;
using OpenLedger.Datanets.Contributions;

namespace OpenLedger.Datanets.Access;

/// <summary>What somebody is about to do under a grant.</summary>
public sealed record AccessUse
{
    /// <summary>Longest name of a run in UTF-16 code units.</summary>
    public const int MaxRunLength = 100;

    /// <summary>Who does it; the application authenticates.</summary>
    public required ContributorId Grantee { get; init; }

    /// <summary>What for.</summary>
    public required AccessPurpose Purpose { get; init; }

    /// <summary>The version that is read, by version id.</summary>
    /// <value><see langword="null"/>: unknown; a grant that is bound to a version then does not cover it.</value>
    public Sha256Digest? Version { get; init; }

    /// <summary>The splits that are read.</summary>
    /// <value>None in particular: the reader filters by <see cref="AccessScope.Covers"/>.</value>
    public IReadOnlyList<string> Splits { get; init; } = [];

    /// <summary>Names the training run, so that a repeated check counts once; 1 to <see cref="MaxRunLength"/> printable characters.</summary>
    /// <value><see langword="null"/>: only look, nothing is counted.</value>
    public string? Run { get; init; }

    /// <summary>The 0-based epoch that starts.</summary>
    /// <value><see langword="null"/>: the run starts.</value>
    public int? Epoch { get; init; }

    /// <summary>How many records the epoch reads.</summary>
    /// <value>0.</value>
    public long Records { get; init; }

    internal void Validate(string parameterName)
    {
        if (!Enum.IsDefined(Purpose))
        {
            throw new ArgumentException($"The purpose {(int)Purpose} is unknown; use a member of {nameof(AccessPurpose)}.", parameterName);
        }

        if (Run is not null && (Run.Length is 0 or > MaxRunLength || Run.AsSpan().IndexOfAnyInRange('\0', '\u001F') >= 0))
        {
            throw new ArgumentException($"A run has a name of 1 to {MaxRunLength} characters without control characters, not of {Run.Length}.", parameterName);
        }

        if (Epoch < 0 || Records is < 0 or > AccessQuota.MaxAmount || (Run is null && (Epoch is not null || Records != 0)))
        {
            throw new ArgumentException($"Epoch {Epoch} and {Records} records do not fit: neither is negative, and both need a run.", parameterName);
        }
    }
}
