using System.Text.Json;
using OpenLedger.Datanets.Formats;
using OpenLedger.Testing;

namespace OpenLedger.Datanets.Tests.Formats.Chat;

public class RecordShapeTests
{
    private const string Chat = """{"messages":[{"role":"system","content":"S"},{"role":"user","content":"Q1"},{"role":"assistant","content":"A1"},{"role":"user","content":"Q2"},{"role":"assistant","content":"A2"}],"id":7}""";
    private const string Share = """{"conversations":[{"from":"system","value":"S"},{"from":"human","value":"Q1"},{"from":"gpt","value":"A1"},{"from":"human","value":"Q2"},{"from":"gpt","value":"A2"}],"id":7}""";
    private const string Alpaca = """{"instruction":"Q2","input":"","output":"A2","system":"S","history":[["Q1","A1"]],"id":7}""";
    private const string Tools = """{"messages":[{"role":"user","content":"2+2?","name":"ann"},{"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"add","arguments":"{}"}}]},{"role":"tool","content":"4","tool_call_id":"c1"},{"role":"assistant","content":"4","weight":1}],"tools":[]}""";

    [Fact]
    public void Convert_BetweenTheThreeChatShapes_IsExactBothWays()
    {
        (RecordShape Shape, string Row)[] forms = [(RecordShape.OpenAiChat, Chat), (RecordShape.ShareGpt, Share), (RecordShape.Alpaca, Alpaca)];
        foreach ((RecordShape from, string row) in forms)
        {
            foreach ((RecordShape to, string expected) in forms)
            {
                ShapedRow converted = from.Convert(FormatsTesting.Json(row), to);
                Assert.Equal(expected, converted.Row.GetRawText());
                Assert.Empty(converted.Losses);
            }
        }
    }

    [Fact]
    public void Convert_ToolCalls_SurviveShareGptAndAreRefusedByAlpaca()
    {
        ShapedRow share = RecordShape.OpenAiChat.Convert(FormatsTesting.Json(Tools), RecordShape.ShareGpt);
        Assert.Equal(["A message whose content is not text is kept as it is, which few readers of this shape expect."], share.Losses);
        Assert.Equal(Tools, RecordShape.ShareGpt.Convert(share.Row, RecordShape.OpenAiChat).Row.GetRawText());
        Assert.Equal(DatanetError.InvalidMapping, Assert.Throws<DatanetException>(() => RecordShape.OpenAiChat.Convert(FormatsTesting.Json(Tools), RecordShape.Alpaca)).Error);
    }

    [Theory]
    [InlineData("""{"instruction":"I","input":"N","output":"O"}""", "The boundary between instruction and input is a line break now.")]
    [InlineData("""{"instruction":"I","output":"O"}""", "An absent input comes back as an empty one.")]
    [InlineData("""{"instruction":"I","input":"","output":"O","history":[]}""", "The empty column 'history' is left out.")]
    public void Convert_Alpaca_SaysWhatIsLost(string row, string loss)
    {
        ShapedRow chat = RecordShape.Alpaca.Convert(FormatsTesting.Json(row), RecordShape.OpenAiChat);
        Assert.Equal([loss], chat.Losses);
        Assert.Equal(loss.StartsWith("The boundary", StringComparison.Ordinal) ? "I\nN" : "I", chat.Row.GetProperty("messages")[0].GetProperty("content").GetString());
    }

    [Theory]
    [InlineData("user", "user")]
    [InlineData("assistant", "user")]
    [InlineData("user", "assistant", "user")]
    [InlineData("user", "assistant", "system", "assistant")]
    public void Convert_OrderThatAlpacaCannotHold_IsRefused(params string[] roles)
    {
        string messages = string.Join(",", roles.Select(role => $"{{\"role\":\"{role}\",\"content\":\"x\"}}"));
        JsonElement row = FormatsTesting.Json($"{{\"messages\":[{messages}]}}");
        Assert.Equal(DatanetError.InvalidMapping, Assert.Throws<DatanetException>(() => RecordShape.OpenAiChat.Convert(row, RecordShape.Alpaca)).Error);
    }

    [Theory]
    [InlineData("user", "The name 'user' becomes 'human'.")]
    [InlineData("chatgpt", "The name 'chatgpt' becomes 'gpt'.")]
    [InlineData("observation", "The name 'observation' becomes 'tool'.")]
    public void Convert_ShareGptAliases_AreUnderstoodAndNoted(string from, string loss)
    {
        JsonElement row = FormatsTesting.Json($$"""{"conversations":[{"from":"{{from}}","value":"x"}]}""");
        Assert.Equal([loss], RecordShape.ShareGpt.Convert(row, RecordShape.OpenAiChat).Losses);
    }

    [Theory]
    [InlineData("""{"messages":[{"role":"wizard","content":"x"}]}""")]
    [InlineData("""{"messages":[]}""")]
    [InlineData("""{"messages":[1]}""")]
    [InlineData("""[]""")]
    public void Read_OtherShape_IsRefused(string row) =>
        Assert.Equal(DatanetError.InvalidMapping, Assert.Throws<DatanetException>(() => RecordShape.OpenAiChat.Read(FormatsTesting.Json(row))).Error);

    [Fact]
    public void Detect_MixedRows_GivesTheMostCommonWithItsPart()
    {
        ShapeGuess guess = RecordShape.Detect(((string[])[Chat, Chat, Chat, Alpaca]).Select(FormatsTesting.Json));
        Assert.Equal((RecordShape.OpenAiChat, 0.75), (guess.Shape, guess.Confidence));
        Assert.Equal("3 of 4 rows have the shape OpenAI chat.", guess.Reason);
        Assert.Null(RecordShape.Detect([FormatsTesting.Json("{\"a\":1}")]).Shape);
        Assert.Null(RecordShape.Detect([]).Shape);
        Assert.Same(RecordShape.PromptCompletion, RecordShape.Detect([FormatsTesting.Json("{\"prompt\":\"p\",\"completion\":\"c\"}")]).Shape);
    }

    [Theory]
    [InlineData("alpaca_en_demo.json")]
    [InlineData("identity.json")]
    public async Task Convert_RealAlpaca_IsFoundAndConvertedWithoutLossButTheBoundary(string path)
    {
        List<SourceRow> rows = await FormatsTesting.ToListAsync(RowFiles.Open(RealData.Require("corpora/" + path)).ReadAsync(TestContext.Current.CancellationToken));
        ShapeGuess guess = RecordShape.Detect(rows.Select(row => row.Value));
        Assert.Equal((RecordShape.Alpaca, 1.0), (guess.Shape, guess.Confidence));
        int exact = 0;
        foreach (SourceRow row in rows)
        {
            ShapedRow chat = RecordShape.Alpaca.Convert(row.Value, RecordShape.OpenAiChat);
            ShapedRow share = RecordShape.OpenAiChat.Convert(chat.Row, RecordShape.ShareGpt);
            JsonElement back = RecordShape.ShareGpt.Convert(share.Row, RecordShape.Alpaca).Row;
            bool isExact = JsonElement.DeepEquals(row.Value, back);
            Assert.Equal(isExact, chat.Losses.Count == 0);
            exact += isExact ? 1 : 0;
        }

        Assert.True(exact > rows.Count / 2, $"{exact} of {rows.Count}");
    }
}
