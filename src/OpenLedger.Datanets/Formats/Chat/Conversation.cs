using System.Text.Json;

namespace OpenLedger.Datanets.Formats;

/// <summary>What the shapes of instruction and chat data have in common: messages in their order, and the other columns of the row.</summary>
public sealed record Conversation
{
    /// <summary>The messages in their order, a system message first where there is one.</summary>
    public required IReadOnlyList<ChatTurn> Turns { get; init; }

    /// <summary>The other members of the row, such as <c>id</c> or <c>tools</c>, in their order.</summary>
    public IReadOnlyList<KeyValuePair<string, JsonElement>> Extras { get; init; } = [];
}
