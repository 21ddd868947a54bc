using System.Text.Json;

namespace OpenLedger.Datanets.Schemas;

/// <summary>Collects faults, at most <see cref="DatanetSchema.MaxFaults"/>, so that a hostile record cannot fill the memory.</summary>
internal sealed class FaultList
{
    private const int MaxValueLength = 80;

    private readonly List<SchemaFault> _faults = [];

    public IReadOnlyList<SchemaFault> Faults => _faults;

    public int Count => _faults.Count;

    public bool IsFull => _faults.Count > DatanetSchema.MaxFaults;

    public void Add(SchemaFaultCode code, string path, JsonElement value, string expected) =>
        Add(code, path, value.ValueKind == JsonValueKind.Undefined ? "" : Excerpt(value), expected);

    public void Add(SchemaFaultCode code, string path, string value, string expected)
    {
        if (_faults.Count < DatanetSchema.MaxFaults)
        {
            _faults.Add(new SchemaFault(code, path, value, expected));
        }
        else if (_faults.Count == DatanetSchema.MaxFaults)
        {
            _faults.Add(new SchemaFault(SchemaFaultCode.TooManyFaults, "$", "", $"at most {DatanetSchema.MaxFaults} faults are listed"));
        }
    }

    public static string Member(string path, string name) =>
        name.Length > 0 && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_')
            ? $"{path}.{name}"
            : $"{path}[{JsonSerializer.Serialize(Excerpt(name))}]";

    private static string Excerpt(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => $"a list of {value.GetArrayLength()}",
        _ => Excerpt(value.GetRawText()),
    };

    private static string Excerpt(string text)
    {
        if (text.Length <= MaxValueLength)
        {
            return text;
        }

        int end = char.IsHighSurrogate(text[MaxValueLength - 1]) ? MaxValueLength - 1 : MaxValueLength;
        return text[..end] + "…";
    }
}
