using System.Text.Json;
using OpenLedger.Lora.Tokenization;
using OpenLedger.Testing;

namespace OpenLedger.Lora.Tests.Tokenization;

public sealed partial class ByteLevelBpeTokenizerTests
{
    [Theory]
    [InlineData("gpt2", 50257)]
    [InlineData("deepseek-coder", 32256)]
    public void Load_PublishedTokenizer_GivesTheIdsOfItsAuthors(string name, int vocabularySize)
    {
        ByteLevelBpeTokenizer tokenizer = ByteLevelBpeTokenizer.Load(RealData.Require($"tokenizers/{name}"));

        Assert.Equal(vocabularySize, tokenizer.VocabularySize);
        AssertVectors(tokenizer, name);
    }

    [Fact]
    public void Load_Gpt2_KnowsItsEndOfText()
    {
        ByteLevelBpeTokenizer tokenizer = ByteLevelBpeTokenizer.Load(RealData.Require("tokenizers/gpt2"));

        Assert.Equal(50256, tokenizer.FindSpecial("<|endoftext|>"));
        Assert.Equal("<|endoftext|>", tokenizer.SpecialTokens.EndOfSequence);
        Assert.DoesNotContain(50256, tokenizer.EncodeText("a<|endoftext|>b"));
        Assert.Equal("", tokenizer.Decode([50256]));
    }

    [Fact]
    public void Load_Qwen2WithoutNormalisation_GivesTheIdsOfItsAuthors()
    {
        // No text of the vectors is changed by NFC, which this process may lack (invariant globalization).
        ByteLevelBpeDefinition definition = VocabularyAndMergesReader.Read(RealData.Require("tokenizers/qwen2"));
        Assert.True(definition.NormalizeToNfc);
        var tokenizer = new ByteLevelBpeTokenizer(definition with { NormalizeToNfc = false });

        Assert.Equal(151665, tokenizer.VocabularySize);
        Assert.Equal(151645, tokenizer.FindSpecial("<|im_end|>"));
        Assert.Equal("<|im_end|>", tokenizer.SpecialTokens.EndOfSequence);
        Assert.Equal("<|endoftext|>", tokenizer.SpecialTokens.Padding);
        Assert.Equal("<tool_call>", tokenizer.Decode([tokenizer.FindSpecial("<tool_call>")!.Value]));
        AssertVectors(tokenizer, "qwen2");
    }

    [Theory]
    [InlineData("falcon", "Punctuation")]
    [InlineData("llama2", "Sequence")]
    public void Load_PublishedTokenizerOfAnotherKind_IsRefusedByName(string name, string component)
    {
        string folder = RealData.Require($"tokenizers/{name}");

        TokenizerFormatException exception = Assert.Throws<TokenizerFormatException>(() => ByteLevelBpeTokenizer.Load(folder));

        Assert.Equal(TokenizerFormatError.UnsupportedComponent, exception.Error);
        Assert.Contains($"'{component}'", exception.Message, StringComparison.Ordinal);
    }

    private static void AssertVectors(ByteLevelBpeTokenizer tokenizer, string name)
    {
        using JsonDocument vectors = JsonDocument.Parse(File.ReadAllBytes(RealData.Require($"tokenizers/{name}/vectors_llamacpp.json")));
        JsonElement cases = vectors.RootElement.GetProperty("cases");
        Assert.True(cases.GetArrayLength() > 40);
        foreach (JsonElement vector in cases.EnumerateArray())
        {
            string text = vector.GetProperty("text").GetString()!;
            int[] expected = [.. vector.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32())];
            Assert.Equal(expected, tokenizer.EncodeText(text));
            Assert.Equal(text, tokenizer.Decode(expected));
        }
    }
}
