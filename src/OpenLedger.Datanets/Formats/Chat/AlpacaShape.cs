using System.Text.Json;

namespace OpenLedger.Datanets.Formats;

/// <summary>The shape of Stanford Alpaca, with the columns <c>system</c> and <c>history</c> that LLaMA-Factory added.</summary>
/// <remarks>
/// Only one boundary has no place in a conversation: that of <c>instruction</c> and <c>input</c>, which become one message with a line break between.
/// </remarks>
internal sealed class AlpacaShape() : RecordShape("Alpaca")
{
    private protected override bool FitsObject(JsonElement row) =>
        IsText(row, "instruction") && IsText(row, "output") && IsTextOrAbsent(row, "input") && IsTextOrAbsent(row, "system")
        && (!row.TryGetProperty("history", out JsonElement history) || history.ValueKind == JsonValueKind.Null
            || (history.ValueKind == JsonValueKind.Array && history.EnumerateArray().All(IsPair)));

    private protected override Conversation ReadObject(JsonElement row)
    {
        List<ChatTurn> turns = [];
        if (TextOf(row, "system").Length > 0)
        {
            turns.Add(new ChatTurn { Role = ChatRole.System, Content = row.GetProperty("system") });
        }

        if (row.TryGetProperty("history", out JsonElement history) && history.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement pair in history.EnumerateArray())
            {
                turns.Add(new ChatTurn { Role = ChatRole.User, Content = pair[0] });
                turns.Add(new ChatTurn { Role = ChatRole.Assistant, Content = pair[1] });
            }
        }

        string input = TextOf(row, "input");
        JsonElement instruction = row.GetProperty("instruction");
        turns.Add(new ChatTurn { Role = ChatRole.User, Content = input.Length == 0 ? instruction : ToElement($"{instruction.GetString()}\n{input}") });
        turns.Add(new ChatTurn { Role = ChatRole.Assistant, Content = row.GetProperty("output") });
        return new Conversation { Turns = turns, Extras = Others(row, "instruction", "input", "output", "system", "history") };
    }

    private protected override void WriteObject(Utf8JsonWriter json, Conversation conversation, List<string> losses)
    {
        List<ChatTurn> turns = [.. conversation.Turns];
        string? system = null;
        if (turns is [{ Role: ChatRole.System, Text: { } text }, ..])
        {
            system = text;
            NoteExtras(turns[0], losses);
            turns.RemoveAt(0);
        }

        bool isAlternating = turns.Count >= 2 && turns.Count % 2 == 0
            && turns.Select((turn, i) => turn.Text is not null && turn.Role == (i % 2 == 0 ? ChatRole.User : ChatRole.Assistant)).All(fits => fits);
        if (!isAlternating)
        {
            throw new DatanetException(
                DatanetError.InvalidMapping, "Alpaca holds text of user and assistant by turns, ending with the assistant; the conversation has another order or tools.");
        }

        turns.ForEach(turn => NoteExtras(turn, losses));
        json.WriteString("instruction", turns[^2].Text);
        json.WriteString("input", "");
        json.WriteString("output", turns[^1].Text);
        if (system is not null)
        {
            json.WriteString("system", system);
        }

        if (turns.Count > 2)
        {
            json.WriteStartArray("history");
            for (int i = 0; i < turns.Count - 2; i += 2)
            {
                json.WriteStartArray();
                json.WriteStringValue(turns[i].Text);
                json.WriteStringValue(turns[i + 1].Text);
                json.WriteEndArray();
            }

            json.WriteEndArray();
        }

        WriteExtras(json, conversation, losses, "instruction", "input", "output", "system", "history");
    }

    private protected override void NoteReading(JsonElement row, List<string> losses)
    {
        if (TextOf(row, "input").Length > 0)
        {
            losses.Add("The boundary between instruction and input is a line break now.");
        }

        foreach (string name in (ReadOnlySpan<string>)["system", "history"])
        {
            bool isEmpty = row.TryGetProperty(name, out JsonElement value)
                && (value.ValueKind == JsonValueKind.Null || (value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 0) || (name == "system" && TextOf(row, name).Length == 0));
            if (isEmpty)
            {
                losses.Add($"The empty column '{name}' is left out.");
            }
        }

        if (!IsText(row, "input"))
        {
            losses.Add("An absent input comes back as an empty one.");
        }
    }

    private static bool IsPair(JsonElement pair) =>
        pair.ValueKind == JsonValueKind.Array && pair.GetArrayLength() == 2 && pair.EnumerateArray().All(text => text.ValueKind == JsonValueKind.String);

    private static void NoteExtras(ChatTurn turn, List<string> losses) =>
        losses.AddRange(turn.Extras.Select(extra => $"The member '{extra.Key}' of a message has no place in Alpaca."));
}
