using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace OpenLedger.Datanets.Formats;

/// <summary>A customary shape of instruction and chat rows, with the way to <see cref="Conversation"/> and back.</summary>
/// <remarks>
/// <see cref="OpenAiChat"/> has a place for everything; the others say in <see cref="ShapedRow.Losses"/> what they cannot hold. Immutable; safe for
/// concurrent use.
/// </remarks>
public abstract class RecordShape
{
    /// <summary>Most messages of one conversation.</summary>
    public const int MaxTurns = 10_000;

    private protected RecordShape(string name) => Name = name;

    /// <summary><c>instruction</c>, <c>input</c>, <c>output</c>, and where present <c>system</c> and <c>history</c> (pairs of question and answer).</summary>
    public static RecordShape Alpaca { get; } = new AlpacaShape();

    /// <summary><c>conversations</c> of <c>from</c> (<c>human</c>, <c>gpt</c>, <c>system</c>, <c>tool</c>; other names are understood) and <c>value</c>.</summary>
    public static RecordShape ShareGpt { get; } = new ShareGptShape();

    /// <summary><c>messages</c> of <c>role</c> and <c>content</c>, with <c>name</c>, <c>tool_calls</c> and <c>tool_call_id</c> where present.</summary>
    public static RecordShape OpenAiChat { get; } = new OpenAiChatShape();

    /// <summary><c>prompt</c> and <c>completion</c>, both text.</summary>
    public static RecordShape PromptCompletion { get; } = new PromptCompletionShape();

    /// <summary>All shapes, in the order in which <see cref="Detect"/> tries them.</summary>
    public static IReadOnlyList<RecordShape> All { get; } = [OpenAiChat, ShareGpt, Alpaca, PromptCompletion];

    /// <summary>The name for people.</summary>
    public string Name { get; }

    /// <summary>Finds the shape of rows.</summary>
    /// <param name="rows">The first rows of a file; 100 are plenty.</param>
    /// <returns>The shape that most rows have.</returns>
    public static ShapeGuess Detect(IEnumerable<JsonElement> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        int count = 0;
        int[] fits = new int[All.Count];
        foreach (JsonElement row in rows)
        {
            count++;
            for (int i = 0; i < fits.Length; i++)
            {
                fits[i] += All[i].Fits(row) ? 1 : 0;
            }
        }

        int best = Array.IndexOf(fits, fits.Max());
        return fits[best] == 0
            ? new ShapeGuess(null, 0, $"None of {count} rows has a known shape; give a ColumnMapping.")
            : new ShapeGuess(All[best], (double)fits[best] / count, $"{fits[best]} of {count} rows have the shape {All[best].Name}.");
    }

    /// <summary>Whether a row has this shape.</summary>
    /// <param name="row">Any value.</param>
    public bool Fits(JsonElement row) => row.ValueKind == JsonValueKind.Object && FitsObject(row);

    /// <summary>Reads a row.</summary>
    /// <param name="row">A row of this shape.</param>
    /// <exception cref="DatanetException"><see cref="DatanetError.InvalidMapping"/>: the row has another shape, an unknown role, or too many messages.</exception>
    public Conversation Read(JsonElement row)
    {
        if (!Fits(row))
        {
            throw new DatanetException(DatanetError.InvalidMapping, $"The row has not the shape {Name}.");
        }

        Conversation conversation = ReadObject(row);
        return conversation.Turns.Count <= MaxTurns
            ? conversation
            : throw new DatanetException(DatanetError.InvalidMapping, $"The row has {conversation.Turns.Count} messages; at most {MaxTurns} are read.");
    }

    /// <summary>Writes a conversation in this shape.</summary>
    /// <param name="conversation">The conversation.</param>
    /// <exception cref="DatanetException">
    /// <see cref="DatanetError.InvalidMapping"/>: the shape cannot hold it at all, for example a completion without an answer.
    /// </exception>
    public ShapedRow Write(Conversation conversation)
    {
        ArgumentNullException.ThrowIfNull(conversation);
        List<string> losses = [];
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            WriteObject(json, conversation, losses);
            json.WriteEndObject();
        }

        return new ShapedRow(JsonElement.Parse(buffer.WrittenSpan), losses);
    }

    /// <summary>Turns a row of this shape into another one.</summary>
    /// <param name="row">A row of this shape.</param>
    /// <param name="shape">The other shape.</param>
    /// <exception cref="DatanetException">See <see cref="Read"/> and <see cref="Write"/>.</exception>
    public ShapedRow Convert(JsonElement row, RecordShape shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        List<string> losses = [];
        NoteReading(row, losses);
        ShapedRow written = shape.Write(Read(row));
        return ReferenceEquals(shape, this) ? written : written with { Losses = [.. losses, .. written.Losses] };
    }

    /// <inheritdoc/>
    public override string ToString() => Name;

    private protected abstract bool FitsObject(JsonElement row);

    private protected abstract Conversation ReadObject(JsonElement row);

    private protected abstract void WriteObject(Utf8JsonWriter json, Conversation conversation, List<string> losses);

    /// <summary>Notes what reading a row as a conversation already gives up.</summary>
    private protected virtual void NoteReading(JsonElement row, List<string> losses)
    {
    }

    private protected static bool IsText(JsonElement row, string name) =>
        row.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String;

    private protected static bool IsTextOrAbsent(JsonElement row, string name) =>
        !row.TryGetProperty(name, out JsonElement value) || value.ValueKind is JsonValueKind.String or JsonValueKind.Null;

    private protected static string TextOf(JsonElement row, string name) => IsText(row, name) ? row.GetProperty(name).GetString()! : "";

    private protected static JsonElement ToElement(string text)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer))
        {
            json.WriteStringValue(text);
        }

        return JsonElement.Parse(buffer.WrittenSpan);
    }

    private protected static KeyValuePair<string, JsonElement>[] Others(JsonElement row, params ReadOnlySpan<string> known)
    {
        List<KeyValuePair<string, JsonElement>> others = [];
        foreach (JsonProperty member in row.EnumerateObject())
        {
            if (!known.Contains(member.Name))
            {
                others.Add(new(member.Name, member.Value));
            }
        }

        return [.. others];
    }

    /// <summary>Writes the turns as a list of objects with a role and a content.</summary>
    private protected static void WriteTurns(
        Utf8JsonWriter json, string list, string role, string content, IReadOnlyList<ChatTurn> turns, Func<ChatRole, string> nameOf, List<string> losses)
    {
        json.WriteStartArray(list);
        foreach (ChatTurn turn in turns)
        {
            json.WriteStartObject();
            json.WriteString(role, nameOf(turn.Role));
            json.WritePropertyName(content);
            turn.Content.WriteTo(json);
            foreach ((string name, JsonElement value) in turn.Extras)
            {
                if (name == role || name == content)
                {
                    losses.Add($"The member '{name}' of a message means something else in this shape.");
                    continue;
                }

                json.WritePropertyName(name);
                value.WriteTo(json);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>Writes the other columns of the row, but for those whose name the shape needs.</summary>
    private protected static void WriteExtras(Utf8JsonWriter json, Conversation conversation, List<string> losses, params ReadOnlySpan<string> taken)
    {
        foreach ((string name, JsonElement value) in conversation.Extras)
        {
            if (taken.Contains(name))
            {
                losses.Add($"The column '{name}' means something else in this shape.");
                continue;
            }

            json.WritePropertyName(name);
            value.WriteTo(json);
        }
    }
}
