namespace OpenLedger.Datanets.Formats;

/// <summary>The limits of a <see cref="JsonLinesReader"/>.</summary>
public sealed record JsonLinesOptions
{
    /// <summary>Longest line in bytes, without its line break.</summary>
    /// <value>1 MiB; 1 byte to 256 MiB.</value>
    public int MaxLineBytes { get; init; } = 1 << 20;

    /// <summary>Longest file in bytes.</summary>
    /// <value>4 GiB; at least 1 byte.</value>
    public long MaxFileBytes { get; init; } = 4L << 30;

    /// <summary>Most arrays and objects inside each other.</summary>
    /// <value>64; 1 to 64.</value>
    public int MaxDepth { get; init; } = Canonical.CanonicalJson.MaxDepth;

    /// <summary>Throws when a value is illegal, naming every fault.</summary>
    /// <exception cref="ArgumentException">A value is outside its range.</exception>
    public void Validate()
    {
        List<string> faults = [];
        if (MaxLineBytes is < 1 or > 256 << 20)
        {
            faults.Add($"{nameof(MaxLineBytes)} is {MaxLineBytes}; it must be from 1 to {256 << 20}.");
        }

        if (MaxFileBytes < 1)
        {
            faults.Add($"{nameof(MaxFileBytes)} is {MaxFileBytes}; it must be at least 1.");
        }

        if (MaxDepth < 1 || MaxDepth > Canonical.CanonicalJson.MaxDepth)
        {
            faults.Add($"{nameof(MaxDepth)} is {MaxDepth}; it must be from 1 to {Canonical.CanonicalJson.MaxDepth}.");
        }

        if (faults.Count > 0)
        {
            throw new ArgumentException(string.Join(" ", faults));
        }
    }
}
