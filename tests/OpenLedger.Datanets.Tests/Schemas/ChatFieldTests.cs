using System.Text.Json;
using OpenLedger.Datanets.Schemas;

namespace OpenLedger.Datanets.Tests.Schemas;

public class ChatFieldTests
{
    private static readonly string[] Roles = ["system", "user", "assistant", "tool"];

    private static DatanetSchema Plain { get; } = Of(new ChatField(Roles, 1, 3, 5));

    private static DatanetSchema Full { get; } = Of(new ChatField(Roles, 1, 9, 50) { RequiresAlternation = true, AllowsToolCalls = true });

    private const string Call = """{"role":"assistant","tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{}"}}]}""";

    [Theory]
    [InlineData("""{"role":"user","content":"hi"}""")]
    [InlineData("""{"role":"user","content":"hi"},{"role":"user","content":"12345"}""")]
    [InlineData("""{"role":"user","content":"😀😀😀😀😀"}""")]
    public void Validate_PlainConversation_FindsNoFault(string messages) => Assert.Empty(Validate(Plain, messages));

    [Theory]
    [InlineData("", SchemaFaultCode.ListTooShort, "$.chat")]
    [InlineData("1", SchemaFaultCode.WrongType, "$.chat[0]")]
    [InlineData("""{"content":"hi"}""", SchemaFaultCode.MissingField, "$.chat[0].role")]
    [InlineData("""{"role":"user"}""", SchemaFaultCode.MissingField, "$.chat[0].content")]
    [InlineData("""{"role":"bot","content":"hi"}""", SchemaFaultCode.NotInEnumeration, "$.chat[0].role")]
    [InlineData("""{"role":1,"content":"hi"}""", SchemaFaultCode.WrongType, "$.chat[0].role")]
    [InlineData("""{"role":"user","content":""}""", SchemaFaultCode.TextTooShort, "$.chat[0].content")]
    [InlineData("""{"role":"user","content":null}""", SchemaFaultCode.WrongType, "$.chat[0].content")]
    [InlineData("""{"role":"user","content":"123456"}""", SchemaFaultCode.TextTooLong, "$.chat[0].content")]
    [InlineData("""{"role":"user","content":"hi","name":"x"}""", SchemaFaultCode.UnexpectedField, "$.chat[0].name")]
    [InlineData("""{"role":"user","content":"hi","content":"hi"}""", SchemaFaultCode.RepeatedField, "$.chat[0].content")]
    [InlineData("""{"role":"user","content":"hi","tool_calls":[]}""", SchemaFaultCode.UnexpectedField, "$.chat[0].tool_calls")]
    [InlineData("""{"role":"user","content":"a"},{"role":"user","content":"a"},{"role":"user","content":"a"},{"role":"user","content":"a"}""", SchemaFaultCode.ListTooLong, "$.chat")]
    public void Validate_OneFault_HasItsCodeAndPath(string messages, SchemaFaultCode code, string path)
    {
        SchemaFault fault = Assert.Single(Validate(Plain, messages));
        Assert.Equal((code, path), (fault.Code, fault.Path));
    }

    [Fact]
    public void Validate_ToolCalls_AcceptsAnswersToCallsMadeBefore()
    {
        Assert.Empty(Validate(Full, Call + """,{"role":"tool","tool_call_id":"c1","content":"4"},{"role":"tool","tool_call_id":"c1","content":"5"},{"role":"assistant","content":"9"}"""));
        SchemaFault unknown = Assert.Single(Validate(Full, Call + """,{"role":"tool","tool_call_id":"c2","content":"4"}"""));
        Assert.Equal((SchemaFaultCode.UnknownToolCall, "$.chat[1].tool_call_id"), (unknown.Code, unknown.Path));
        SchemaFault early = Assert.Single(Validate(Full, """{"role":"tool","tool_call_id":"c1","content":"4"},""" + Call));
        Assert.Equal(SchemaFaultCode.UnknownToolCall, early.Code);
        Assert.Contains(
            Validate(Full, Call.Replace("\"type\":\"function\",", "", StringComparison.Ordinal)),
            fault => fault is { Code: SchemaFaultCode.MissingField, Path: "$.chat[0].tool_calls[0].type" });
    }

    [Fact]
    public void Validate_Alternation_RefusesOneRoleTwice()
    {
        SchemaFault fault = Assert.Single(Validate(Full, """{"role":"system","content":"s"},{"role":"user","content":"a"},{"role":"user","content":"b"}"""));
        Assert.Equal((SchemaFaultCode.RolesDoNotAlternate, "$.chat[2].role"), (fault.Code, fault.Path));
    }

    [Fact]
    public void Document_GivesTheSameSchema()
    {
        foreach (DatanetSchema schema in new[] { Plain, Full })
        {
            DatanetSchema copy = DatanetSchema.Parse(schema.Document.Span);
            Assert.Equal(schema.Digest, copy.Digest);
            ChatField chat = Assert.IsType<ChatField>(copy.Variants[0].Fields[0].Type);
            Assert.Equal(schema == Full, chat.RequiresAlternation && chat.AllowsToolCalls);
        }

        Assert.NotEqual(Plain.Digest, Full.Digest);
    }

    [Fact]
    public void Constructor_IllegalArguments_AreRefused()
    {
        Assert.Throws<ArgumentException>(() => new ChatField([], 1, 1, 1));
        Assert.Throws<ArgumentException>(() => new ChatField(["a", "a"], 1, 1, 1));
        Assert.Throws<ArgumentException>(() => new ChatField([""], 1, 1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ChatField(["a"], 2, 1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ChatField(["a"], -1, 1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ChatField(["a"], 1, 1, 0));
    }

    private static DatanetSchema Of(ChatField chat) => new("chats", new RecordVariant("chat", new SchemaField("chat", chat, isRequired: true)));

    private static IReadOnlyList<SchemaFault> Validate(DatanetSchema schema, string messages) =>
        schema.Validate(JsonElement.Parse("{\"chat\":[" + messages + "]}"));
}
