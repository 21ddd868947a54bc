using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using OpenLedger.Datanets.Canonical;

namespace OpenLedger.Datanets.Schemas;

/// <summary>A conversation: a list of messages <c>{"role": …, "content": …}</c> as chat templates and chat APIs use them.</summary>
/// <remarks>
/// With <see cref="AllowsToolCalls"/> a message may carry <c>tool_calls</c> (a list of
/// <c>{"id", "type": "function", "function": {"name", "arguments"}}</c>, arguments as JSON text), and then no content, and a message
/// may answer one with <c>tool_call_id</c>.
/// </remarks>
public sealed class ChatField : FieldType
{
    /// <summary>Most different roles.</summary>
    public const int MaxRoles = 16;

    /// <summary>Longest role, tool name or tool call id in Unicode code points.</summary>
    public const int MaxNameLength = 100;

    /// <summary>Most tool calls of one message.</summary>
    public const int MaxToolCalls = 128;

    private const string ToolRole = "tool";
    private static readonly TextField Name = new(1, MaxNameLength);
    private static readonly EnumField CallType = new("function");

    private readonly EnumField _role;
    private readonly TextField _content;
    private readonly ListField _toolCalls;

    /// <summary>Creates the type.</summary>
    /// <param name="roles">1 to <see cref="MaxRoles"/> distinct roles of 1 to <see cref="MaxNameLength"/> characters, for example
    /// <c>system</c>, <c>user</c>, <c>assistant</c>; copied.</param>
    /// <param name="minMessages">Fewest messages; 0 or more.</param>
    /// <param name="maxMessages">Most messages; at least <paramref name="minMessages"/>.</param>
    /// <param name="maxContentLength">Most code points of one content; 1 or more. Content is never empty.</param>
    /// <exception cref="ArgumentException">The roles are none, too many, repeated or too long.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A bound is out of its range.</exception>
    public ChatField(IEnumerable<string> roles, int minMessages, int maxMessages, int maxContentLength)
    {
        ArgumentNullException.ThrowIfNull(roles);
        ArgumentOutOfRangeException.ThrowIfNegative(minMessages);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxMessages, minMessages);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxContentLength, 1);
        string[] copy = [.. roles];
        if (copy.Length is 0 or > MaxRoles || copy.Any(role => string.IsNullOrEmpty(role) || role.Length > MaxNameLength))
        {
            throw new ArgumentException($"A conversation has 1 to {MaxRoles} roles of 1 to {MaxNameLength} characters.", nameof(roles));
        }

        _role = new EnumField(copy);
        _content = new TextField(1, maxContentLength);
        _toolCalls = new ListField(
            new ObjectField(
                new SchemaField("id", Name, isRequired: true),
                new SchemaField("type", CallType, isRequired: true),
                new SchemaField(
                    "function",
                    new ObjectField(
                        new SchemaField("name", Name, isRequired: true),
                        new SchemaField("arguments", new TextField(0, maxContentLength), isRequired: true)),
                    isRequired: true)),
            1,
            MaxToolCalls);
        MinMessages = minMessages;
        MaxMessages = maxMessages;
        MaxContentLength = maxContentLength;
    }

    /// <summary>The allowed roles, in the order given.</summary>
    public IReadOnlyList<string> Roles => _role.Values;

    /// <summary>Fewest messages.</summary>
    public int MinMessages { get; }

    /// <summary>Most messages.</summary>
    public int MaxMessages { get; }

    /// <summary>Most code points of one content, and of the arguments of one tool call.</summary>
    public int MaxContentLength { get; }

    /// <summary>Whether two neighbouring messages must have different roles; answers of tools are exempt, since calls may be several.</summary>
    /// <value>The default is <see langword="false"/>.</value>
    public bool RequiresAlternation { get; init; }

    /// <summary>Whether messages may call tools and answer calls.</summary>
    /// <value>The default is <see langword="false"/>.</value>
    public bool AllowsToolCalls { get; init; }

    internal override string Kind => "chat";

    // List, message, calls, call, function.
    internal override int Depth => AllowsToolCalls ? 5 : 2;

    /// <summary>The parts, for a description in another schema language.</summary>
    internal (EnumField Role, TextField Content, TextField CallId, ListField ToolCalls) Parts => (_role, _content, Name, _toolCalls);

    internal override void Describe(JsonObject document)
    {
        document["roles"] = new JsonArray([.. Roles.Select(role => (JsonNode)JsonValue.Create(role)!)]);
        document["minMessages"] = MinMessages;
        document["maxMessages"] = MaxMessages;
        document["maxContentLength"] = MaxContentLength;
        document["alternation"] = RequiresAlternation;
        document["toolCalls"] = AllowsToolCalls;
    }

    internal override void Validate(JsonElement value, string path, FaultList faults)
    {
        string range = $"a list of {MinMessages} to {MaxMessages} messages";
        if (value.ValueKind != JsonValueKind.Array)
        {
            faults.Add(SchemaFaultCode.WrongType, path, value, range);
            return;
        }

        int count = value.GetArrayLength();
        if (count < MinMessages)
        {
            faults.Add(SchemaFaultCode.ListTooShort, path, value, range);
        }
        else if (count > MaxMessages)
        {
            faults.Add(SchemaFaultCode.ListTooLong, path, value, range);
        }

        HashSet<string> calls = new(StringComparer.Ordinal);
        string? previous = null;
        int index = 0;
        foreach (JsonElement message in value.EnumerateArray())
        {
            if (faults.IsFull)
            {
                return;
            }

            string place = string.Create(CultureInfo.InvariantCulture, $"{path}[{index++}]");
            string? role = ValidateMessage(message, place, calls, faults);
            if (RequiresAlternation && role is not null && role == previous && role != ToolRole)
            {
                faults.Add(SchemaFaultCode.RolesDoNotAlternate, place + ".role", $"'{role}' again", "another role than the message before");
            }

            previous = role;
        }
    }

    private string? ValidateMessage(JsonElement message, string path, HashSet<string> calls, FaultList faults)
    {
        if (message.ValueKind != JsonValueKind.Object)
        {
            faults.Add(SchemaFaultCode.WrongType, path, message, "a message with role and content");
            return null;
        }

        HashSet<string> seen = new(StringComparer.Ordinal);
        string? role = null;
        bool hasContent = false;
        bool hasCalls = false;
        foreach (JsonProperty member in message.EnumerateObject())
        {
            string place = FaultList.Member(path, member.Name);
            if (!seen.Add(member.Name))
            {
                faults.Add(SchemaFaultCode.RepeatedField, place, member.Value, "each field once");
            }
            else if (member.NameEquals("role"))
            {
                _role.Validate(member.Value, place, faults);
                role = member.Value.ValueKind == JsonValueKind.String ? CanonicalJson.Text(member.Value) : null;
            }
            else if (member.NameEquals("content"))
            {
                _content.Validate(member.Value, place, faults);
                hasContent = true;
            }
            else if (AllowsToolCalls && member.NameEquals("tool_calls"))
            {
                hasCalls = true;
                _toolCalls.Validate(member.Value, place, faults);
                Collect(member.Value, calls);
            }
            else if (AllowsToolCalls && member.NameEquals("tool_call_id"))
            {
                ValidateAnswer(member.Value, place, calls, faults);
            }
            else
            {
                faults.Add(SchemaFaultCode.UnexpectedField, place, member.Value, AllowsToolCalls ? "only 'role', 'content', 'tool_calls', 'tool_call_id'" : "only 'role', 'content'");
            }
        }

        if (!seen.Contains("role"))
        {
            faults.Add(SchemaFaultCode.MissingField, path + ".role", "", "the role of the message");
        }

        if (!hasContent && !hasCalls)
        {
            faults.Add(SchemaFaultCode.MissingField, path + ".content", "", AllowsToolCalls ? "content or tool calls" : "the content of the message");
        }

        return role;
    }

    private static void Collect(JsonElement toolCalls, HashSet<string> calls)
    {
        if (toolCalls.ValueKind != JsonValueKind.Array)
        {
            return;
        }

        foreach (JsonElement call in toolCalls.EnumerateArray())
        {
            if (call.ValueKind == JsonValueKind.Object && call.TryGetProperty("id", out JsonElement id) && id.ValueKind == JsonValueKind.String)
            {
                calls.Add(CanonicalJson.Text(id));
            }
        }
    }

    private static void ValidateAnswer(JsonElement value, string path, HashSet<string> calls, FaultList faults)
    {
        int before = faults.Count;
        Name.Validate(value, path, faults);
        if (faults.Count == before && !calls.Contains(CanonicalJson.Text(value)))
        {
            faults.Add(SchemaFaultCode.UnknownToolCall, path, value, "the id of a tool call in this message or before it");
        }
    }
}
