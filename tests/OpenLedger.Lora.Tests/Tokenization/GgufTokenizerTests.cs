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
    public void Create_LlamaWithControlTokensStoredAsText_KeepsThemFromText()
    {
        Tokenizer tokenizer = GgufTokenizer.Create(Pieces(
            ["<unk>", "<bos>", "<start_of_turn>", "<end_of_turn>", "<done>", "<b>", "a"], [2, 3, 4, 4, 4, 4, 1]) with
        { EndOfTurnToken = 4 });

        AssertControl(tokenizer, 1, "<bos>");
        AssertControl(tokenizer, 2, "<start_of_turn>");
        AssertControl(tokenizer, 3, "<end_of_turn>");
        AssertControl(tokenizer, 4, "<done>");
        Assert.Equal([6, 5, 6], tokenizer.EncodeText("a<b>a"));
    }

    [Fact]
    public void Create_Gpt2WithControlTokensStoredAsText_KeepsThemFromText()
    {
        GgufVocabulary vocabulary = ByteLevel("qwen2", ("<end_of_turn>", 4), ("<done>", 4), ("<tool>", 4), ("th", 1)) with { EndOfTurnToken = 257, EndToken = 259, Merges = ["t h"] };
        Tokenizer tokenizer = GgufTokenizer.Create(vocabulary);

        AssertControl(tokenizer, 256, "<end_of_turn>");
        AssertControl(tokenizer, 257, "<done>");
        AssertControl(tokenizer, 259, "th");
        Assert.Contains(258, tokenizer.EncodeText("a<tool>a"));
    }

    [Theory]
    [InlineData("llama-bpe", null, true)]
    [InlineData("llama3", null, true)]
    [InlineData("llama-v3", null, true)]
    [InlineData("llama-bpe", false, false)]
    [InlineData("qwen2", null, false)]
    [InlineData("qwen2", true, true)]
    public void Create_WithoutBeginFlag_FollowsThePattern(string pattern, bool? flag, bool begins)
    {
        Tokenizer tokenizer = GgufTokenizer.Create(ByteLevel(pattern, ("<|begin|>", 3)) with { BeginToken = 256, AddsBeginToken = flag });

        Assert.Equal(begins ? [256] : [], tokenizer.PromptPrefix);
    }

    [Fact]
    public void Create_LlamaWithoutBeginFlag_BeginsPrompts()
    {
        GgufVocabulary vocabulary = Pieces(["<unk>", "<s>", "a"], [2, 3, 1]) with { BeginToken = 1 };

        Assert.Equal([1], GgufTokenizer.Create(vocabulary).PromptPrefix);
        Assert.Empty(GgufTokenizer.Create(vocabulary with { AddsBeginToken = false }).PromptPrefix);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    public void Create_UnusedTokens_KeepTheirIdAndAreNeverMatched(int type)
    {
        Tokenizer pieces = GgufTokenizer.Create(Pieces(["<unk>", "a", "b", "ab", "[PAD4]"], [2, 1, 1, type, type]));
        Assert.Equal([1, 2], pieces.EncodeText("ab"));
        Assert.Equal((5, false, "[PAD4]"), (pieces.VocabularySize, pieces.IsSpecial(4), pieces.Decode([4])));

        foreach (string pattern in new[] { "gpt-2", "llama-bpe" })
        {
            Tokenizer bytes = GgufTokenizer.Create(ByteLevel(pattern, ("ab", type), ("[PAD257]", type)) with { Merges = ["a b"] });
            Assert.Equal("ab", bytes.Decode([.. bytes.EncodeText("ab")]));
            Assert.DoesNotContain(256, bytes.EncodeText("ab"));
            Assert.Equal((258, false, "[PAD257]"), (bytes.VocabularySize, bytes.IsSpecial(257), bytes.Decode([257])));
        }
    }

    [Fact]
    public void Create_UnusedByte_IsRefused()
    {
        GgufVocabulary vocabulary = ByteLevel("gpt-2");

        Assert.Throws<TokenizerFormatException>(() => GgufTokenizer.Create(vocabulary with { TokenTypes = [.. vocabulary.TokenTypes!.Select((type, id) => id == 'a' ? 0 : type)] }));
    }

    [Fact]
    public void Create_DeepSeekR1Qwen_CutsLikeQwen2()
    {
        const string Text = "It's 1871\n\n in Velmora";
        GgufVocabulary qwen = ByteLevel("qwen2", ("\u010A\u010A", 1)) with { Merges = ["\u010A \u010A"] };

        Assert.Equal(GgufTokenizer.Create(qwen).EncodeText(Text), GgufTokenizer.Create(qwen with { PreTokenizer = "deepseek-r1-qwen" }).EncodeText(Text));
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

    private static void AssertControl(Tokenizer tokenizer, int id, string name)
    {
        int letter = tokenizer.EncodeText("a").Single();
        Assert.Equal(id, tokenizer.FindSpecial(name));
        Assert.True(tokenizer.IsSpecial(id));
        Assert.DoesNotContain(id, tokenizer.EncodeText(name));
        Assert.DoesNotContain(id, tokenizer.EncodeText($"a{name}a"));
        Assert.Equal([letter, id, letter], tokenizer.EncodeMarkup($"a{name}a"));
    }

    private static GgufVocabulary Pieces(string[] tokens, int[] types) => new()
    {
        Source = "the test",
        Model = "llama",
        Tokens = tokens,
        Scores = new float[tokens.Length],
        TokenTypes = types,
        AddsSpacePrefix = false,
    };

    private static GgufVocabulary ByteLevel(string pattern, params (string Token, int Type)[] more) => new()
    {
        Source = "the test",
        Model = "gpt2",
        PreTokenizer = pattern,
        Tokens = [.. Enumerable.Range(0, 256).Select(value => ByteAlphabet.ToCharacter((byte)value).ToString()), .. more.Select(entry => entry.Token)],
        TokenTypes = [.. Enumerable.Repeat(1, 256), .. more.Select(entry => entry.Type)],
        Merges = [],
    };
}
