using OpenLedger.Datanets.Validation;
using OpenLedger.Datanets.Validation.Quality;

namespace OpenLedger.Datanets.Tests.Validation.Quality;

public class C4RuleTests
{
    private const string Good = "This is a line.";
    private static readonly C4Rule Rule = new();

    [Theory]
    [InlineData(4, true)]
    [InlineData(5, false)]
    public void Sentences_FewerThanFive_AreFound(int sentences, bool isFound)
    {
        Assert.Equal(isFound, RuleTesting.Codes(Rule, string.Join('\n', Enumerable.Repeat(Good, sentences))).Contains("too_few_sentences"));
        Assert.Equal(isFound, RuleTesting.Codes(Rule, string.Join(' ', Enumerable.Repeat(Good, sentences))).Contains("too_few_sentences"));
    }

    [Theory]
    [InlineData("No end of this line", true)]
    [InlineData("It trails off here...", true)]
    [InlineData("It trails off here…", true)]
    [InlineData("He said \"this is it\"", false)]
    [InlineData("Is this a line?", false)]
    [InlineData("這是一句話。", false)]
    [InlineData("Too short.", true)]
    [InlineData("Three words here.", false)]
    [InlineData("Please enable JavaScript now.", true)]
    [InlineData("Read our Privacy Policy now.", true)]
    [InlineData("This site uses cookies today.", true)]
    [InlineData("We know the use of cookies.", true)]
    [InlineData("We use cookies every day.", true)]
    [InlineData("Our cookie policy has changed.", true)]
    [InlineData("The terms of use changed.", true)]
    [InlineData("The cookies are sweet today.", false)]
    [InlineData("It is known here.[12]", false)] // the citation is taken off, so the line ends in a full stop
    [InlineData("It is known here.[citation needed]", false)]
    [InlineData("It is known here.[edit]", false)]
    [InlineData("It is known here.[note]", true)]
    public void Line_AfterFourGoodOnes_CountsOrNot(string line, bool isLeftOut)
    {
        string text = string.Join('\n', Enumerable.Repeat(Good, 4).Append(line));
        RecordReport report = RuleTesting.Validate(Rule, text);
        Assert.Equal(isLeftOut, RuleTesting.Codes(report).Contains("too_few_sentences"));
        Assert.Equal(isLeftOut, report.Findings.Any(f => f.Code == "c4_lines_left_out" && f.Measured == 1 && f.Severity == RuleSeverity.Info));
    }

    [Theory]
    [InlineData(1000, false)]
    [InlineData(1001, true)]
    public void LongWord_OfALine_LeavesItOut(int length, bool isLeftOut)
    {
        string text = string.Join('\n', Enumerable.Repeat(Good, 4).Append($"This is {new string('x', length - 1)}."));
        Assert.Equal(isLeftOut, RuleTesting.Codes(Rule, text).Contains("too_few_sentences"));
    }

    [Theory]
    [InlineData("This is Lorem Ipsum text.", "lorem_ipsum")]
    [InlineData("Then { it begins here.", "curly_bracket")]
    public void Line_OfAFillerOrBrace_RefusesTheText(string line, string code) =>
        Assert.Equal([code], RuleTesting.Codes(Rule, string.Join('\n', Enumerable.Repeat(Good, 9).Append(line))));

    [Fact]
    public void Options_TurnedOff_FindNothing()
    {
        C4Rule rule = new(new C4Options
        {
            DropJavaScriptLines = false,
            DropPolicyLines = false,
            MinSentences = 1,
            MinWordsPerLine = 0,
            RefuseCurlyBrackets = false,
            RefuseLoremIpsum = false,
            RequireTerminalPunctuation = false,
        });
        Assert.Empty(RuleTesting.Validate(rule, "{ lorem ipsum javascript we use cookies }\nx").Findings);
        Assert.Equal(["too_few_sentences"], RuleTesting.Codes(rule, ""));
    }

    [Fact]
    public void Line_OfAThousandChineseCharacters_IsNoLongWord() =>
        Assert.Empty(RuleTesting.Codes(Rule, string.Concat(Enumerable.Repeat("這是一個很長的句子沒有空格。", 100))));
}
