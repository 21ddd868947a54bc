using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using Microsoft.Extensions.AI;
using OpenLedger.Lora.Templates;

namespace OpenLedger.Lora.Tests.Templates;

public sealed class ToolCallParserTests
{
    private static readonly string[] Tools = ["weather", "add"];

    [Theory]
    [InlineData(ToolCallSyntax.Hermes, "<tool_call>\n{\"name\": \"add\", \"arguments\": {\"a\": 1}}\n</tool_call>", "add{\"a\": 1}")]
    [InlineData(ToolCallSyntax.Hermes, "Let me see.\n<tool_call>{\"name\":\"add\",\"arguments\":{}}</tool_call>\n<tool_call>{\"name\":\"weather\",\"arguments\":{\"x\":\"</tool_call>\"}}</tool_call> done", "\"Let me see.\"|add{}|weather{\"x\":\"</tool_call>\"}|\"done\"")]
    [InlineData(ToolCallSyntax.Hermes, "<tool_call>{\"name\":\"add\",\"arguments\":{}}", "add{}")]
    [InlineData(ToolCallSyntax.Hermes, "<tool_call>{\"name\":\"add\"", "\"<tool_call>{\"name\":\"add\"\"")]
    [InlineData(ToolCallSyntax.Hermes, "a < b and <tool", "\"a < b and\"|\" <tool\"")]
    [InlineData(ToolCallSyntax.Hermes, "<tool_call>{\"name\":\"add\",\"name\":\"rm\",\"arguments\":{}}</tool_call>", "\"<tool_call>{\"name\":\"add\",\"name\":\"rm\",\"arguments\":{}}\"|\"</tool_call>\"")]
    [InlineData(ToolCallSyntax.Hermes, "<tool_call>no</tool_call><tool_call>{\"name\":\"add\",\"arguments\":{}}</tool_call>", "\"<tool_call>\"|\"no</tool_call>\"|add{}")]
    [InlineData(ToolCallSyntax.Llama3, "{\"name\": \"add\", \"parameters\": {\"a\": \"}\"}}", "add{\"a\": \"}\"}")]
    [InlineData(ToolCallSyntax.Llama3, "<|python_tag|>{\"name\": \"add\", \"parameters\": {}}; {\"name\": \"weather\", \"parameters\": {}}", "add{}|weather{}")]
    [InlineData(ToolCallSyntax.Llama3, "{\"name\": \"unknown\", \"parameters\": {}}", "\"{\"name\": \"unknown\", \"parameters\": {}}\"")]
    [InlineData(ToolCallSyntax.Llama3, "The answer is {\"name\": \"add\", \"parameters\": {}}", "\"The answer is {\"name\": \"add\", \"parameters\": {}}\"")]
    [InlineData(ToolCallSyntax.Mistral, "[TOOL_CALLS] [{\"name\": \"add\", \"arguments\": {\"a\": [1]}, \"id\": \"abc123def\"}, {\"name\": \"weather\", \"arguments\": {}}]", "add{\"a\": [1]}#abc123def|weather{}")]
    [InlineData(ToolCallSyntax.Mistral, "[TOOL_CALLS] [{\"name\": \"add\", \"arguments\": \"x\"}]", "\"[TOOL_CALLS] [{\"name\": \"add\", \"arguments\": \"x\"}]\"")]
    [InlineData(ToolCallSyntax.Glm4, "add\n{\"a\": 1}", "add{\"a\": 1}")]
    [InlineData(ToolCallSyntax.Glm4, "\n你好", "\"\n你好\"")]
    [InlineData(ToolCallSyntax.Glm4, "address\n{\"a\": 1}", "\"address\n{\"a\": 1}\"")]
    [InlineData(ToolCallSyntax.None, "<tool_call>{\"name\":\"add\",\"arguments\":{}}</tool_call>", "\"<tool_call>{\"name\":\"add\",\"arguments\":{}}</tool_call>\"")]
    public void Parse_Answer_GivesTextAndCalls(ToolCallSyntax syntax, string answer, string expected) =>
        Assert.Equal(expected, string.Join('|', ToolCallParser.Parse(answer, syntax, Tools).Select(Describe)));

