using System.Text.Json;

namespace OpenLedger.Lora.Tokenization;

/// <summary>One value of a JSON file together with its place, so that a fault can name it.</summary>
internal sealed class JsonField(JsonElement element, string path, string name)
{
    public JsonValueKind Kind => element.ValueKind;

    public void RequireKind(JsonValueKind kind)
    {
        if (element.ValueKind != kind)
        {
            throw Fault(TokenizerFormatError.InvalidField, $"must be {kind}, but is {element.ValueKind}");
        }
    }

    /// <summary>A member of this object; an absent member and JSON null are the same to the format.</summary>
    public JsonField? Optional(string member)
    {
        RequireKind(JsonValueKind.Object);
        JsonElement value = Read(() => element.TryGetProperty(member, out JsonElement found) ? found : default);
        return value.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null ? null : new JsonField(value, path, $"{name}.{member}");
    }

    public JsonField Required(string member) =>
        Optional(member) ?? throw Fault(TokenizerFormatError.InvalidField, $"must have the member '{member}'");

    public IEnumerable<(string Name, JsonField Value)> Members()
    {
        RequireKind(JsonValueKind.Object);
        foreach (JsonProperty property in element.EnumerateObject())
        {
            string member = Read(() => property.Name);
            yield return (member, new JsonField(property.Value, path, $"{name}.{member}"));
        }
    }

    public IEnumerable<JsonField> Items()
    {
        RequireKind(JsonValueKind.Array);
        int index = 0;
        foreach (JsonElement item in element.EnumerateArray())
        {
            yield return new JsonField(item, path, $"{name}[{index++}]");
        }
    }

    public string Text()
    {
        RequireKind(JsonValueKind.String);
        return Read(() => element.GetString()!);
    }

    public bool Flag(string member, bool absent) => Optional(member) switch
    {
        null => absent,
        { Kind: JsonValueKind.True } => true,
        { Kind: JsonValueKind.False } => false,
        { } other => throw other.Fault(TokenizerFormatError.InvalidField, $"must be true or false, but is {other.Kind}"),
    };

    public int NonNegativeInteger() => element.ValueKind == JsonValueKind.Number && element.TryGetInt32(out int value) && value >= 0
        ? value
        : throw Fault(TokenizerFormatError.InvalidField, $"must be a whole number from 0 to {int.MaxValue}");

    public float Single() => element.ValueKind == JsonValueKind.Number && element.TryGetSingle(out float value) && float.IsFinite(value)
        ? value
        : throw Fault(TokenizerFormatError.InvalidField, "must be a finite number");

    public TokenizerFormatException Unsupported(string component) =>
        Fault(TokenizerFormatError.UnsupportedComponent, $"{component} is not supported");

    public TokenizerFormatException Fault(TokenizerFormatError error, string reason) => new(error, $"'{path}': {name}: {reason}.");

    private T Read<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (InvalidOperationException exception)
        {
            // The document is parsed before escapes are: an escaped lone surrogate or invalid UTF-8 shows only here.
            throw new TokenizerFormatException(TokenizerFormatError.MalformedFile, $"'{path}': {name} holds text that is not valid Unicode.", exception);
        }
    }
}
