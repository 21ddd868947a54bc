using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OpenLedger.Datanets.Canonical;

/// <summary>Reads members of an object of a document from outside; anything unexpected is a <see cref="DatanetException"/> with its path.</summary>
internal readonly struct DocumentObject
{
    private readonly JsonElement _element;
    private readonly string _path;
    private readonly DatanetError _error;

    public DocumentObject(JsonElement element, string path, DatanetError error)
    {
        _element = element;
        _path = path;
        _error = error;
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw new DatanetException(error, $"{path} is not a JSON object.");
        }
    }

    /// <summary>Refuses members that the format does not know, which would otherwise be dropped in silence.</summary>
    public void AllowOnly(params ReadOnlySpan<string> names)
    {
        foreach (JsonProperty member in _element.EnumerateObject())
        {
            if (!names.Contains(member.Name))
            {
                throw Fault(member.Name, "is not a member of this format");
            }
        }
    }

    public bool Has(string name) => _element.TryGetProperty(name, out _);

    public string Text(string name) => Member(name, JsonValueKind.String, "a string").GetString()!;

    public bool Boolean(string name)
    {
        JsonElement value = Member(name);
        return value.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => throw Fault(name, "is not true or false"),
        };
    }

    public double Double(string name) => Member(name, JsonValueKind.Number, "a number").GetDouble();

    public int Int32(string name) =>
        Member(name, JsonValueKind.Number, "a number").TryGetInt32(out int value) ? value : throw Fault(name, "is not a 32-bit integer");

    public long Int64(string name) =>
        Member(name, JsonValueKind.Number, "a number").TryGetInt64(out long value) ? value : throw Fault(name, "is not a 64-bit integer");

    public DocumentObject Object(string name) => new(Member(name), $"{_path}.{name}", _error);

    public IEnumerable<DocumentObject> Objects(string name)
    {
        string path = $"{_path}.{name}";
        DatanetError error = _error;
        return Member(name, JsonValueKind.Array, "a list").EnumerateArray()
            .Select((item, index) => new DocumentObject(item, string.Create(CultureInfo.InvariantCulture, $"{path}[{index}]"), error));
    }

    public IEnumerable<string> Texts(string name)
    {
        DocumentObject self = this;
        return Member(name, JsonValueKind.Array, "a list").EnumerateArray()
            .Select(item => item.ValueKind == JsonValueKind.String ? item.GetString()! : throw self.Fault(name, "holds an item that is not a string"));
    }

    public JsonNode? Node(string name)
    {
        JsonElement value = Member(name);
        return value.ValueKind switch
        {
            JsonValueKind.Null => null,
            JsonValueKind.Object => JsonObject.Create(value),
            JsonValueKind.Array => JsonArray.Create(value),
            _ => JsonValue.Create(value),
        };
    }

    /// <summary>All members, each of which is a string.</summary>
    public Dictionary<string, string> TextMembers()
    {
        DocumentObject self = this;
        return _element.EnumerateObject().ToDictionary(static member => member.Name, member => self.Text(member.Name), StringComparer.Ordinal);
    }

    public IEnumerable<string> Names() => _element.EnumerateObject().Select(static member => member.Name);

    public bool IsNull(string name) => Member(name).ValueKind == JsonValueKind.Null;

    public Sha256Digest Digest(string name) =>
        Sha256Digest.TryParse(Text(name), null, out Sha256Digest digest) ? digest : throw Fault(name, "is not 64 lower-case hexadecimal digits");

    public DatanetException Fault(string name, string problem) => new(_error, $"{_path}.{name} {problem}.");

    private JsonElement Member(string name) =>
        _element.TryGetProperty(name, out JsonElement value) ? value : throw Fault(name, "is missing");

    private JsonElement Member(string name, JsonValueKind kind, string description)
    {
        JsonElement value = Member(name);
        return value.ValueKind == kind ? value : throw Fault(name, $"is not {description}");
    }
}
