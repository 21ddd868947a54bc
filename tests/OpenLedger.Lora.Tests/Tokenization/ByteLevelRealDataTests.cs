using CsCheck;
using OpenLedger.Lora.Tokenization;
using OpenLedger.Testing;
using OpenLedger.Unicode;

namespace OpenLedger.Lora.Tests.Tokenization;

/// <summary>Published byte-level BPE tokenizers in all their layouts.</summary>
public sealed class ByteLevelRealDataTests
{
    [Theory]
    [InlineData("gpt2", 50257, 46)]
    [InlineData("deepseek-coder", 32256, 46)]
    [InlineData("falcon", 65024, 46)]
    [InlineData("qwen2", 151665, 46)]
    public void Load_PublishedFolder_GivesTheIdsOfItsAuthors(string name, int vocabularySize, int atLeast)
    {
        Tokenizer tokenizer = Tokenizer.Load(RealData.Require($"tokenizers/{name}"));

        Assert.IsType<ByteLevelBpeTokenizer>(tokenizer);
        Assert.Equal(vocabularySize, tokenizer.VocabularySize);
        TokenizerVectors.Check(tokenizer, $"tokenizers/{name}/vectors_llamacpp.json", atLeast);

        // Qwen composes text before it cuts it; the vocabulary of Falcon lacks some controls and unassigned planes.
        Gen<string> texts = name == "falcon" ? UnicodeTexts.Any.Where(text => text.EnumerateRunes().All(rune => rune.Value is >= ' ' and < 0x40000)) : UnicodeTexts.Any;
        texts.Sample(
            text => tokenizer.Decode([.. tokenizer.EncodeText(text)]) == (name == "qwen2" ? CanonicalForms.ToFormC(text) : text), iter: 1000);
    }

    [Fact]
    public void Load_Llama3Ranks_GivesTheIdsOfItsAuthors()
    {
        Tokenizer tokenizer = Tokenizer.Load(RealData.Require("tokenizers/llama3"), new TokenizerOptions { Family = TokenizerFamily.Llama3 });

        Assert.Equal(128256, tokenizer.VocabularySize);
        Assert.Equal(128009, tokenizer.FindSpecial("<|eot_id|>"));
        Assert.Equal([128000], tokenizer.PromptPrefix);
        TokenizerVectors.Check(tokenizer, "tokenizers/llama3/vectors_llamacpp.json", atLeast: 46);
        UnicodeTexts.Any.Sample(text => tokenizer.Decode([.. tokenizer.EncodeText(text)]) == text, iter: 1000);
        Assert.DoesNotContain(tokenizer.EncodeText("<|eot_id|><|begin_of_text|>"), tokenizer.IsSpecial);
        Assert.Equal([128000, 128006, .. tokenizer.EncodeText("user"), 128007], tokenizer.EncodeMarkup("<|begin_of_text|><|start_header_id|>user<|end_header_id|>"));
    }

    [Fact]
    public void Load_RanksWithoutFamily_IsRefused()
    {
        string folder = RealData.Require("tokenizers/llama3");

        TokenizerFormatException exception = Assert.Throws<TokenizerFormatException>(() => Tokenizer.Load(folder));

        Assert.Equal(TokenizerFormatError.UnsupportedComponent, exception.Error);
        Assert.Contains("do not say how text is cut", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_Gpt2_KnowsItsEndOfText()
    {
        Tokenizer tokenizer = Tokenizer.Load(RealData.Require("tokenizers/gpt2"));

        Assert.Equal(50256, tokenizer.FindSpecial("<|endoftext|>"));
        Assert.Equal("<|endoftext|>", tokenizer.SpecialTokens.EndOfSequence);
        Assert.DoesNotContain(50256, tokenizer.EncodeText("a<|endoftext|>b"));
        Assert.Contains(50256, tokenizer.EncodeMarkup("a<|endoftext|>b"));
        Assert.Equal("", tokenizer.Decode([50256]));
    }

    [Fact]
    public void Load_Qwen2_ComposesTextAndKnowsItsTokens()
    {
        Tokenizer tokenizer = Tokenizer.Load(RealData.Require("tokenizers/qwen2"));

        Assert.Equal(tokenizer.EncodeText("caf\u00E9 \uAC00"), tokenizer.EncodeText("cafe\u0301 \u1100\u1161"));
        Assert.Equal(151645, tokenizer.FindSpecial("<|im_end|>"));
        Assert.Equal("<|im_end|>", tokenizer.SpecialTokens.EndOfSequence);
        Assert.Equal("<|endoftext|>", tokenizer.SpecialTokens.Padding);
        int toolCall = tokenizer.FindSpecial("<tool_call>")!.Value;
        Assert.Equal("<tool_call>", tokenizer.Decode([toolCall]));

        // Flagged as text by its author, unlike a turn's end.
        Assert.Contains(toolCall, tokenizer.EncodeText("<tool_call>"));
        Assert.DoesNotContain(151645, tokenizer.EncodeText("<|im_end|>"));
    }

    [Fact]
    public void EncodeText_ControlTokenOfDeepSeekWithoutItsFlag_StaysText()
    {
        Tokenizer tokenizer = Tokenizer.Load(RealData.Require("tokenizers/deepseek-coder"));

        Assert.DoesNotContain(tokenizer.FindSpecial("<|EOT|>")!.Value, tokenizer.EncodeText("<|EOT|>"));
        Assert.Equal("<|EOT|>", tokenizer.Decode([.. tokenizer.EncodeText("<|EOT|>")]));
        Assert.Equal([tokenizer.FindSpecial("<|EOT|>")!.Value], tokenizer.EncodeMarkup("<|EOT|>"));
    }

    [Fact]
    public void Load_SentencePieceAsByteLevel_IsRefused()
    {
        string folder = RealData.Require("tokenizers/llama2");

        Assert.Equal(TokenizerFormatError.UnsupportedComponent, Assert.Throws<TokenizerFormatException>(() => ByteLevelBpeTokenizer.Load(folder)).Error);
    }
}
