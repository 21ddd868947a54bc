using System.Text.Json;
using System.Text.Json.Nodes;

namespace OpenLedger.Datanets.Schemas;

/// <summary>The fields of one object. Objects are closed: a member that no field names is a fault, since nobody agreed to its meaning.</summary>
internal sealed class FieldSet
{
    public const int MaxFields = 256;

    private readonly Dictionary<string, SchemaField> _byName;

    public FieldSet(IEnumerable<SchemaField> fields, string parameterName)
    {
        ArgumentNullException.ThrowIfNull(fields, parameterName);
        SchemaField[] copy = [.. fields];
        if (copy.Length is 0 or > MaxFields)
        {
            throw new ArgumentException($"An object has 1 to {MaxFields} fields, not {copy.Length}.", parameterName);
        }

        _byName = new Dictionary<string, SchemaField>(copy.Length, StringComparer.Ordinal);
        foreach (SchemaField field in copy)
        {
            if (!_byName.TryAdd(field.Name, field))
            {
                throw new ArgumentException($"The field '{field.Name}' is declared twice; declare it once.", parameterName);
            }
        }

        Fields = Array.AsReadOnly(copy);
    }

    public IReadOnlyList<SchemaField> Fields { get; }

    public int Depth => Fields.Max(static declared => declared.Type.Depth);

    public JsonArray ToDocument() => new(
        [.. Fields.Select(field => new JsonObject
        {
            ["name"] = field.Name,
            ["required"] = field.IsRequired,
            ["type"] = field.Type.ToDocument(),
        })]);

    public void Validate(JsonElement value, string path, FaultList faults)
    {
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (JsonProperty member in value.EnumerateObject())
        {
            if (faults.IsFull)
            {
                return;
            }

            string memberPath = FaultList.Member(path, member.Name);
            if (!seen.Add(member.Name))
            {
                faults.Add(SchemaFaultCode.RepeatedField, memberPath, member.Value, "each field once");
            }
            else if (_byName.TryGetValue(member.Name, out SchemaField? field))
            {
                field.Type.Validate(member.Value, memberPath, faults);
            }
            else
            {
                faults.Add(SchemaFaultCode.UnexpectedField, memberPath, member.Value, "only " + Names());
            }
        }

        foreach (SchemaField field in Fields)
        {
            if (field.IsRequired && !seen.Contains(field.Name))
            {
                faults.Add(SchemaFaultCode.MissingField, FaultList.Member(path, field.Name), "", $"the required {field.Type.Kind} field");
            }
        }
    }

    private string Names() => string.Join(", ", Fields.Take(20).Select(field => $"'{field.Name}'")) + (Fields.Count > 20 ? ", …" : "");
}
