using System.Text.Json;
using CsCheck;
using OpenLedger.Lora.Tokenization;
using OpenLedger.Testing;

namespace OpenLedger.Lora.Tests.Tokenization;

/// <summary>Published SentencePiece models and the <c>tokenizer.json</c> made from them.</summary>
public sealed class SentencePieceRealDataTests
{
    [Theory]
    [InlineData("tokenizer.json")]
    [InlineData("tokenizer.model")]
    public void Load_Llama2_GivesTheIdsOfItsAuthors(string file)
    {
        Tokenizer tokenizer = LoadOnly("tokenizers/llama2", file, "tokenizer_config.json");

        Assert.Equal(32000, tokenizer.VocabularySize);
        Assert.Equal([1], tokenizer.PromptPrefix);
        Assert.Equal(new SpecialTokenNames { BeginningOfSequence = "<s>", EndOfSequence = "</s>" }, tokenizer.SpecialTokens);
        TokenizerVectors.Check(tokenizer, "tokenizers/llama2/vectors_llamacpp.json", atLeast: 46);
        TokenizerVectors.Check(tokenizer, "tokenizers/llama2/vectors_llama2c.json", atLeast: 5);
    }

    [Fact]
    public void Load_Llama2FromBothFiles_GivesTheSameIds()
    {
        Tokenizer json = LoadOnly("tokenizers/llama2", "tokenizer.json");
        Tokenizer model = LoadOnly("tokenizers/llama2", "tokenizer.model");
        string shakespeare = File.ReadAllText(RealData.Require("corpora/tinyshakespeare.txt"));

        // In this copy of tokenizer.json the no-break space has become a space, which text never is at that point.
        Assert.Equal(json.EncodeText(shakespeare), model.EncodeText(shakespeare));
        UnicodeTexts.Any.Where(text => !text.Contains('\u00A0', StringComparison.Ordinal)).Sample(text =>
        {
            IReadOnlyList<int> ids = json.EncodeText(text);
            return ids.SequenceEqual(model.EncodeText(text)) && json.Decode([.. ids]) == model.Decode([.. ids]);
        }, iter: 2000);
    }

    [Fact]
    public void EncodeText_Llama2AnyUnicode_ComesBack()
    {
        Tokenizer tokenizer = LoadOnly("tokenizers/llama2", "tokenizer.model");

        // The one character that the model itself uses for a space cannot come back.
        UnicodeTexts.Any.Where(text => !text.Contains('\u2581', StringComparison.Ordinal))
            .Sample(text => tokenizer.Decode([.. tokenizer.EncodeText(text)]) == text, iter: 3000);
    }

    [Fact]
    public void EncodeText_ControlTokensOfLlama2_StayText()
    {
        foreach (string file in new[] { "tokenizer.json", "tokenizer.model" })
        {
            Tokenizer tokenizer = LoadOnly("tokenizers/llama2", file);
            IReadOnlyList<int> ids = tokenizer.EncodeText("<s>a</s><unk> <0x41>");

            Assert.DoesNotContain(ids, tokenizer.IsSpecial);
            Assert.Equal("<s>a</s><unk> <0x41>", tokenizer.Decode([.. ids]));
            Assert.Equal(2, tokenizer.FindSpecial("</s>"));
            Assert.Equal("", tokenizer.Decode([1, 2]));
        }
    }

    [Fact]
    public void EncodeMarkup_Llama2Json_ReadsControlTokens()
    {
        Tokenizer tokenizer = LoadOnly("tokenizers/llama2", "tokenizer.json");

        Assert.Equal([1, .. tokenizer.EncodeText("Hello"), 2], tokenizer.EncodeMarkup("<s>Hello</s>"));
    }

    [Theory]
    [InlineData("tokenizer.json", true)]
    [InlineData("tokenizer.model", false)]
    public void Load_Stories260K_GivesTheIdsOfTheProject(string file, bool keepsExtraSpaces)
    {
        Tokenizer tokenizer = LoadOnly("models/stories260K/hf", file);

        // The model file removes extra spaces (remove_extra_whitespaces), tokenizer.json does not: where a text has none, both agree.
        bool IsPlain(string text) => keepsExtraSpaces || string.Join(' ', text.Split(' ', StringSplitOptions.RemoveEmptyEntries)) == text;
        TokenizerVectors.Check(tokenizer, "models/stories260K/golden/tokenizer_vectors.json", atLeast: keepsExtraSpaces ? 13 : 10, only: IsPlain);
    }

    [Fact]
    public void Load_UnigramModel_GivesTheIdsOfItsAuthors()
    {
        Tokenizer tokenizer = TokenizerFiles.LoadModel(RealData.Require("tokenizers/spm-unigram-2k/m.model"), new TokenizerConfig(), family: null);

        TokenizerVectors.Check(tokenizer, "tokenizers/spm-unigram-2k/vectors.json", atLeast: 1);
        Assert.Equal(1, tokenizer.FindSpecial("<s>"));
        Assert.Equal(2, tokenizer.FindSpecial("</s>"));
    }

    [Fact]
    public void Load_WordModel_GivesTheIdsOfItsAuthors() =>
        TokenizerVectors.Check(Tokenizer.Load(RealData.Require("tokenizers/gemma-test")), "tokenizers/gemma-test/vectors.json", atLeast: 2, isLossless: false);

