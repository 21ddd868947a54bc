using System.Collections;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace OpenLedger.Lora.Templates;

/// <summary>Conversations and tools in the form that chat templates expect.</summary>
internal static class ConversationJson
{
    public static JsonArray FromMessages(IEnumerable<ChatMessage> messages)
    {
        JsonArray conversation = [];
        Dictionary<string, string> names = new(StringComparer.Ordinal);
        foreach (ChatMessage message in messages)
        {
            AddMessage(conversation, message, names);
        }

        return conversation.Count > 0 ? conversation : throw new ArgumentException("The conversation is empty.", nameof(messages));
    }

    public static JsonArray FromTools(IReadOnlyList<AITool> tools)
    {
        JsonArray declarations = [];
        foreach (AITool tool in tools)
        {
            AIFunctionDeclaration function = tool as AIFunctionDeclaration
                ?? throw new ArgumentException($"The tool '{tool.Name}' is a {tool.GetType().Name}; only functions can be declared to the model.", nameof(tools));
            declarations.Add((JsonNode)new JsonObject
            {
                ["type"] = "function",
                ["function"] = new JsonObject
                {
                    ["name"] = function.Name,
                    ["description"] = function.Description,
                    ["parameters"] = ToNode(function.JsonSchema),
                },
            });
        }

        return declarations;
    }

    private static void AddMessage(JsonArray conversation, ChatMessage message, Dictionary<string, string> names)
    {
        string text = "";
        string reasoning = "";
        JsonArray calls = [];
        bool hasResults = false;
        foreach (AIContent content in message.Contents)
        {
            switch (content)
            {
                case TextContent part:
                    text += part.Text;
                    break;
                case TextReasoningContent thought:
                    reasoning += thought.Text;
                    break;
                case FunctionCallContent call:
                    names[call.CallId] = call.Name;
                    calls.Add((JsonNode)new JsonObject
                    {
                        ["type"] = "function",
                        ["id"] = call.CallId,
                        ["function"] = new JsonObject { ["name"] = call.Name, ["arguments"] = ToNode(call.Arguments) ?? new JsonObject() },
                    });
                    break;
                case FunctionResultContent result:
                    hasResults = true;
                    conversation.Add((JsonNode)new JsonObject
                    {
                        ["role"] = ChatRole.Tool.Value,
                        ["name"] = names.GetValueOrDefault(result.CallId, ""),
                        ["tool_call_id"] = result.CallId,
                        ["content"] = ToText(result.Result),
                    });
                    break;
                default:
                    throw new ArgumentException($"A message holds {content.GetType().Name}; chat templates take text and the calls and results of tools.");
            }
        }

        if (hasResults && text.Length == 0 && calls.Count == 0)
        {
            return;
        }

        JsonObject json = new() { ["role"] = message.Role.Value, ["content"] = text };
        if (reasoning.Length > 0)
        {
            json["reasoning_content"] = reasoning;
        }

        if (calls.Count > 0)
        {
            json["tool_calls"] = calls;
        }

        conversation.Add((JsonNode)json);
    }

    private static string ToText(object? value) => value switch
    {
        null => "",
        string text => text,
        JsonElement { ValueKind: JsonValueKind.String } element => element.GetString()!,
        _ => ToNode(value)!.ToJsonString(),
    };

    /// <summary>Values of arguments and results without reflection; other types must be turned into JSON by the caller.</summary>
    private static JsonNode? ToNode(object? value, int depth = 0) => value switch
    {
        _ when depth > 64 => throw new ArgumentException("The arguments or the result of a tool nest deeper than 64 levels."),
        null or JsonElement { ValueKind: JsonValueKind.Undefined or JsonValueKind.Null } => null,
        JsonElement element => JsonNode.Parse(element.GetRawText()),
        JsonNode node => node.DeepClone(),
        string text => JsonValue.Create(text),
        bool flag => JsonValue.Create(flag),
        int number => JsonValue.Create(number),
        long number => JsonValue.Create(number),
        decimal number => JsonValue.Create(number),
        float number when float.IsFinite(number) => JsonValue.Create(number),
        double number when double.IsFinite(number) => JsonValue.Create(number),
        IEnumerable<KeyValuePair<string, object?>> map => new JsonObject(map.Select(e => KeyValuePair.Create(e.Key, ToNode(e.Value, depth + 1)))),
        IEnumerable items => new JsonArray([.. items.Cast<object?>().Select(i => ToNode(i, depth + 1))]),
        _ => throw new ArgumentException(
            $"The arguments or the result of a tool hold a {value.GetType().Name}; give text, numbers, lists, dictionaries or a JsonElement."),
    };
}