    [Theory]
    [InlineData("chatml", "<|im_start|>assistant\n", "<|im_end|>")]
    [InlineData("llama3.1", "<|start_header_id|>assistant<|end_header_id|>\n\n", "<|eot_id|>")]
    [InlineData("mistral-v3", "[/INST]", "</s>")]
    [InlineData("glm4", "<|assistant|>", "<|observation|>")]
    public void Parse_RenderedCall_ComesBack(string name, string before, string after)
    {
        BuiltInChatTemplate template = BuiltInChatTemplates.Get(name);
        const string Json = "{\"city\": \"Kö\\\"ln\", \"days\": 2, \"list\": [1.5, null, true], \"map\": {\"}\": \"{\"}}";
        JsonArray messages =
        [
            new JsonObject { ["role"] = "user", ["content"] = "q" },
            new JsonObject
            {
                ["role"] = "assistant",
                ["content"] = "",
                ["tool_calls"] = new JsonArray(new JsonObject
                {
                    ["type"] = "function",
                    ["id"] = "abc123def",
                    ["function"] = new JsonObject { ["name"] = "weather", ["arguments"] = JsonNode.Parse(Json) },
                }),
            },
            new JsonObject { ["role"] = "tool", ["tool_call_id"] = "abc123def", ["content"] = "r" },
        ];
        string text = template.Template.Render(messages);
        int start = text.IndexOf(before, StringComparison.Ordinal) + before.Length;
        string answer = text[start..text.IndexOf(after, start, StringComparison.Ordinal)];
        FunctionCallContent call = Assert.IsType<FunctionCallContent>(Assert.Single(ToolCallParser.Parse(answer, template.ToolCalls, Tools)));
        Assert.Equal("weather", call.Name);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Json), new JsonObject(call.Arguments!.Select(a => KeyValuePair.Create(a.Key, JsonNode.Parse(((JsonElement)a.Value!).GetRawText()))))));
    }

    [Fact]
    public void Push_AnySplit_GivesWhatTheWholeGives() =>
        Gen.Select(
            Gen.Int[0, 11].Select(i => new[] { "<tool_call>", "</tool_call>", "{\"name\":\"add\",\"arguments\":{}}", "{", "}", "[TOOL_CALLS]", "[{\"name\":\"add\",\"arguments\":{}}]", " ", "\n", "text", "add", "<|python_tag|>{\"name\":\"add\",\"parameters\":{}}" }[i]).Array[0, 8].Select(string.Concat),
            Gen.Int[0, 4],
            Gen.Int[1, 9]).Sample((answer, syntax, piece) =>
            {
                ToolCallStream stream = new((ToolCallSyntax)syntax, Tools, n => "id" + n);
                List<AIContent> parts = [.. answer.Chunk(piece).SelectMany(c => stream.Push(new string(c))), .. stream.Finish()];
                Assert.Equal(Merge(ToolCallParser.Parse(answer, (ToolCallSyntax)syntax, Tools)), Merge(parts));
            },
            iter: 3000);

    [Fact]
    public void Push_TextBeforeACall_IsNotHeldBackLongerThanNeeded()
    {
        ToolCallStream stream = new(ToolCallSyntax.Hermes, Tools, n => "id");
        Assert.Equal("\"abc\"", string.Join('|', stream.Push("abc <").Select(Describe)));
        Assert.Equal("\" <b\"", string.Join('|', stream.Push("b").Select(Describe)));
        Assert.Empty(stream.Push("<tool_call>{\"name\": \"add\", \"argum"));
        Assert.Equal("add{}", string.Join('|', stream.Push("ents\": {}}").Select(Describe)));
        Assert.Empty(stream.Push("</tool"));
        Assert.Empty(stream.Finish());
    }

    [Fact]
    public void Parse_Hostile_Ends()
    {
        string many = string.Concat(Enumerable.Repeat("<tool_call>{}", 50_000));
        Assert.True(many == string.Concat(ToolCallParser.Parse(many, ToolCallSyntax.Hermes).Cast<TextContent>().Select(t => t.Text)));
        string deep = "<tool_call>" + new string('[', 100_000);
        Assert.True(deep == string.Concat(ToolCallParser.Parse(deep, ToolCallSyntax.Hermes).Cast<TextContent>().Select(t => t.Text)));
        string nested = "{\"name\":\"add\",\"parameters\":" + string.Concat(Enumerable.Repeat("{\"a\":", 50)) + "1" + new string('}', 51);
        Assert.IsType<TextContent>(Assert.Single(ToolCallParser.Parse(nested, ToolCallSyntax.Llama3)));
    }

    [Fact]
    public void Create_SamePrompt_SameIdOfNineCharacters()
    {
        Assert.Equal(ToolCallId.Create([1, 2], 0), ToolCallId.Create([1, 2], 0));
        Assert.Equal(3, new[] { ToolCallId.Create([1, 2], 0), ToolCallId.Create([1, 2], 1), ToolCallId.Create([1, 2, 3], 0) }.Distinct().Count());
        Assert.Matches("^[0-9a-z]{9}$", ToolCallId.Create([5], 7));
    }

    private static string Describe(AIContent content) => content switch
    {
        TextContent text => $"\"{text.Text}\"",
        FunctionCallContent call => call.Name + "{" + string.Join(", ", call.Arguments!.Select(a => Pair(a, call))) + "}" + (call.CallId.StartsWith("call", StringComparison.Ordinal) || call.CallId.StartsWith("id", StringComparison.Ordinal) ? "" : "#" + call.CallId),
        _ => content.GetType().Name,
    };

    // As the answers above are written: with a space after the colon but where the value is the end marker.
    private static string Pair(KeyValuePair<string, object?> argument, FunctionCallContent call) =>
        $"\"{argument.Key}\":{(call.Name == "weather" ? "" : " ")}{((JsonElement)argument.Value!).GetRawText()}";

    private static string Merge(IEnumerable<AIContent> contents)
    {
        string result = "";
        bool wasText = false;
        foreach (AIContent content in contents)
        {
            result += content is TextContent text ? (wasText ? "" : "|T:") + text.Text : "|" + Describe(content);
            wasText = content is TextContent;
        }

        return result;
    }
}
