using OpenLedger.Datanets.Records;
using OpenLedger.Datanets.Validation.Quality;

namespace OpenLedger.Datanets.Tests.Validation.Quality;

public class ChatRuleTests
{
    [Theory]
    [InlineData("""[{"role":"user","content":"a"},{"role":"assistant","content":"b"}]""")]
    [InlineData("""[{"role":"system","content":"s"},{"role":"user","content":"a"},{"role":"assistant","content":"b"}]""")]
    [InlineData("""[{"from":"human","value":"a"},{"from":"gpt","value":"b"}]""")]
    [InlineData("""[{"role":"user","content":"a"},{"role":"assistant","content":""},{"role":"tool","content":"7"},{"role":"assistant","content":"b"}]""")]
    [InlineData("""[{"role":"user","content":"a"},{"role":"user","content":"b"},{"role":"assistant","content":"c"}]""", "chat_roles_do_not_alternate")]
    [InlineData("""[{"role":"assistant","content":"a"},{"role":"user","content":"b"},{"role":"assistant","content":"c"}]""", "chat_roles_do_not_alternate")]
    [InlineData("""[{"role":"user","content":"a"},{"role":"assistant","content":"b"},{"role":"user","content":"c"}]""", "chat_does_not_end_with_assistant")]
    [InlineData("""[{"role":"user","content":"a"},{"role":"assistant","content":" "}]""", "chat_empty_turn")]
    [InlineData("""[{"role":"user"},{"role":"assistant","content":"b"}]""", "chat_empty_turn")]
    [InlineData("""[{"role":"user","content":"a"},{"role":"system","content":"s"},{"role":"assistant","content":"b"}]""", "chat_system_not_first")]
    [InlineData("""[{"role":"user","content":"a"},{"role":"narrator","content":"s"},{"role":"assistant","content":"b"}]""", "chat_unknown_role")]
    [InlineData("""["a","b"]""", "chat_unknown_role", "chat_does_not_end_with_assistant")]
    [InlineData("""[1,{"role":"assistant","content":"b"}]""", "chat_unknown_role", "chat_empty_turn", "chat_roles_do_not_alternate")]
    [InlineData("""[{"role":"assistant","content":"b"}]""", "chat_too_few_turns", "chat_roles_do_not_alternate")]
    [InlineData("[]", "chat_missing")]
    [InlineData("\"text\"", "chat_missing")]
    public void Examine_Conversations_FindWhatIsWrong(string turns, params string[] codes) =>
        Assert.Equal(codes, RuleTesting.Codes(RuleTesting.Validate(new ChatRule(), DatanetRecord.Parse($$"""{"messages":{{turns}}}"""))));

    [Theory]
    [InlineData(4, 3)]
    [InlineData(5, 3, "chat_too_many_turns")]
    [InlineData(4, 4, "chat_turn_long")]
    public void Examine_Limits_AreExact(int turns, int length, params string[] codes)
    {
        ChatRule rule = new(new ChatOptions { MaxTurns = 4, MaxTurnLength = 3, RequireAlternation = false, RequireAssistantEnd = false });
        string json = string.Join(',', Enumerable.Repeat($$"""{"role":"user","content":"{{new string('x', length)}}"}""", turns));
        Assert.Equal(codes, RuleTesting.Codes(RuleTesting.Validate(rule, DatanetRecord.Parse($$"""{"conversations":[{{json}}]}"""))));
    }
}
