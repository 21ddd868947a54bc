using OpenLedger.Datanets.Validation;
using OpenLedger.Datanets.Validation.Quality;

namespace OpenLedger.Datanets.Tests.Validation.Quality;

public class GopherQualityRuleTests
{
    private static readonly GopherQualityRule Rule = new();

    [Theory]
    [InlineData(49, true)]
    [InlineData(50, false)]
    public void Words_FewerThanFifty_AreFound(int words, bool isFound) =>
        Assert.Equal(isFound, Has("gopher_short_doc", Repeat("the and", words)));

    [Theory]
    [InlineData(100_000, false)]
    [InlineData(100_001, true)]
    public void Words_MoreThanAHundredThousand_AreFound(int words, bool isFound) =>
        Assert.Equal(isFound, Has("gopher_long_doc", Repeat("the and", words)));

    [Theory]
    [InlineData("aaa", false, false)] // exactly 3
    [InlineData("aaa aaa aa", true, false)] // 8/3
    [InlineData("aaaaaaaaaa", false, false)] // exactly 10
    [InlineData("aaaaaaaaaa aaaaaaaaaaa", false, true)] // 10.5
    [InlineData("中文", false, false)] // characters have no length
    public void MeanLength_BothSidesOfBothThresholds(string words, bool isShort, bool isLong)
    {
        string text = Repeat(words, 60);
        Assert.Equal(isShort, Has("gopher_below_avg_threshold", text));
        Assert.Equal(isLong, Has("gopher_above_avg_threshold", text));
    }

    [Fact]
    public void MeanLength_VietnameseSyllables_HaveTheirOwnThreshold()
    {
        const string Text = "Hôm nay tôi đi chợ với mẹ và em, mua cá, rau, gà về để nấu ăn cho cả nhà ta.";
        Assert.False(Has("gopher_below_avg_threshold", Text));
        GopherQualityRule asEnglish = new(new GopherQualityOptions { MinMeanSyllableLength = 3 });
        Assert.Contains("gopher_below_avg_threshold", RuleTesting.Codes(asEnglish, Text));
    }

    // Tokens are words and symbols: w words and s signs of one # each are w + s tokens.
    [Theory]
    [InlineData(90, 10, false)] // 10 / 100
    [InlineData(89, 10, true)] // 10 / 99
    public void Hashes_MoreThanATenthOfTokens_AreFound(int words, int hashes, bool isFound)
    {
        Assert.Equal(isFound, Has("gopher_too_many_hashes", $"{Repeat("the", words)} {Repeat("#", hashes)}"));
        Assert.Equal(isFound, Has("gopher_too_many_ellipsis", $"{Repeat("the", words)} {Repeat("...", hashes)}"));
        Assert.Equal(isFound, Has("gopher_too_many_ellipsis", $"{Repeat("the", words)} {Repeat("…", hashes)}"));
    }

    [Theory]
    [InlineData(9, 1, false)]
    [InlineData(10, 1, true)]
    public void Bullets_MoreThanNineTenthsOfLines_AreFound(int bullets, int others, bool isFound)
    {
        foreach (string bullet in (string[])["- the", "  • the"])
        {
            Assert.Equal(isFound, Has("gopher_too_many_bullets", string.Join('\n', Enumerable.Repeat(bullet, bullets).Concat(Enumerable.Repeat("of", others)))));
        }
    }

    [Theory]
    [InlineData(3, 7, false)]
    [InlineData(4, 7, true)]
    public void EndEllipses_MoreThanThreeTenthsOfLines_AreFound(int ellipses, int others, bool isFound)
    {
        foreach (string line in (string[])["the ... ", "and more…"])
        {
            Assert.Equal(isFound, Has("gopher_too_many_end_ellipsis", string.Join('\n', Enumerable.Repeat(line, ellipses).Concat(Enumerable.Repeat("of", others)))));
        }
    }

    [Theory]
    [InlineData(80, 20, false)]
    [InlineData(79, 20, true)]
    public void Letters_FewerThanFourFifthsOfTokens_AreFound(int words, int numbers, bool isFound) =>
        Assert.Equal(isFound, Has("gopher_below_alpha_threshold", $"{Repeat("the", words)} {Repeat("12", numbers)}"));

    [Theory]
    [InlineData("the the the table", true)] // one, though often
    [InlineData("the table of", false)]
    [InlineData("The table Of", true)] // as in the reference, capitals count as other words
    [InlineData("athe ofx", true)]
    [InlineData("今天的天气很好，我们是学生。", false)]
    [InlineData("Chúng tôi là người Việt Nam và sống trong thành phố này.", false)]
    [InlineData("Der Hund und die Katze sind nicht zu Hause.", false)]
    public void StopWords_FewerThanTwo_AreFound(string text, bool isFound) => Assert.Equal(isFound, Has("gopher_enough_stop_words", text));

    [Fact]
    public void StopWords_VietnameseDecomposed_AreKnown()
    {
        string text = Text.TextSegmenterTests.Decompose("Chúng tôi là người Việt Nam và sống trong thành phố này.");
        Assert.False(Has("gopher_enough_stop_words", text));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n\n")]
    [InlineData("\u0301")]
    public void Examine_NoWords_IsShortAndNothingIsDivided(string text) =>
        Assert.Contains("gopher_short_doc", RuleTesting.Codes(Rule, text));

    [Fact]
    public void Examine_GoodProse_PassesEveryThreshold()
    {
        string text = string.Join(' ', Enumerable.Repeat("The people who live in this town have to walk to the market with their baskets.", 4));
        Assert.Empty(RuleTesting.Codes(Rule, text));
    }

    [Fact]
    public void Examine_Finding_NamesMeasureAndThreshold()
    {
        RuleFinding finding = RuleTesting.Validate(Rule, "the and be").Findings[0];
        Assert.Equal(("gopher_short_doc", "$.text", 3.0, 50.0), (finding.Code, finding.Path, finding.Measured!.Value, finding.Threshold!.Value));
        Assert.Equal("Words: 3; at least 50 is allowed.", finding.Message);
    }

    private static bool Has(string code, string text) => RuleTesting.Codes(Rule, text).Contains(code);

    /// <summary>The words of <paramref name="words"/> in turn, <paramref name="count"/> of them.</summary>
    private static string Repeat(string words, int count)
    {
        string[] parts = words.Split(' ');
        return string.Join(' ', Enumerable.Range(0, count).Select(i => parts[i % parts.Length]));
    }
}
