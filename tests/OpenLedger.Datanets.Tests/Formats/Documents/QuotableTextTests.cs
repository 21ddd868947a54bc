using OpenLedger.Datanets.Formats;

namespace OpenLedger.Datanets.Tests.Formats.Documents;

public class QuotableTextTests
{
    private const string Text = "The **Danube** is 2,850 km long \u2014 it\u2019s the \u201Csecond longest\u201D\r\nriver of Eu\u00ADrope\u2026 Caf\u00E9 421 stands on its bank. 東京都にある。";

    [Theory]
    [InlineData("The Danube is 2,850 km long")]
    [InlineData("the danube IS 2,850\n km   long - it's the \"second longest\" river of europe...")]
    [InlineData("Cafe\u0301 421")]
    [InlineData("`second` _longest_")]
    [InlineData("京都に")]
    [InlineData("bank")]
    public void Holds_WhatAReaderFinds_IsTrue(string quotation) => Assert.True(new QuotableText(Text).Holds(quotation));

    [Theory]
    [InlineData("")]
    [InlineData(" *\u200B ")]
    [InlineData("The Danube is 2,85")]
    [InlineData("Danube is not 2,850 km")]
    [InlineData("anube is")]
    [InlineData("Café 42")]
    [InlineData("Cafe 421")]
    [InlineData("its ban")]
    [InlineData("the Rhine")]
    public void Holds_WhatIsNotThere_IsFalse(string quotation) => Assert.False(new QuotableText(Text).Holds(quotation));

    [Fact]
    public void Holds_AfterAPieceOfAWord_FindsTheWord()
    {
        Assert.True(new QuotableText("concatenate the cat").Holds("cat"));
        Assert.False(new QuotableText("concatenate cats").Holds("cat"));
        Assert.True(new QuotableText("cat").Holds("cat"));
        Assert.False(new QuotableText("cat").Holds("cat cat"));
    }

    [Fact]
    public void Holds_HalfSurrogatePairs_AreReplaced()
    {
        Assert.True(new QuotableText("a \uD800 b").Holds("a \uFFFD b"));
        Assert.Equal(5, new QuotableText("a \uD800 b").Length);
    }

    [Fact]
    public void LengthOf_CountsTheNormalForm()
    {
        Assert.Equal(3, QuotableText.LengthOf("  **A**\n\n b "));
        Assert.Equal(QuotableText.LengthOf(Text), new QuotableText(Text).Length);
    }

    [Fact]
    public void Holds_AnyRunOfWords_IsFound()
    {
        string[] words = new Random(3).GetItems(["river", "Wien", "is", "42", "-", "a", "Straße", "É"], 200);
        QuotableText text = new(string.Join("\n", words));
        Random random = new(4);
        for (int i = 0; i < 300; i++)
        {
            int start = random.Next(words.Length);
            string[] run = words[start..random.Next(start + 1, words.Length + 1)];
            Assert.True(text.Holds(string.Join("  ", run).ToUpperInvariant()), string.Join(' ', run));
        }
    }
}
