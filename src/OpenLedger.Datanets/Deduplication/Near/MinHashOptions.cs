namespace OpenLedger.Datanets.Deduplication.Near;

/// <summary>How signatures are made. Signatures can be compared only when all of this is equal.</summary>
/// <remarks>
/// The defaults are those of datatrove (<c>dedup/minhash.py</c>): word 5-grams, 14 bands of 8 rows, which catch a pair of Jaccard
/// similarity s with probability 1 - (1 - s^8)^14: 0.05 at s = 0.5, 0.56 at 0.7, 0.92 at 0.8, 0.9996 at 0.9.
/// </remarks>
public sealed record MinHashOptions
{
    /// <summary>How many bands; a pair is a candidate when all rows of at least one band agree.</summary>
    /// <value>14; 1 to 128.</value>
    public int Bands { get; init; } = 14;

    /// <summary>Rows per band; a signature has <see cref="Bands"/> times this many bytes, at most 1024.</summary>
    /// <value>8; 1 to 32.</value>
    public int Rows { get; init; } = 8;

    /// <summary>Tokens per shingle. A text with fewer tokens has one shingle, of all of them.</summary>
    /// <value>5; 1 to 32.</value>
    public int ShingleLength { get; init; } = 5;

    /// <summary>Chooses the hash functions. A datanet that keeps it secret makes collisions harder to construct.</summary>
    /// <value>1; any number.</value>
    public long Seed { get; init; } = 1;

    /// <summary>What the shingles are made of.</summary>
    /// <value><see cref="ShingleTokens.Words"/>.</value>
    public ShingleTokens Tokens { get; init; } = ShingleTokens.Words;

    /// <summary>Whether each run of digits counts as one zero, so that texts which differ in numbers only are duplicates.</summary>
    /// <value><see langword="true"/>; choose <see langword="false"/> where numbers are the content, as in exercises.</value>
    public bool IgnoreNumbers { get; init; } = true;

    /// <summary>Whether combining marks are dropped, so that <c>Café</c> equals <c>cafe</c>. Syllables always keep theirs.</summary>
    /// <value><see langword="true"/>.</value>
    public bool IgnoreDiacritics { get; init; } = true;

    /// <summary>Throws when a value is illegal, naming every fault.</summary>
    /// <exception cref="ArgumentException">A value is outside its range.</exception>
    public void Validate()
    {
        List<string> faults = [];
        Check(faults, nameof(Bands), Bands, 128);
        Check(faults, nameof(Rows), Rows, 32);
        Check(faults, nameof(ShingleLength), ShingleLength, 32);
        if (faults.Count == 0 && Bands * Rows > 1024)
        {
            faults.Add($"{nameof(Bands)} times {nameof(Rows)} is {Bands * Rows}; it must be at most 1024.");
        }

        if (!Enum.IsDefined(Tokens))
        {
            faults.Add($"{nameof(Tokens)} is {(int)Tokens}, which is no kind of token.");
        }

        if (faults.Count > 0)
        {
            throw new ArgumentException(string.Join(" ", faults));
        }
    }

    /// <summary>The probability that two texts share all rows of at least one band.</summary>
    /// <param name="similarity">The Jaccard similarity of their sets of shingles, 0 to 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="similarity"/> is not from 0 to 1.</exception>
    public double CandidateProbability(double similarity)
    {
        if (!(similarity is >= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(similarity), similarity, "A similarity is from 0 to 1.");
        }

        return 1 - Math.Pow(1 - Math.Pow(similarity, Rows), Bands);
    }

    private static void Check(List<string> faults, string name, int value, int most)
    {
        if (value < 1 || value > most)
        {
            faults.Add($"{name} is {value}; it must be from 1 to {most}.");
        }
    }
}
