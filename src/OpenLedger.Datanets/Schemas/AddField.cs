using System.Text.Json;
using System.Text.Json.Nodes;
using OpenLedger.Datanets.Canonical;

namespace OpenLedger.Datanets.Schemas;

/// <summary>Gives a field to objects that lack it; objects that have it keep theirs.</summary>
public sealed class AddField : MigrationStep
{
    private readonly byte[] _value;

    /// <summary>Creates the step.</summary>
    /// <param name="path">The field; see <see cref="FieldPath"/>.</param>
    /// <param name="value">What it gets; not null. Copied.</param>
    /// <exception cref="ArgumentException">The path is not legal, or the value has no canonical form.</exception>
    public AddField(string path, JsonNode value)
        : base(path)
    {
        ArgumentNullException.ThrowIfNull(value);
        RefuseItems(Path, nameof(path));
        try
        {
            _value = CanonicalJson.Serialize(value);
        }
        catch (DatanetException exception)
        {
            throw new ArgumentException($"The value has no canonical form: {exception.Message}", nameof(value), exception);
        }
    }

    /// <summary>What the field gets.</summary>
    public JsonElement Value => CanonicalJson.Parse(_value);

    internal override string Kind => "add";

    private protected override void Describe(JsonObject document) => document["value"] = JsonNode.Parse(_value);

    private protected override string? Apply(JsonNode parent, string? name, int index)
    {
        JsonObject members = parent.AsObject();
        if (!members.ContainsKey(name!))
        {
            members[name!] = JsonNode.Parse(_value);
        }

        return null;
    }
}
