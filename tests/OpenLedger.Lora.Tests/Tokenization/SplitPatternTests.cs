using CsCheck;
using OpenLedger.Lora.Tests.Tokenization.Reference;
using OpenLedger.Lora.Tokenization;
using OpenLedger.Lora.Tokenization.Splitting;

namespace OpenLedger.Lora.Tests.Tokenization;

public sealed class SplitPatternTests
{
    [Fact]
    public void Split_Gpt2AnyCodePoint_EqualsTheScanner()
    {
        // Every code point once, between neighbours that make its class visible.
        foreach (int[] chunk in Enumerable.Range(0, 0x110000).Where(value => value is < 0xD800 or > 0xDFFF).Chunk(4096))
        {
            string text = string.Concat(chunk.Select(value => $"a{char.ConvertFromUtf32(value)}1{char.ConvertFromUtf32(value)}."));
            Assert.Equal(ReferenceGpt2Words.Split(text), Words(SplitPattern.Gpt2, text));
        }
    }

    [Fact]
    public void Split_Gpt2RandomText_EqualsTheScanner()
    {
        Gen<string> pieces = Gen.Int[0, 15].Select(i => new[]
        {
            " ", "\n", "\t", "\u00A0", "'", "s", "'ll", "'re", "a", "ß", "7", "Ⅷ", "!", "\U00020000", "\U0001D7CE", "\U0001F980",
        }[i]);
        pieces.Array[0, 30].Select(string.Concat).Sample(
            text => ReferenceGpt2Words.Split(text).SequenceEqual(Words(SplitPattern.Gpt2, text)), iter: 5000);
    }

    [Theory]
    [InlineData("I'LL go", "I|'LL| go")]
    [InlineData("12345", "123|45")]
    [InlineData("a\n\n b", "a|\n\n| b")]
    [InlineData("(word)", "(word|)")]
    [InlineData("x  y", "x| | y")]
    [InlineData("!!\n?", "!!\n|?")]
    [InlineData("\U00020000\U00020001 \U0001D7CE\U0001D7CF\U0001D7D0\U0001D7D1", "\U00020000\U00020001| |\U0001D7CE\U0001D7CF\U0001D7D0|\U0001D7D1")]
    public void Split_Llama3_CutsAsDocumented(string text, string expected) =>
        Assert.Equal(expected.Split('|'), Words(SplitPattern.Llama3, text));

    [Theory]
    [InlineData("a1234", "a|1|2|3|4")]
    [InlineData("It's", "It|'s")]
    public void Split_Qwen2_CutsDigitsOneByOne(string text, string expected) =>
        Assert.Equal(expected.Split('|'), Words(SplitPattern.Qwen2, text));

    private static List<string> Words(WordCutter pattern, string text)
    {
        var words = new List<WordSpan>();
        pattern.Cut(text, 0, words);
        return [.. words.Select(word => text.Substring(word.Start, word.Length))];
    }
}
