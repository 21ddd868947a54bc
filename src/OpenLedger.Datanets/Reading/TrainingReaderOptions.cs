using OpenLedger.Datanets.Contributions;

namespace OpenLedger.Datanets.Reading;

/// <summary>What a <see cref="TrainingReader"/> reads, and in which order.</summary>
public sealed record TrainingReaderOptions
{
    /// <summary>What contributors must have consented to; records given without are left out.</summary>
    /// <value><see cref="ConsentTerms.Training"/>.</value>
    public ConsentTerms RequiredConsent { get; init; } = ConsentTerms.Training;

    /// <summary>Whether a licence expression is accepted; <see langword="null"/> accepts all.</summary>
    public Predicate<string>? AcceptsLicence { get; init; }

    /// <summary>How records are divided; <see langword="null"/> divides nothing.</summary>
    public SplitPlan? Plan { get; init; }

    /// <summary>The part to read; <see langword="null"/> reads all parts.</summary>
    public string? Split { get; init; }

    /// <summary>How many records to draw at most; <see langword="null"/> for all.</summary>
    public int? SampleCount { get; init; }

    /// <summary>Determines the sample and the order of each epoch.</summary>
    /// <value>0.</value>
    public ulong Seed { get; init; }

    /// <summary>Whether each epoch has an order of its own; otherwise records come in the order of the version.</summary>
    /// <value><see langword="true"/>.</value>
    public bool IsShuffled { get; init; } = true;

    /// <summary>What may be seen; <see langword="null"/> when no grant is needed, as for the owner.</summary>
    public IReadingPermit? Permit { get; init; }

    /// <summary>Throws when a value is illegal, naming every fault.</summary>
    /// <exception cref="ArgumentException">A value is outside its range, or two contradict each other.</exception>
    public void Validate()
    {
        List<string> faults = [];
        if ((RequiredConsent & ~(ConsentTerms.Training | ConsentTerms.Inference | ConsentTerms.Mining)) != 0)
        {
            faults.Add($"{nameof(RequiredConsent)} is {RequiredConsent}; only training, inference and mining are known.");
        }

        if (Split is not null && (Plan is null || !Plan.Has(Split)))
        {
            faults.Add($"{nameof(Split)} is '{Split}', which {nameof(Plan)} does not have; name one of its parts, or none.");
        }

        if (SampleCount is < 1)
        {
            faults.Add($"{nameof(SampleCount)} is {SampleCount}; it must be 1 or more.");
        }

        if (faults.Count > 0)
        {
            throw new ArgumentException(string.Join(" ", faults));
        }
    }
}
