namespace OpenLedger.Datanets.Privacy;

/// <summary>What a <see cref="PersonalDataAnonymizer"/> does with each entity.</summary>
public sealed record AnonymizerOptions
{
    /// <summary>What becomes of entities that <see cref="Operators"/> does not name.</summary>
    /// <value><see cref="PersonalDataOperator.Redact"/>.</value>
    public PersonalDataOperator Default { get; init; } = PersonalDataOperator.Redact;

    /// <summary>What becomes of single entities.</summary>
    /// <value>Empty.</value>
    public IReadOnlyDictionary<PersonalDataEntity, PersonalDataOperator> Operators { get; init; } =
        new Dictionary<PersonalDataEntity, PersonalDataOperator>();

    /// <summary>Throws when a value is illegal, naming every fault.</summary>
    /// <exception cref="ArgumentException">An operator is missing.</exception>
    public void Validate()
    {
        List<string> faults = [];
        if (Default is null)
        {
            faults.Add($"{nameof(Default)} must not be null; use {nameof(PersonalDataOperator)}.{nameof(PersonalDataOperator.Keep)} to leave values.");
        }

        if (Operators is null || Operators.Any(entry => entry.Value is null))
        {
            faults.Add($"{nameof(Operators)} must map entities to operators that are not null.");
        }

        if (faults.Count > 0)
        {
            throw new ArgumentException(string.Join(" ", faults));
        }
    }
}
