namespace OpenLedger.Datanets.Deduplication.Near;

/// <summary>How a <see cref="NearDuplicateGate"/> judges.</summary>
public sealed record NearDuplicateGateOptions
{
    /// <summary>What counts as a near-duplicate.</summary>
    /// <value>14 bands of 8 rows over word 5-grams, similarity of at least 0.7.</value>
    public NearDuplicateIndexOptions Index { get; init; } = new();

    /// <summary>What happens to a near-duplicate.</summary>
    /// <value><see cref="NearDuplicateAction.Refuse"/>.</value>
    public NearDuplicateAction Action { get; init; } = NearDuplicateAction.Refuse;

    /// <summary>
    /// Whether the payloads of the best candidates are read and their similarity computed from all shingles. Then the estimate only chooses
    /// candidates (with a tolerance of 0.1) and the threshold holds exactly; a check that meets candidates takes some more tens of microseconds.
    /// </summary>
    /// <value><see langword="false"/>: the estimate decides.</value>
    public bool VerifiesExactly { get; init; }

    /// <summary>Throws when a value is illegal, naming every fault.</summary>
    /// <exception cref="ArgumentException">A value is missing or outside its range.</exception>
    public void Validate()
    {
        List<string> faults = [];
        if (Index is null)
        {
            faults.Add($"{nameof(Index)} is missing; new NearDuplicateIndexOptions() has the usual values.");
        }

        if (!Enum.IsDefined(Action))
        {
            faults.Add($"{nameof(Action)} is {(int)Action}, which is no action.");
        }

        try
        {
            Index?.Validate();
        }
        catch (ArgumentException exception)
        {
            faults.Add($"{nameof(Index)}: {exception.Message}");
        }

        if (faults.Count > 0)
        {
            throw new ArgumentException(string.Join(" ", faults));
        }
    }
}
