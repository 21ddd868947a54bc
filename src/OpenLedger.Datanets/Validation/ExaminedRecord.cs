using System.Text.Json;
using OpenLedger.Datanets.Records;

namespace OpenLedger.Datanets.Validation;

/// <summary>A record as the rules see it: its texts and the parts they play. Belongs to one validation; not safe for concurrent use.</summary>
public sealed class ExaminedRecord
{
    private readonly List<RecordText> _texts = [];
    private readonly List<RecordText> _body = [];
    private readonly Dictionary<string, RecordText> _top = new(StringComparer.Ordinal); // so that a text is one object, split into words once

    internal ExaminedRecord(DatanetRecord record, RecordFields fields)
    {
        Record = record;
        foreach (JsonProperty member in record.Element.EnumerateObject())
        {
            int before = _texts.Count;
            Walk(member.Value, TextPath.Root.Member(member.Name));
            if (member.Value.ValueKind == JsonValueKind.String)
            {
                _top[member.Name] = _texts[before];
            }
        }

        AddBody(fields.Body);
        Question = Find(fields.Question);
        Context = Find(fields.Context);
        Answer = Find(fields.Answer);
        Turns = FindTurns(fields.Turns);
    }

    /// <summary>The record.</summary>
    public DatanetRecord Record { get; }

    /// <summary>Every text of the record at any depth, in canonical order of the members; names of members are not texts.</summary>
    public IReadOnlyList<RecordText> Texts => _texts;

    /// <summary>The texts that carry the record; see <see cref="RecordFields.Body"/>.</summary>
    public IReadOnlyList<RecordText> Body => _body;

    /// <summary>What is asked, or <see langword="null"/>.</summary>
    public RecordText? Question { get; }

    /// <summary>What the question is about, or <see langword="null"/>.</summary>
    public RecordText? Context { get; }

    /// <summary>What is answered, or <see langword="null"/>.</summary>
    public RecordText? Answer { get; }

    /// <summary>The conversation, or <see langword="null"/> when the record holds none.</summary>
    public IReadOnlyList<ChatTurn>? Turns { get; }

    private void Walk(JsonElement element, TextPath path)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.String:
                _texts.Add(new RecordText(path, element.GetString()!));
                break;
            case JsonValueKind.Object:
                foreach (JsonProperty member in element.EnumerateObject())
                {
                    Walk(member.Value, path.Member(member.Name));
                }

                break;
            case JsonValueKind.Array:
                int index = 0;
                foreach (JsonElement item in element.EnumerateArray())
                {
                    Walk(item, path.Item(index++));
                }

                break;
            default:
                break;
        }
    }

    private void AddBody(IReadOnlyList<string> names)
    {
        foreach (string name in names)
        {
            if (_top.TryGetValue(name, out RecordText? text))
            {
                _body.Add(text);
            }
        }

        if (_body.Count == 0)
        {
            _body.AddRange(_texts);
        }
    }

    private RecordText? Find(IReadOnlyList<string> names)
    {
        foreach (string name in names)
        {
            if (_top.TryGetValue(name, out RecordText? text))
            {
                return text;
            }

            if (Record.Element.TryGetProperty(name, out JsonElement member)
                && member.ValueKind is JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False)
            {
                return new RecordText(TextPath.Root.Member(name), member.GetRawText());
            }
        }

        return null;
    }

    private List<ChatTurn>? FindTurns(IReadOnlyList<string> names)
    {
        foreach (string name in names)
        {
            if (Record.Element.TryGetProperty(name, out JsonElement member) && member.ValueKind == JsonValueKind.Array)
            {
                TextPath list = TextPath.Root.Member(name);
                return [.. member.EnumerateArray().Select((turn, index) => Turn(turn, list.Item(index)))];
            }
        }

        return null;
    }

    private static ChatTurn Turn(JsonElement turn, TextPath path)
    {
        if (turn.ValueKind == JsonValueKind.String)
        {
            return new ChatTurn(null, new RecordText(path, turn.GetString()!), path.ToString());
        }

        string? role = null;
        RecordText? content = null;
        if (turn.ValueKind == JsonValueKind.Object)
        {
            role = Member(turn, "role") ?? Member(turn, "from");
            foreach (string name in (ReadOnlySpan<string>)["content", "value", "text"])
            {
                if (content is null && Member(turn, name) is string text)
                {
                    content = new RecordText(path.Member(name), text);
                }
            }
        }

        return new ChatTurn(role is null ? null : Translate(role), content, path.ToString());
    }

    // OpenAI and ShareGPT spellings of the same roles.
    private static string Translate(string role) => role switch
    {
        "human" => "user",
        "gpt" or "bot" or "model" or "chatgpt" => "assistant",
        "function" or "observation" or "function_call" => "tool",
        _ => role,
    };

    private static string? Member(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement member) && member.ValueKind == JsonValueKind.String ? member.GetString() : null;
}
