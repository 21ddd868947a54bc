namespace OpenLedger.Datanets.Privacy;

/// <summary>Numbers the different values of each entity in the order in which they come, from 1.</summary>
internal sealed class ValueOrdinals
{
    private readonly Dictionary<(PersonalDataEntity Entity, string Value), int> _ordinals = [];
    private readonly Dictionary<PersonalDataEntity, int> _counts = [];

    public int Of(PersonalDataEntity entity, string value)
    {
        if (!_ordinals.TryGetValue((entity, value), out int ordinal))
        {
            ordinal = _counts.GetValueOrDefault(entity) + 1;
            _counts[entity] = ordinal;
            _ordinals.Add((entity, value), ordinal);
        }

        return ordinal;
    }
}
