using OpenLedger.Lora.Tokenization.Splitting;

namespace OpenLedger.Lora.Tests.Tokenization.Splitting;

public sealed class MatchCutterTests
{
    // The examples of the Hugging Face documentation of SplitDelimiterBehavior, and their inversions.
    [Theory]
    [InlineData("Removed", false, "the|final|countdown")]
    [InlineData("Isolated", false, "the|-|final|-|-|countdown")]
    [InlineData("MergedWithPrevious", false, "the-|final-|-|countdown")]
    [InlineData("MergedWithNext", false, "the|-final|-|-countdown")]
    [InlineData("Contiguous", false, "the|-|final|--|countdown")]
    [InlineData("Removed", true, "-|-|-")]
    [InlineData("Isolated", true, "the|-|final|-|-|countdown")]
    [InlineData("MergedWithPrevious", true, "the|-final|-|-countdown")]
    public void Cut_EachBehavior_GivesTheDocumentedWords(string behavior, bool isInverted, string expected)
    {
        var cutter = new MatchCutter(new LiteralPattern("-"), Enum.Parse<CutBehavior>(behavior), isInverted);

        Assert.Equal(expected.Split('|'), Words(cutter, "the-final--countdown"));
    }

    [Theory]
    [InlineData("a12\U0001D7D8b½", "a|12\U0001D7D8|b|½", "a|1|2|\U0001D7D8|b|½")]
    [InlineData("", "", "")]
    [InlineData("7", "7", "7")]
    public void Cut_Digits_SeesNumbersOfAllPlanes(string text, string contiguous, string individual)
    {
        Assert.Equal(contiguous.Split('|', StringSplitOptions.RemoveEmptyEntries), Words(new MatchCutter(ClassPattern.Numbers, CutBehavior.Contiguous), text));
        Assert.Equal(individual.Split('|', StringSplitOptions.RemoveEmptyEntries), Words(new MatchCutter(ClassPattern.Numbers, CutBehavior.Isolated), text));
    }

    [Fact]
    public void Cut_Punctuation_TakesVisibleAsciiSymbolsToo()
    {
        const string all = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";

        Assert.Equal(all.Select(character => character.ToString()), Words(new MatchCutter(ClassPattern.Punctuation, CutBehavior.Isolated), all));
        Assert.Equal(["a", "。", "b\u20AC"], Words(new MatchCutter(ClassPattern.Punctuation, CutBehavior.Isolated), "a。b\u20AC"));
    }

    private static List<string> Words(MatchCutter cutter, string text)
    {
        var words = new List<WordSpan>();
        cutter.Cut(text, 5, words);
        return [.. words.Select(word => text.Substring(word.Start - 5, word.Length))];
    }
}
