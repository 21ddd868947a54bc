namespace OpenLedger.Datanets.Privacy;

/// <summary>What a <see cref="PersonalDataScanner"/> looks for and how sure it must be.</summary>
public sealed record PersonalDataScannerOptions
{
    /// <summary>The recognisers; add your own to <see cref="PersonalDataRecognizers.Default"/>.</summary>
    /// <value><see cref="PersonalDataRecognizers.Default"/>.</value>
    public IReadOnlyList<IPiiRecognizer> Recognizers { get; init; } = PersonalDataRecognizers.Default;

    /// <summary>Least score that is reported.</summary>
    /// <value>0.5; 0 to 1. Lower values find more and err more: 0.3 adds web addresses, 0.4 private network addresses.</value>
    public double Threshold { get; init; } = 0.5;

    /// <summary>The only entities to report, or <see langword="null"/> for all.</summary>
    /// <value><see langword="null"/>.</value>
    public IReadOnlySet<PersonalDataEntity>? Entities { get; init; }

    /// <summary>Values that are never reported, compared whole and without regard to case, for example your own support address.</summary>
    /// <value>Empty.</value>
    public IReadOnlyList<string> AllowList { get; init; } = [];

    /// <summary>Words that are always reported with score 1, found whole and without regard to case, for example the names of staff.</summary>
    /// <value>Empty.</value>
    public IReadOnlyDictionary<string, PersonalDataEntity> DenyList { get; init; } = new Dictionary<string, PersonalDataEntity>();

    /// <summary>Whether whole numbers of a record (JSON numbers, not strings) are scanned too.</summary>
    /// <value><see langword="true"/>.</value>
    public bool ScanNumbers { get; init; } = true;

    /// <summary>Throws when a value is illegal, naming every fault.</summary>
    /// <exception cref="ArgumentException">A value is outside its range.</exception>
    public void Validate()
    {
        List<string> faults = [];
        if (Recognizers is null || Recognizers.Any(recognizer => recognizer is null))
        {
            faults.Add($"{nameof(Recognizers)} must be a list without null.");
        }
        else if (Recognizers.Count == 0 && DenyList is { Count: 0 })
        {
            faults.Add($"{nameof(Recognizers)} and {nameof(DenyList)} are both empty; nothing would be found.");
        }

        if (!(Threshold is >= 0 and <= 1))
        {
            faults.Add($"{nameof(Threshold)} is {Threshold}; it must be from 0 to 1.");
        }

        if (AllowList is null || AllowList.Any(string.IsNullOrEmpty))
        {
            faults.Add($"{nameof(AllowList)} must be a list without null and empty text.");
        }

        if (DenyList is null || DenyList.Any(entry => entry.Key.Length == 0 || entry.Value is null))
        {
            faults.Add($"{nameof(DenyList)} must map words that are not empty to entities.");
        }

        if (faults.Count > 0)
        {
            throw new ArgumentException(string.Join(" ", faults));
        }
    }
}
