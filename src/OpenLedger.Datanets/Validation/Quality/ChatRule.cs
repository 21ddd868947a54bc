using System.Text.Json.Nodes;

namespace OpenLedger.Datanets.Validation.Quality;

/// <summary>Is a record a conversation that an assistant can learn from?</summary>
/// <remarks>Reads OpenAI (<c>role</c>, <c>content</c>) and ShareGPT (<c>from</c>, <c>value</c>) turns. Immutable; safe for concurrent use.</remarks>
public sealed class ChatRule : IRecordRule
{
    private readonly ChatOptions _options;
    private readonly JsonObject _description;

    /// <summary>Creates the rule.</summary>
    /// <param name="options">The thresholds, or <see langword="null"/> for the defaults.</param>
    /// <exception cref="ArgumentException">A threshold is outside its range.</exception>
    public ChatRule(ChatOptions? options = null)
    {
        _options = options ?? new ChatOptions();
        _options.Validate();
        _description = _options.Describe();
        _description["rule"] = "chat";
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Codes { get; } =
    [
        "chat_missing", "chat_too_few_turns", "chat_too_many_turns", "chat_unknown_role", "chat_empty_turn", "chat_turn_long",
        "chat_system_not_first", "chat_roles_do_not_alternate", "chat_does_not_end_with_assistant",
    ];

    /// <inheritdoc/>
    public JsonObject Describe() => (JsonObject)_description.DeepClone();

    /// <inheritdoc/>
    public void Examine(ExaminedRecord record, FindingCollector findings)
    {
        ArgumentNullException.ThrowIfNull(record);
        ArgumentNullException.ThrowIfNull(findings);
        if (record.Turns is not { Count: > 0 } turns)
        {
            findings.Add("chat_missing", "$", "The record holds no list of turns, or an empty one.");
            return;
        }

        CountTurns(turns, findings);
        string expected = "user";
        bool hasSpoken = false;
        for (int i = 0; i < turns.Count; i++)
        {
            ChatTurn turn = turns[i];
            bool callsTool = turn.Role == "assistant" && i + 1 < turns.Count && turns[i + 1].Role == "tool";
            ExamineTurn(turn, callsTool, findings);
            if (turn.Role == "system" && hasSpoken)
            {
                findings.Add("chat_system_not_first", turn.Path, "A system turn stands after the conversation has begun.", severity: RuleSeverity.Warning);
            }

            if (turn.Role is not ("user" or "assistant"))
            {
                expected = turn.Role == "tool" ? "assistant" : expected; // who called the tool speaks again
                continue;
            }

            hasSpoken = true;
            if (_options.RequireAlternation && turn.Role != expected)
            {
                findings.Add("chat_roles_do_not_alternate", turn.Path, $"It is the {expected}'s turn, but the {turn.Role} speaks.");
            }

            expected = turn.Role == "user" ? "assistant" : "user";
        }

        if (_options.RequireAssistantEnd && turns[^1].Role != "assistant")
        {
            findings.Add("chat_does_not_end_with_assistant", turns[^1].Path, "The last turn is not the assistant's.");
        }
    }

    private void CountTurns(IReadOnlyList<ChatTurn> turns, FindingCollector findings)
    {
        if (turns.Count < _options.MinTurns)
        {
            findings.Add("chat_too_few_turns", "$", $"There are fewer than {_options.MinTurns} turns.", turns.Count, _options.MinTurns);
        }
        else if (turns.Count > _options.MaxTurns)
        {
            findings.Add("chat_too_many_turns", "$", $"There are more than {_options.MaxTurns} turns.", turns.Count, _options.MaxTurns);
        }
    }

    private void ExamineTurn(ChatTurn turn, bool mayBeEmpty, FindingCollector findings)
    {
        if (turn.Role is not ("user" or "assistant" or "system" or "tool"))
        {
            findings.Add("chat_unknown_role", turn.Path, "The turn's role is missing or none of system, user, assistant and tool.", excerpt: turn.Role);
        }

        if (turn.Content is not RecordText content || string.IsNullOrWhiteSpace(content.Value))
        {
            if (!mayBeEmpty)
            {
                findings.Add("chat_empty_turn", turn.Path, "The turn says nothing.");
            }
        }
        else
        {
            findings.Above("chat_turn_long", content, "Characters of the turn", content.Value.Length, _options.MaxTurnLength);
        }
    }
}
