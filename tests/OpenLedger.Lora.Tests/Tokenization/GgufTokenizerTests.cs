using OpenLedger.Lora.Tokenization;
using OpenLedger.Lora.Tokenization.SentencePiece;
using OpenLedger.Testing;

namespace OpenLedger.Lora.Tests.Tokenization;

public sealed class GgufTokenizerTests
{
    [Fact]
    public void Load_DeepSeekCoder_GivesTheIdsOfItsAuthors()
    {
        Tokenizer tokenizer = Tokenizer.Load(RealData.Require("tokenizers/deepseek-coder/deepseek-coder-vocab.gguf"));

        Assert.Equal(32256, tokenizer.VocabularySize);
        TokenizerVectors.Check(tokenizer, "tokenizers/deepseek-coder/vectors_llamacpp.json", atLeast: 46);
    }

    [Fact]
    public void Create_Llama_GivesTheIdsOfTheModelFile()
    {
        string path = RealData.Require("tokenizers/llama2/tokenizer.model");
        SentencePieceModel model = SentencePieceModelReader.Read(File.ReadAllBytes(path), path);
        Tokenizer tokenizer = GgufTokenizer.Create(new GgufVocabulary
        {
            Source = "the test",
            Model = "llama",
            Tokens = [.. model.Pieces.Select(piece => piece.Text)],
            Scores = [.. model.Pieces.Select(piece => piece.Score)],
            TokenTypes = [.. model.Pieces.Select(piece => (int)piece.Kind)],
            BeginToken = 1,
            EndToken = 2,
        });

        Assert.Equal([1], tokenizer.PromptPrefix);
        Assert.Equal("</s>", tokenizer.SpecialTokens.EndOfSequence);
        TokenizerVectors.Check(tokenizer, "tokenizers/llama2/vectors_llamacpp.json", atLeast: 46);
    }

    [Theory]
    [InlineData("bert", "gpt-2", "'bert'")]
    [InlineData("gpt2", "viking", "'viking'")]
    [InlineData("gpt2", null, "tokenizer.ggml.pre")]
    public void Create_Unknown_IsRefusedByName(string model, string? pattern, string named)
    {
        TokenizerFormatException exception = Assert.Throws<TokenizerFormatException>(
            () => GgufTokenizer.Create(new GgufVocabulary { Source = "x", Model = model, Tokens = ["a"], Merges = [], PreTokenizer = pattern }));

        Assert.Equal(TokenizerFormatError.UnsupportedComponent, exception.Error);
        Assert.Contains(named, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_ContradictoryValues_IsRefused()
    {
        var valid = new GgufVocabulary { Source = "x", Model = "llama", Tokens = ["<unk>", "a"], Scores = [0, -1], TokenTypes = [2, 1] };
        Assert.Equal([1], GgufTokenizer.Create(valid with { AddsSpacePrefix = false }).EncodeText("a"));
        foreach (GgufVocabulary broken in new[]
        {
            valid with { Scores = [0] }, valid with { Scores = null }, valid with { Scores = [0, float.NaN] }, valid with { TokenTypes = [2, 7] },
            valid with { TokenTypes = [1, 1] }, valid with { Tokens = ["a", "a"] }, valid with { Tokens = ["<unk>", ""] }, valid with { BeginToken = 2 },
            valid with { EndToken = -1 }, valid with { Model = "gpt2", PreTokenizer = "gpt-2" }, valid with { Model = "gpt2", PreTokenizer = "gpt-2", Merges = [] },
        })
        {
            Assert.Throws<TokenizerFormatException>(() => GgufTokenizer.Create(broken));
        }
    }
}
