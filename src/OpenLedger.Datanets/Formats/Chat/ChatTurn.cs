using System.Text.Json;

namespace OpenLedger.Datanets.Formats;

/// <summary>One message of a <see cref="Conversation"/>.</summary>
public sealed record ChatTurn
{
    /// <summary>Who speaks.</summary>
    public required ChatRole Role { get; init; }

    /// <summary>What is said: text, null, or parts as OpenAI has them for pictures.</summary>
    public required JsonElement Content { get; init; }

    /// <summary>Other members of the message, such as <c>name</c>, <c>tool_calls</c>, <c>tool_call_id</c> or <c>weight</c>, in their order.</summary>
    public IReadOnlyList<KeyValuePair<string, JsonElement>> Extras { get; init; } = [];

    /// <summary>The text, or <see langword="null"/> where <see cref="Content"/> is none.</summary>
    public string? Text => Content.ValueKind == JsonValueKind.String ? Content.GetString() : null;
}
