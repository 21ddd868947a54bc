using System.Text.Json;
using System.Text.Json.Nodes;

namespace OpenLedger.Datanets.Schemas;

/// <summary>An object with fields of its own; members that no field names are refused.</summary>
public sealed class ObjectField : FieldType
{
    private readonly FieldSet _fields;

    /// <summary>Creates the type.</summary>
    /// <param name="fields">1 to 256 fields with distinct names; copied.</param>
    /// <exception cref="ArgumentException">There are none, too many, or a name occurs twice.</exception>
    public ObjectField(params IEnumerable<SchemaField> fields) => _fields = new FieldSet(fields, nameof(fields));

    /// <summary>The fields in the order given.</summary>
    public IReadOnlyList<SchemaField> Fields => _fields.Fields;

    internal override string Kind => "object";

    internal override int Depth => 1 + _fields.Depth;

    internal override bool HasPrivateFields => _fields.HasPrivateFields;

    internal override void Describe(JsonObject document) => document["fields"] = _fields.ToDocument();

    internal override void Validate(JsonElement value, string path, FaultList faults)
    {
        if (value.ValueKind == JsonValueKind.Object)
        {
            _fields.Validate(value, path, faults);
        }
        else
        {
            faults.Add(SchemaFaultCode.WrongType, path, value, "an object");
        }
    }
}
