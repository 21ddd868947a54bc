using System.Text.Json;

namespace OpenLedger.Datanets.Formats;

/// <summary>Two columns of text: what the model reads and what it is to write.</summary>
internal sealed class PromptCompletionShape() : RecordShape("prompt and completion")
{
    private protected override bool FitsObject(JsonElement row) => IsText(row, "prompt") && IsText(row, "completion");

    private protected override Conversation ReadObject(JsonElement row) => new()
    {
        Turns =
        [
            new ChatTurn { Role = ChatRole.User, Content = row.GetProperty("prompt") },
            new ChatTurn { Role = ChatRole.Assistant, Content = row.GetProperty("completion") },
        ],
        Extras = Others(row, "prompt", "completion"),
    };

    private protected override void WriteObject(Utf8JsonWriter json, Conversation conversation, List<string> losses)
    {
        if (conversation.Turns is not [{ Role: ChatRole.User, Text: { } prompt } user, { Role: ChatRole.Assistant, Text: { } completion } assistant])
        {
            throw new DatanetException(DatanetError.InvalidMapping, "Prompt and completion hold one text of the user and one of the assistant; the conversation has others.");
        }

        losses.AddRange(user.Extras.Concat(assistant.Extras).Select(extra => $"The member '{extra.Key}' of a message has no place in this shape."));
        json.WriteString("prompt", prompt);
        json.WriteString("completion", completion);
        WriteExtras(json, conversation, losses, "prompt", "completion");
    }
}
