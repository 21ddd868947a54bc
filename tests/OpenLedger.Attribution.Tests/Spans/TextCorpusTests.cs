using CsCheck;
using OpenLedger.Attribution.Spans;

namespace OpenLedger.Attribution.Tests.Spans;

public class TextCorpusTests
{
    private static readonly SpanMatchOptions EveryLength = new() { MinimumLength = 1, MinimumBits = double.NegativeInfinity };

    [Fact]
    public void Match_CaseAndPunctuationDiffer_GivesRangesInBothTexts()
    {
        string[] documents = ["Nothing here.", "In Velmora, the  harbour master -- Tilda Roun -- keeps the keys."];
        const string answer = "I think the Harbour-Master, Tilda Roun, does.";
        TextSpan span = Assert.Single(new TextCorpus(documents).Match(answer));
        Assert.Equal("the Harbour-Master, Tilda Roun", answer.Substring(span.Range.Start, span.Range.Length));
        Assert.Equal(5, span.WordCount);
        TextSpanSource source = Assert.Single(span.Documents);
        Assert.Equal(1, source.Document);
        Assert.Equal("the  harbour master -- Tilda Roun", documents[1].Substring(source.Range.Start, source.Range.Length));
    }

    [Fact]
    public void Match_UnknownWords_MatchNothing() => Assert.Empty(new TextCorpus(["a b c"]).Match("x y z", EveryLength));

    [Theory]
    [InlineData("", new string[0])]
    [InlineData("  ,.-", new string[0])]
    [InlineData("Don't panic: 42!", new[] { "don", "t", "panic", "42" })]
    [InlineData("Größe ÉTÉ ΣΊΣΥΦΟΣ", new[] { "größe", "été", "σίσυφοσ" })]
    [InlineData("e\u0301te\u0301", new[] { "e\u0301te\u0301" })]
    [InlineData("東京タワーは333m", new[] { "東", "京", "タ", "ワ", "ー", "は", "333m" })]
    [InlineData("\U00020000\U0001D400x", new[] { "\U00020000", "\U0001D400x" })]
    [InlineData("a\ud800b", new[] { "a", "b" })]
    public void WordSequence_Text_SplitsAsDocumented(string text, string[] expected)
    {
        WordSequence words = new(text);
        Assert.Equal(expected, Enumerable.Range(0, words.Count).Select(i => words[i]));
    }

    [Fact]
    public void WordSequence_AnyText_RangesHoldTheirWordsInOrder() => Gen.String.Sample(text =>
    {
        WordSequence words = new(text);
        int end = 0;
        for (int i = 0; i < words.Count; i++)
        {
            TextRange range = words.Range(i, 1);
            Assert.True(range.Start >= end);
            Assert.Equal(words[i], text.Substring(range.Start, range.Length).ToLowerInvariant());
            end = range.Start + range.Length;
        }

        Assert.True(end <= text.Length);
    });

    [Fact]
    public void WordSequence_RangeOutside_IsRefused()
    {
        WordSequence words = new("one two");
        Assert.Throws<ArgumentOutOfRangeException>(() => words.Range(-1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => words.Range(0, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => words.Range(1, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => words.Range(2, int.MaxValue));
    }
}
