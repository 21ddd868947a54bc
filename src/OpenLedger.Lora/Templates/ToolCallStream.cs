using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace OpenLedger.Lora.Templates;

/// <summary>Tells text from calls while an answer is written; text that may become a call is held back. Not thread-safe.</summary>
internal sealed class ToolCallStream
{
    private const int MaxCallLength = 1 << 20;
    private const int MaxDepth = 32;

    // Every attempt looks at the text that is left once more, so their number bounds the time.
    private const int MaxAttempts = 256;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = MaxDepth, AllowDuplicateProperties = false };

    private readonly ToolCallSyntax _syntax;
    private readonly IReadOnlyCollection<string>? _toolNames;
    private readonly Func<int, string> _createCallId;

    // Text that may still be a call or the beginning of a marker.
    private readonly StringBuilder _pending = new();
    private State _state;
    private int _valueStart;
    private int _scanned;
    private int _depth;
    private bool _isInText;
    private bool _isEscaped;
    private int _attempts;
    private string _name = "";

    public ToolCallStream(ToolCallSyntax syntax, IReadOnlyCollection<string>? toolNames, Func<int, string> createCallId)
    {
        _syntax = syntax;
        _toolNames = toolNames;
        _createCallId = createCallId;
        _state = syntax == ToolCallSyntax.None ? State.Text : State.Search;
    }

    private enum State
    {
        /// <summary>Nothing that follows can be a call.</summary>
        Text,

        /// <summary>Looking for a marker, or at the beginning of an answer where a call may stand.</summary>
        Search,

        /// <summary>Inside the JSON of a call.</summary>
        Value,

        /// <summary>Behind a call, where white space and an end marker are no text.</summary>
        After,
    }

    public int CallCount { get; private set; }

    /// <summary>Control tokens that a client must pass on as text, because they begin or end calls.</summary>
    public static IReadOnlyList<string> Markers(ToolCallSyntax syntax) => syntax switch
    {
        ToolCallSyntax.Hermes => ["<tool_call>", "</tool_call>"],
        ToolCallSyntax.Llama3 => ["<|python_tag|>"],
        ToolCallSyntax.Mistral => ["[TOOL_CALLS]"],
        _ => [],
    };

    public IEnumerable<AIContent> Push(string text)
    {
        _pending.Append(text);
        List<AIContent> contents = [];
        while (_pending.Length > 0 && (_state switch
        {
            State.Text => Emit(contents, _pending.Length),
            State.Search => Search(contents),
            State.After => SkipEnd(),
            _ => ReadValue(contents),
        }))
        {
        }

        return contents;
    }

    /// <summary>Ends the answer: a call that is complete but for its end marker counts, anything else is text.</summary>
    public IEnumerable<AIContent> Finish()
    {
        List<AIContent> contents = [];
        if (_state != State.After || !"</tool_call>".StartsWith(_pending.ToString(), StringComparison.Ordinal))
        {
            Emit(contents, _pending.Length);
        }

        return contents;
    }

    private bool Search(List<AIContent> contents) => _syntax switch
    {
        ToolCallSyntax.Hermes => SearchMarker(contents, "<tool_call>"),
        ToolCallSyntax.Mistral => SearchMarker(contents, "[TOOL_CALLS]"),
        ToolCallSyntax.Llama3 => SearchObject(contents),
        _ => SearchName(contents),
    };

    private bool SearchMarker(List<AIContent> contents, string marker)
    {
        string text = _pending.ToString();
        int at = text.IndexOf(marker, StringComparison.Ordinal);
        if (at < 0)
        {
            int held = Enumerable.Range(1, Math.Min(marker.Length - 1, text.Length))
                .LastOrDefault(n => text.EndsWith(marker[..n], StringComparison.Ordinal));

            // White space before a marker belongs to it, so it waits for what comes.
            int end = text.Length - held;
            while (end > 0 && char.IsWhiteSpace(text[end - 1]))
            {
                end--;
            }

            return end > 0 && Emit(contents, end);
        }

        Emit(contents, at - (at - text.AsSpan(0, at).TrimEnd().Length));
        int start = _pending.ToString().IndexOf(marker, StringComparison.Ordinal) + marker.Length;
        while (start < _pending.Length && char.IsWhiteSpace(_pending[start]))
        {
            start++;
        }

        return start < _pending.Length && BeginValue(contents, start, marker == "[TOOL_CALLS]" ? '[' : '{');
    }

    private bool SearchObject(List<AIContent> contents)
    {
        string text = _pending.ToString();
        ReadOnlySpan<char> rest = text.AsSpan().TrimStart(CallCount > 0 ? " \t\r\n;" : " \t\r\n");
        const string Marker = "<|python_tag|>";
        if (rest.StartsWith(Marker, StringComparison.Ordinal))
        {
            rest = rest[Marker.Length..].TrimStart();
        }
        else if (Marker.AsSpan().StartsWith(rest, StringComparison.Ordinal))
        {
            return false;
        }

        return !rest.IsEmpty && BeginValue(contents, text.Length - rest.Length, '{');
    }

    private bool SearchName(List<AIContent> contents)
    {
        string text = _pending.ToString();
        ReadOnlySpan<char> rest = text.AsSpan().TrimStart();
        int line = rest.IndexOf('\n');
        string name = (line < 0 ? rest : rest[..line]).TrimEnd().ToString();
        bool mayBeName = name.Length <= 64 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.')
            && (_toolNames?.Any(t => line < 0 ? t.StartsWith(name, StringComparison.Ordinal) : t == name) ?? true);
        if (!mayBeName || (line >= 0 && name.Length == 0))
        {
            _state = State.Text;
            return true;
        }

        if (line < 0)
        {
            return false;
        }

        _name = name;
        ReadOnlySpan<char> value = rest[line..].TrimStart();
        return !value.IsEmpty && BeginValue(contents, text.Length - value.Length, '{');
    }

    private bool BeginValue(List<AIContent> contents, int start, char open)
    {
        if (_pending[start] != open)
        {
            return GiveUp(contents, start);
        }

        _state = State.Value;
        _valueStart = start;
        _scanned = start;
        _depth = 0;
        _isInText = false;
        _isEscaped = false;
        return true;
    }

    private bool ReadValue(List<AIContent> contents)
    {
        // A chunk-wise copy: indexing a StringBuilder is slow when it has many pieces.
        string added = _pending.ToString(_scanned, _pending.Length - _scanned);
        foreach (char c in added)
        {
            _scanned++;
            if (_isInText)
            {
                _isInText = _isEscaped || c != '"';
                _isEscaped = !_isEscaped && c == '\\';
            }
            else if (c == '"')
            {
                _isInText = true;
            }
            else if (c is '{' or '[')
            {
                _depth++;
            }
            else if (c is '}' or ']' && --_depth == 0)
            {
                return EndValue(contents);
            }
        }

        if (_scanned - _valueStart > MaxCallLength)
        {
            _state = State.Text;
            return true;
        }

        return false;
    }

    /// <summary>What looked like a call is text; where a marker begins calls, another may follow.</summary>
    private bool GiveUp(List<AIContent> contents, int length)
    {
        _state = _syntax == ToolCallSyntax.Hermes && ++_attempts < MaxAttempts ? State.Search : State.Text;
        return Emit(contents, length);
    }

    private bool SkipEnd()
    {
        const string End = "</tool_call>";
        string text = _pending.ToString().TrimStart();
        _pending.Clear().Append(text);
        bool hasEnd = _syntax == ToolCallSyntax.Hermes;
        if (text.Length == 0 || (hasEnd && text.Length < End.Length && End.StartsWith(text, StringComparison.Ordinal)))
        {
            return false;
        }

        if (hasEnd && text.StartsWith(End, StringComparison.Ordinal))
        {
            _pending.Clear().Append(text.AsSpan(End.Length).TrimStart());
        }

        _state = _syntax is ToolCallSyntax.Hermes or ToolCallSyntax.Llama3 && ++_attempts < MaxAttempts ? State.Search : State.Text;
        return true;
    }

    private bool EndValue(List<AIContent> contents)
    {
        List<FunctionCallContent>? calls = ReadCalls(_pending.ToString(_valueStart, _scanned - _valueStart));
        if (calls is null)
        {
            return GiveUp(contents, _scanned);
        }

        _pending.Remove(0, _scanned);
        contents.AddRange(calls);
        _state = State.After;
        return true;
    }

    private List<FunctionCallContent>? ReadCalls(string json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json, Strict);
            JsonElement root = document.RootElement;
            List<FunctionCallContent> calls = [];
            foreach (JsonElement item in root.ValueKind == JsonValueKind.Array ? [.. root.EnumerateArray()] : new[] { root })
            {
                if (ReadCall(item, calls.Count) is not { } call)
                {
                    return null;
                }

                calls.Add(call);
            }

            CallCount += calls.Count;
            return calls.Count > 0 ? calls : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // A lone surrogate in a string is found only when it is read, with the second of these.
            return null;
        }
    }

    private FunctionCallContent? ReadCall(JsonElement item, int offset)
    {
        if (item.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        bool isNamed = _syntax != ToolCallSyntax.Glm4;
        string? name = isNamed ? item.TryGetProperty("name", out JsonElement text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null : _name;
        bool mustBeKnown = _syntax is ToolCallSyntax.Llama3 or ToolCallSyntax.Glm4;
        if (string.IsNullOrEmpty(name) || (mustBeKnown && _toolNames is not null && !_toolNames.Contains(name)))
        {
            return null;
        }

        JsonElement arguments = item;
        if (isNamed && !item.TryGetProperty(_syntax == ToolCallSyntax.Llama3 ? "parameters" : "arguments", out arguments)
            && !item.TryGetProperty(_syntax == ToolCallSyntax.Llama3 ? "arguments" : "parameters", out arguments))
        {
            return null;
        }

        if (arguments.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        string id = isNamed && item.TryGetProperty("id", out JsonElement given) && given.ValueKind == JsonValueKind.String && given.GetString() is { Length: > 0 and <= 64 } own
            ? own : _createCallId(CallCount + offset);
        Dictionary<string, object?> values = new(StringComparer.Ordinal);
        foreach (JsonProperty argument in arguments.EnumerateObject())
        {
            values[argument.Name] = argument.Value.Clone();
        }

        return new FunctionCallContent(id, name, values);
    }

    private bool Emit(List<AIContent> contents, int length)
    {
        string text = _pending.ToString(0, length);
        _pending.Remove(0, length);
        if (text.Length > 0)
        {
            contents.Add(new TextContent(text));
        }

        return true;
    }
}
