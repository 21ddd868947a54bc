using System.Text.Json;
using System.Text.Json.Nodes;
using OpenLedger.Datanets.Records;

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

    public bool HasPrivateFields => Fields.Any(static declared => declared.IsPrivate || declared.Type.HasPrivateFields);

    public JsonArray ToDocument() => new([.. Fields.Select(ToDocument)]);

    /// <param name="value">A JSON object.</param>
    /// <param name="path">Where it stands.</param>
    /// <param name="faults">Receives every fault.</param>
    /// <param name="isSalted">Whether the object is a record that carries a salt beside its fields.</param>
    public void Validate(JsonElement value, string path, FaultList faults, bool isSalted = false)
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
            else if (isSalted && member.Name == RecordSalt.MemberName)
            {
                if (!RecordSalt.IsWellFormed(member.Value))
                {
                    faults.Add(SchemaFaultCode.MalformedSalt, memberPath, member.Value, "16 random bytes as 22 characters of base64url");
                }
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

        if (isSalted && !seen.Contains(RecordSalt.MemberName))
        {
            faults.Add(
                SchemaFaultCode.MissingSalt, FaultList.Member(path, RecordSalt.MemberName), "", "a salt, since the schema has private fields");
        }

        foreach (SchemaField field in Fields)
        {
            if (field.IsRequired && !seen.Contains(field.Name))
            {
                faults.Add(SchemaFaultCode.MissingField, FaultList.Member(path, field.Name), "", $"the required {field.Type.Kind} field");
            }
        }
    }

    private static JsonObject ToDocument(SchemaField field)
    {
        JsonObject document = new()
        {
            ["name"] = field.Name,
            ["required"] = field.IsRequired,
            ["type"] = field.Type.ToDocument(),
        };
        if (field.IsPrivate)
        {
            document["private"] = true; // written only when set: documents from before the flag keep their digest
        }

        return document;
    }

    private string Names() => string.Join(", ", Fields.Take(20).Select(field => $"'{field.Name}'")) + (Fields.Count > 20 ? ", …" : "");
}