    [Fact]
    public void Load_ChatGlm_GivesTheIdsOfItsAuthors()
    {
        Tokenizer tokenizer = Tokenizer.Load(RealData.Require("tokenizers/chatglm1"));

        // The model maps full-width punctuation to ASCII, so not every text comes back.
        TokenizerVectors.Check(tokenizer, "tokenizers/chatglm1/vectors_chatglmcpp.json", atLeast: 3, isLossless: false);
        const string program = "def main():\n    print('hello world')\t# greeting";
        Assert.Equal(program, tokenizer.Decode([.. tokenizer.EncodeText(program)]));
        Assert.Equal([130001, 130004], tokenizer.PromptSuffix);
        Assert.Equal(130005, tokenizer.FindSpecial("<eop>"));
        Assert.DoesNotContain(tokenizer.EncodeText("[gMASK]<sop><eop>"), tokenizer.IsSpecial);
    }

    [Fact]
    public void Load_ChatGlm2_GivesTheIdsOfItsAuthors()
    {
        Tokenizer tokenizer = Tokenizer.Load(RealData.Require("tokenizers/chatglm2"), new TokenizerOptions { Family = TokenizerFamily.ChatGlm2 });

        TokenizerVectors.Check(tokenizer, "tokenizers/chatglm2/vectors_chatglmcpp.json", atLeast: 4);
        Assert.Equal([64790, 64792], tokenizer.PromptPrefix);
        Assert.Equal(64795, tokenizer.FindSpecial("<|user|>"));
        Assert.Equal(64796, tokenizer.FindSpecial("<|assistant|>"));
        Assert.DoesNotContain(tokenizer.EncodeText("[gMASK]sop<|user|>"), tokenizer.IsSpecial);
        Assert.Equal([64790, 64792, 64795], tokenizer.EncodeMarkup("[gMASK]sop<|user|>"));
    }

    [Theory]
    [InlineData("mistral-v1", "tokenizer.model.v1", "chat_no_tools.json")]
    [InlineData("mistral-v3", "tokenizer.model.v3", "chat_no_tools.json")]
    [InlineData("mistral-v3", "tokenizer.model.v3", "chat_get_weather_full.json")]
    [InlineData("mistral-v3", "tokenizer.model.v3", "chat_parallel_calls.json")]
    public void Load_Mistral_GivesTheTextIdsOfItsAuthors(string folder, string model, string file)
    {
        Tokenizer tokenizer = TokenizerFiles.LoadModel(RealData.Require($"tokenizers/{folder}/{model}"), new TokenizerConfig(), family: null);
        using JsonDocument vectors = JsonDocument.Parse(File.ReadAllBytes(RealData.Require($"tokenizers/{folder}/{file}")));
        int texts = 0;
        foreach (JsonElement chat in vectors.RootElement.GetProperty("cases").EnumerateArray())
        {
            int[] expected = [.. chat.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32())];
            string rendered = chat.GetProperty("rendered").GetString()!;
            var actual = new List<int>();
            foreach ((string text, bool isControl) in Parts(rendered, folder == "mistral-v1"))
            {
                actual.AddRange(isControl ? [tokenizer.FindSpecial(text)!.Value] : tokenizer.EncodeText(text));
                texts += isControl ? 0 : 1;
            }

            Assert.Equal(expected, actual);
        }

        Assert.True(texts >= 5);
        TestContext.Current.TestOutputHelper?.WriteLine($"{folder}/{file}: {texts} texts between control tokens, ids exact");
    }

    /// <summary>The texts that were encoded one by one, and the control tokens between them. Version 1 has its brackets as text.</summary>
    private static IEnumerable<(string Text, bool IsControl)> Parts(string rendered, bool isVersion1)
    {
        string[] controls = isVersion1
            ? ["<s>", "</s>"]
            : ["<s>", "</s>", "[INST]", "[/INST]", "[TOOL_CALLS]", "[AVAILABLE_TOOLS]", "[/AVAILABLE_TOOLS]", "[TOOL_RESULTS]", "[/TOOL_RESULTS]"];
        int done = 0;
        for (int at = 0; at <= rendered.Length; at++)
        {
            string? control = controls.FirstOrDefault(name => string.CompareOrdinal(rendered, at, name, 0, name.Length) == 0);
            bool isTextEnd = isVersion1 && at >= 7 && string.CompareOrdinal(rendered, at - 7, "[/INST]", 0, 7) == 0;
            if ((control is not null || isTextEnd || at == rendered.Length) && at > done)
            {
                // Each text was encoded by itself: its first mark is the prefix of the model, the others are spaces.
                Assert.Equal('\u2581', rendered[done]);
                yield return (rendered[(done + 1)..at].Replace('\u2581', ' ').Replace("<0x0A>", "\n", StringComparison.Ordinal), false);
                done = at;
            }

            if (control is not null)
            {
                yield return (control, true);
                done = at + control.Length;
                at = done - 1;
            }
        }
    }

    /// <summary>A folder with some of the files of another, so that which of them is read is certain.</summary>
    private static Tokenizer LoadOnly(string folder, params string[] files)
    {
        string source = RealData.Require(folder);
        using var copy = new TemporaryFolder();
        foreach (string file in files)
        {
            File.Copy(Path.Combine(source, file), copy.File(file));
        }

        return Tokenizer.Load(copy.Path);
    }
}
