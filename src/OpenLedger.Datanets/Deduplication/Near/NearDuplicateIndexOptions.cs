namespace OpenLedger.Datanets.Deduplication.Near;

/// <summary>What counts as a near-duplicate.</summary>
public sealed record NearDuplicateIndexOptions
{
    /// <summary>How signatures are made.</summary>
    /// <value>14 bands of 8 rows over word 5-grams.</value>
    public MinHashOptions MinHash { get; init; } = new();

    /// <summary>The least estimated similarity of a candidate that counts.</summary>
    /// <value>0.7; 0 to 1. With 0, sharing one band is enough.</value>
    public double Threshold { get; init; } = 0.7;

    /// <summary>Most records of one band that are looked at, newest first: bounds the time when very many share boilerplate.</summary>
    /// <value>256; 1 to 100,000.</value>
    public int MaxCandidatesPerBand { get; init; } = 256;

    /// <summary>Throws when a value is illegal, naming every fault.</summary>
    /// <exception cref="ArgumentException">A value is missing or outside its range.</exception>
    public void Validate()
    {
        List<string> faults = [];
        if (MinHash is null)
        {
            faults.Add($"{nameof(MinHash)} is missing; new MinHashOptions() has the usual values.");
        }

        if (!(Threshold is >= 0 and <= 1))
        {
            faults.Add(FormattableString.Invariant($"{nameof(Threshold)} is {Threshold}; it must be from 0 to 1."));
        }

        if (MaxCandidatesPerBand is < 1 or > 100_000)
        {
            faults.Add($"{nameof(MaxCandidatesPerBand)} is {MaxCandidatesPerBand}; it must be from 1 to 100000.");
        }

        try
        {
            MinHash?.Validate();
        }
        catch (ArgumentException exception)
        {
            faults.Add($"{nameof(MinHash)}: {exception.Message}");
        }

        if (faults.Count > 0)
        {
            throw new ArgumentException(string.Join(" ", faults));
        }
    }
}
