using System.Text.Json;
using System.Text.Json.Nodes;

namespace OpenLedger.Datanets.Schemas;

/// <summary>True or false.</summary>
public sealed class BooleanField : FieldType
{
    internal override string Kind => "boolean";

    internal override void Describe(JsonObject document)
    {
    }

    internal override void Validate(JsonElement value, string path, FaultList faults)
    {
        if (value.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
        {
            faults.Add(SchemaFaultCode.WrongType, path, value, "true or false");
        }
    }
}
