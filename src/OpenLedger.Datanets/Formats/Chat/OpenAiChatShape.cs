using System.Text.Json;

namespace OpenLedger.Datanets.Formats;

/// <summary>The shape of the OpenAI fine-tuning and chat interfaces.</summary>
internal sealed class OpenAiChatShape() : RecordShape("OpenAI chat")
{
    private protected override bool FitsObject(JsonElement row) =>
        row.TryGetProperty("messages", out JsonElement messages) && messages.ValueKind == JsonValueKind.Array && messages.GetArrayLength() > 0
        && messages.EnumerateArray().All(message => message.ValueKind == JsonValueKind.Object && IsText(message, "role"));

    private protected override Conversation ReadObject(JsonElement row) => new()
    {
        Turns = [.. row.GetProperty("messages").EnumerateArray().Select(ReadTurn)],
        Extras = Others(row, "messages"),
    };

    private protected override void WriteObject(Utf8JsonWriter json, Conversation conversation, List<string> losses)
    {
        WriteTurns(json, "messages", "role", "content", conversation.Turns, NameOf, losses);
        WriteExtras(json, conversation, losses, "messages");
    }

    private protected override void NoteReading(JsonElement row, List<string> losses)
    {
        foreach (string role in row.GetProperty("messages").EnumerateArray().Select(message => TextOf(message, "role")).Distinct(StringComparer.Ordinal))
        {
            if (role is "developer" or "function")
            {
                losses.Add($"The role '{role}' becomes '{NameOf(RoleOf(role))}'.");
            }
        }
    }

    private static ChatTurn ReadTurn(JsonElement message)
    {
        bool hasContent = message.TryGetProperty("content", out JsonElement content); // calls of tools may have none
        return new ChatTurn
        {
            Role = RoleOf(TextOf(message, "role")),
            Content = hasContent ? content : JsonElement.Parse("null"u8),
            Extras = Others(message, "role", "content"),
        };
    }

    private static ChatRole RoleOf(string role) => role switch
    {
        "system" or "developer" => ChatRole.System,
        "user" => ChatRole.User,
        "assistant" => ChatRole.Assistant,
        "tool" or "function" => ChatRole.Tool,
        _ => throw new DatanetException(DatanetError.InvalidMapping, $"The role '{(role.Length > 40 ? role[..40] : role)}' is unknown; use system, user, assistant or tool."),
    };

    private static string NameOf(ChatRole role) => role switch
    {
        ChatRole.System => "system",
        ChatRole.User => "user",
        ChatRole.Assistant => "assistant",
        _ => "tool",
    };
}
