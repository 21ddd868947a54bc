using OpenLedger.Datanets.Validation.Quality;

namespace OpenLedger.Datanets.Tests.Validation.Quality;

public class FineWebRuleTests
{
    private static readonly FineWebRule Rule = new();
    private static readonly string Long = string.Join(' ', Enumerable.Repeat("word", 8)); // 39 characters

    [Theory]
    [InlineData(3, 22, false)] // 3 of 25 = 0.12
    [InlineData(3, 23, true)]
    public void Punctuation_OfLines_BelowTwelveHundredthsIsFound(int ended, int open, bool isFound)
    {
        string text = string.Join('\n', Lines(ended, ".").Concat(Lines(open, "").Select(line => "x" + line)));
        Assert.Equal(isFound, RuleTesting.Codes(Rule, text).Contains("line_punct_ratio"));
    }

    [Theory]
    [InlineData(67, 33, false)]
    [InlineData(68, 32, true)]
    public void ShortLines_MoreThanTwoThirds_AreFound(int shortLines, int longLines, bool isFound)
    {
        string text = string.Join('\n', Enumerable.Range(0, shortLines).Select(i => $"{i:000}".PadRight(29, 'x') + ".").Concat(Lines(longLines, ".")));
        Assert.Equal(isFound, RuleTesting.Codes(Rule, text).Contains("short_line_ratio"));
        string longer = string.Join('\n', Enumerable.Range(0, 100).Select(i => $"{i:000}".PadRight(30, 'x') + "."));
        Assert.DoesNotContain("short_line_ratio", RuleTesting.Codes(Rule, longer)); // 31 characters are not short
    }

    [Theory]
    [InlineData(990, false)] // 10 of 10 + 10 + 980
    [InlineData(989, true)]
    public void RepeatedLines_MoreThanAHundredthOfCharacters_AreFound(int others, bool isFound)
    {
        string text = $"0123456789\n0123456789\n\n{new string('y', others - 11)}.";
        Assert.Equal(isFound, RuleTesting.Codes(Rule, text).Contains("char_dup_ratio"));
    }

    [Theory]
    [InlineData(3, 10, false)]
    [InlineData(3, 9, true)] // 3 line feeds, 9 tokens
    public void LineFeeds_MoreThanThreeTenthsOfTokens_AreFound(int lineFeeds, int tokens, bool isFound) =>
        Assert.Equal(isFound, RuleTesting.Codes(Rule, string.Join(' ', Enumerable.Repeat("w", tokens)) + new string('\n', lineFeeds)).Contains("list_ratio"));

    [Theory]
    [InlineData("")]
    [InlineData(" \r\n \n")]
    public void Examine_BlankText_IsEmpty(string text) => Assert.Equal(["empty"], RuleTesting.Codes(Rule, text));

    [Theory]
    [InlineData("這是一個結束的句子。")]
    [InlineData("यह एक वाक्य है।")]
    [InlineData("هل هذه جملة؟")]
    [InlineData("¿Es esto una frase?")]
    public void Punctuation_OfOtherScripts_EndsALine(string line) =>
        Assert.DoesNotContain("line_punct_ratio", RuleTesting.Codes(Rule, line));

    private static IEnumerable<string> Lines(int count, string end) => Enumerable.Range(0, count).Select(i => $"{Long} {i:000}{end}");
}
