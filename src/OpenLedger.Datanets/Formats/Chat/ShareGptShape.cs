using System.Text.Json;

namespace OpenLedger.Datanets.Formats;

/// <summary>The shape of the ShareGPT collections, in the spelling most tools write.</summary>
internal sealed class ShareGptShape() : RecordShape("ShareGPT")
{
    private protected override bool FitsObject(JsonElement row) =>
        row.TryGetProperty("conversations", out JsonElement turns) && turns.ValueKind == JsonValueKind.Array && turns.GetArrayLength() > 0
        && turns.EnumerateArray().All(turn => turn.ValueKind == JsonValueKind.Object && IsText(turn, "from") && turn.TryGetProperty("value", out _));

    private protected override Conversation ReadObject(JsonElement row)
    {
        List<ChatTurn> turns = [];
        bool hasSystem = IsText(row, "system") && TextOf(row, "system").Length > 0;
        if (hasSystem)
        {
            turns.Add(new ChatTurn { Role = ChatRole.System, Content = row.GetProperty("system") });
        }

        turns.AddRange(row.GetProperty("conversations").EnumerateArray().Select(turn => new ChatTurn
        {
            Role = RoleOf(TextOf(turn, "from")),
            Content = turn.GetProperty("value"),
            Extras = Others(turn, "from", "value"),
        }));
        return new Conversation { Turns = turns, Extras = hasSystem ? Others(row, "conversations", "system") : Others(row, "conversations") };
    }

    private protected override void WriteObject(Utf8JsonWriter json, Conversation conversation, List<string> losses)
    {
        losses.AddRange(conversation.Turns
            .Where(turn => turn.Content.ValueKind != JsonValueKind.String)
            .Select(_ => "A message whose content is not text is kept as it is, which few readers of this shape expect."));
        WriteTurns(json, "conversations", "from", "value", conversation.Turns, NameOf, losses);
        WriteExtras(json, conversation, losses, "conversations");
    }

    private protected override void NoteReading(JsonElement row, List<string> losses)
    {
        if (IsText(row, "system") && TextOf(row, "system").Length > 0)
        {
            losses.Add("The column 'system' becomes the first message.");
        }

        foreach (string from in row.GetProperty("conversations").EnumerateArray().Select(turn => TextOf(turn, "from")).Distinct(StringComparer.Ordinal))
        {
            if (from != NameOf(RoleOf(from)))
            {
                losses.Add($"The name '{from}' becomes '{NameOf(RoleOf(from))}'.");
            }
        }
    }

    private static ChatRole RoleOf(string from) => from switch
    {
        "system" => ChatRole.System,
        "human" or "user" => ChatRole.User,
        "gpt" or "assistant" or "chatgpt" or "bing" or "bard" or "model" or "function_call" => ChatRole.Assistant,
        "tool" or "observation" or "function_response" => ChatRole.Tool,
        _ => throw new DatanetException(DatanetError.InvalidMapping, $"The name '{(from.Length > 40 ? from[..40] : from)}' is unknown; use human, gpt, system or tool."),
    };

    private static string NameOf(ChatRole role) => role switch
    {
        ChatRole.System => "system",
        ChatRole.User => "human",
        ChatRole.Assistant => "gpt",
        _ => "tool",
    };
}
