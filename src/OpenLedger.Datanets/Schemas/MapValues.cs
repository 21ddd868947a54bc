using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OpenLedger.Datanets.Schemas;

/// <summary>Replaces texts of an enumeration by others; texts that are not named stay.</summary>
public sealed class MapValues : MigrationStep
{
    private readonly FrozenDictionary<string, string> _values;

    /// <summary>Creates the step.</summary>
    /// <param name="path">The field, or with <c>*</c> the items of a list; see <see cref="FieldPath"/>.</param>
    /// <param name="values">Old texts and their new ones: 1 to <see cref="EnumField.MaxValues"/>; copied.</param>
    /// <exception cref="ArgumentException">The path is not legal, or the values are none or too many.</exception>
    public MapValues(string path, IReadOnlyDictionary<string, string> values)
        : base(path)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.Count is 0 or > EnumField.MaxValues || values.Values.Any(static value => value is null))
        {
            throw new ArgumentException($"1 to {EnumField.MaxValues} values can be mapped, none to null; here are {values.Count}.", nameof(values));
        }

        _values = values.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>Old texts and their new ones.</summary>
    public IReadOnlyDictionary<string, string> Values => _values;

    internal override string Kind => "map";

    private protected override void Describe(JsonObject document) =>
        document["values"] = new JsonObject(_values.Select(static pair => KeyValuePair.Create(pair.Key, (JsonNode?)JsonValue.Create(pair.Value))));

    private protected override string? Apply(JsonNode parent, string? name, int index)
    {
        if (Get(parent, name, index) is JsonNode value && value.GetValueKind() == JsonValueKind.String
            && _values.TryGetValue(value.GetValue<string>(), out string? mapped))
        {
            Set(parent, name, index, mapped);
        }

        return null;
    }
}
