using System.Text.Json;
using System.Text.Json.Nodes;

namespace OpenLedger.Datanets.Manifests;

/// <summary>The members of an object of a manifest, each taken once; what nobody took is the object's rest.</summary>
internal sealed class ManifestMembers
{
    private readonly Dictionary<string, (string Name, JsonElement Value)> _members = new(StringComparer.Ordinal);
    private readonly string _path;

    public ManifestMembers(JsonElement element, string path)
    {
        _path = path;
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw new DatanetException(DatanetError.InvalidManifest, $"{path} is not a JSON object.");
        }

        foreach (JsonProperty member in element.EnumerateObject())
        {
            if (!_members.TryAdd(CroissantTerms.Short(member.Name), (member.Name, member.Value)))
            {
                throw Fault(member.Name, "occurs twice, under two spellings or one");
            }
        }
    }

    public string Path(string name) => $"{_path}.{name}";

    public JsonElement? Take(string name)
    {
        if (!_members.Remove(name, out (string Name, JsonElement Value) member) || member.Value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        return member.Value;
    }

    /// <summary>A text; numbers are taken as they are spelled.</summary>
    public string? TakeText(string name) => Take(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        { ValueKind: JsonValueKind.Number } number => number.GetRawText(),
        _ => throw Fault(name, "is not a text"),
    };

    public bool? TakeBoolean(string name) => Take(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        _ => throw Fault(name, "is not true or false"),
    };

    /// <summary>One value or a list of them, as JSON-LD allows for either.</summary>
    public IReadOnlyList<JsonElement> TakeAll(string name) => Take(name) switch
    {
        null => [],
        { ValueKind: JsonValueKind.Array } list => [.. list.EnumerateArray()],
        JsonElement single => [single],
    };

    public IReadOnlyList<string> TakeTexts(string name) =>
        [.. TakeAll(name).Select(item => item.ValueKind == JsonValueKind.String ? item.GetString()! : throw Fault(name, "holds an item that is not a text"))];

    /// <summary>References: texts, or objects with an <c>@id</c> only.</summary>
    public IReadOnlyList<string> TakeIds(string name) => [.. TakeAll(name).Select(item => Id(item) ?? throw Fault(name, "holds an item that is not a reference"))];

    public string? TakeId(string name) => TakeIds(name) switch
    {
        [] => null,
        [string id] => id,
        _ => throw Fault(name, "holds several references instead of one"),
    };

    /// <summary>What nobody took, under the names of the document.</summary>
    public JsonObject Rest() => new(_members.Values.Select(member => KeyValuePair.Create(member.Name, JsonNode.Parse(member.Value.GetRawText()))));

    public IEnumerable<string> Names => _members.Keys;

    public DatanetException Fault(string name, string problem) => new(DatanetError.InvalidManifest, $"{_path}.{name} {problem}.");

    private static string? Id(JsonElement item) => item.ValueKind switch
    {
        JsonValueKind.String => item.GetString(),
        JsonValueKind.Object when item.TryGetProperty("@id", out JsonElement id) && id.ValueKind == JsonValueKind.String && item.GetPropertyCount() == 1 => id.GetString(),
        _ => null,
    };
}
