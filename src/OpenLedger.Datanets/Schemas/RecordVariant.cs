using System.Text.Json;
using System.Text.Json.Nodes;

namespace OpenLedger.Datanets.Schemas;

/// <summary>One of the shapes a record may have, for example question and answer, or running text.</summary>
public sealed class RecordVariant
{
    private readonly FieldSet _fields;

    /// <summary>Creates a variant.</summary>
    /// <param name="name">1 to 100 characters; distinct within the schema.</param>
    /// <param name="fields">1 to 256 fields with distinct names; copied.</param>
    /// <exception cref="ArgumentException">The name is empty or too long, or the fields are none, too many or repeated.</exception>
    public RecordVariant(string name, params IEnumerable<SchemaField> fields)
    {
        SchemaName.ThrowIfInvalid(name, nameof(name));
        Name = name;
        _fields = new FieldSet(fields, nameof(fields));
    }

    /// <summary>The name by which people and programs tell variants apart.</summary>
    public string Name { get; }

    /// <summary>The fields in the order given.</summary>
    public IReadOnlyList<SchemaField> Fields => _fields.Fields;

    internal int Depth => _fields.Depth;

    internal bool HasPrivateFields => _fields.HasPrivateFields;

    internal JsonObject ToDocument() => new() { ["name"] = Name, ["fields"] = _fields.ToDocument() };

    internal FaultList Validate(JsonElement record, bool isSalted)
    {
        FaultList faults = new();
        _fields.Validate(record, "$", faults, isSalted);
        return faults;
    }
}
