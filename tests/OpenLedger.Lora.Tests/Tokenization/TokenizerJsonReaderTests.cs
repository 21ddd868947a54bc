using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using OpenLedger.Lora.Tokenization;
using OpenLedger.Testing;

namespace OpenLedger.Lora.Tests.Tokenization;

public sealed class TokenizerJsonReaderTests
{
    private const string Text = "The harbour<|end|> of Velmora, 1871.\n \U0001F980 \U00020000'll é";

    private static readonly byte[] ValidTokenizer = Saved("tokenizer.json");
    private static readonly byte[] ValidConfig = Saved("tokenizer_config.json");

    [Theory]
    [InlineData("pre_tokenizer", """{"type":"Sequence","pretokenizers":[{"type":"Digits"},{"type":"ByteLevel","add_prefix_space":true}]}""", "add_prefix_space")]
    [InlineData("pre_tokenizer", """{"type":"Metaspace","replacement":"_"}""", "replacement '_'")]
    [InlineData("pre_tokenizer", """{"type":"BertPreTokenizer"}""", "'BertPreTokenizer'")]
    [InlineData("pre_tokenizer", """{"type":"Sequence","pretokenizers":[]}""", "without parts")]
    [InlineData("pre_tokenizer", """{"type":"Sequence","pretokenizers":[{"type":"Split","pattern":{"Regex":"(?<=a)b"},"behavior":"Isolated","invert":false},{"type":"ByteLevel","add_prefix_space":false}]}""", "(?<=a)b")]
    [InlineData("pre_tokenizer", """{"type":"Sequence","pretokenizers":[{"type":"Split","pattern":{"Regex":"\\p{Han}"},"behavior":"Isolated","invert":false},{"type":"ByteLevel","add_prefix_space":false}]}""", "'Han'")]
    [InlineData("pre_tokenizer", """{"type":"Sequence","pretokenizers":[{"type":"Split","pattern":{"Regex":"a"},"behavior":"0","invert":false},{"type":"ByteLevel","add_prefix_space":false}]}""", "'0'")]
    [InlineData("pre_tokenizer", """{"type":"Sequence","pretokenizers":[{"type":"ByteLevel","add_prefix_space":false},{"type":"ByteLevel","add_prefix_space":false}]}""", "'ByteLevel'")]
    [InlineData("normalizer", """{"type":"NFKC"}""", "'NFKC'")]
    [InlineData("normalizer", """{"type":"Sequence","normalizers":[{"type":"Lowercase"}]}""", "'Lowercase'")]
    [InlineData("decoder", """{"type":"Metaspace"}""", "'Metaspace'")]
    [InlineData("post_processor", """{"type":"BertProcessing"}""", "'BertProcessing'")]
    [InlineData("post_processor", """{"type":"Sequence","processors":[{"type":"RobertaProcessing"}]}""", "'RobertaProcessing'")]
    [InlineData("model.type", "\"Unigram\"", "'Unigram'")]
    [InlineData("model.dropout", "0.1", "dropout")]
    [InlineData("model.byte_fallback", "true", "byte_fallback")]
    [InlineData("model.end_of_word_suffix", "\"</w>\"", "'</w>'")]
    [InlineData("model.continuing_subword_prefix", "\"##\"", "'##'")]
    public void Load_UnsupportedComponent_IsRefusedByName(string field, string value, string named)
    {
        TokenizerFormatException exception = Assert.Throws<TokenizerFormatException>(() => LoadWith(root => Set(root, field, value)));

        Assert.Equal(TokenizerFormatError.UnsupportedComponent, exception.Error);
        Assert.Contains(named, exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pre_tokenizer", "7", TokenizerFormatError.InvalidField)]
    [InlineData("pre_tokenizer", "null", TokenizerFormatError.UnsupportedComponent)]
    [InlineData("decoder", "7", TokenizerFormatError.InvalidField)]
    [InlineData("model", "[]", TokenizerFormatError.InvalidField)]
    [InlineData("model.vocab", "null", TokenizerFormatError.InvalidField)]
    [InlineData("model.merges", "{}", TokenizerFormatError.InvalidField)]
    [InlineData("model.ignore_merges", "1", TokenizerFormatError.InvalidField)]
    [InlineData("model.vocab.the", "402", TokenizerFormatError.InvalidVocabulary)]
    [InlineData("model.vocab.!", "5", TokenizerFormatError.InvalidVocabulary)]
    [InlineData("model.vocab.!", "-4", TokenizerFormatError.InvalidField)]
    [InlineData("model.vocab.!", "4.5", TokenizerFormatError.InvalidField)]
    [InlineData("model.vocab.!", "99999999999", TokenizerFormatError.InvalidField)]
    [InlineData("model.merges", """["a"]""", TokenizerFormatError.InvalidMerge)]
    [InlineData("model.merges", """["a b c"]""", TokenizerFormatError.InvalidMerge)]
    [InlineData("model.merges", """[["t","h","e"]]""", TokenizerFormatError.InvalidMerge)]
    [InlineData("model.merges", """["! !"]""", TokenizerFormatError.InvalidMerge)]
    [InlineData("model.merges", """["t h","t h"]""", TokenizerFormatError.InvalidMerge)]
    [InlineData("model.merges", """["\ud800 a"]""", TokenizerFormatError.MalformedFile)]
    [InlineData("added_tokens", """[{"id":1,"content":"<|bos|>","special":true}]""", TokenizerFormatError.InvalidAddedToken)]
    [InlineData("added_tokens", """[{"id":0,"content":"<|bos|>"},{"id":0,"content":"<|bos|>"}]""", TokenizerFormatError.InvalidAddedToken)]
    [InlineData("added_tokens", """[{"id":4,"content":"!","special":true}]""", TokenizerFormatError.InvalidAddedToken)]
    [InlineData("added_tokens", """[{"id":7,"content":"<|new|>","special":true}]""", TokenizerFormatError.InvalidVocabulary)]
    [InlineData("added_tokens", """[{"id":401,"content":"<|new|>","special":true}]""", TokenizerFormatError.InvalidVocabulary)]
    public void Load_FaultyField_IsRefusedWithItsError(string field, string value, TokenizerFormatError error)
    {
        Assert.Equal(error, Assert.Throws<TokenizerFormatException>(() => LoadWith(root => Set(root, field, value))).Error);
    }

    [Fact]
    public void Load_MissingByte_IsRefused()
    {
        // Renaming keeps the ids complete, so only the missing byte can be the fault.
        TokenizerFormatException exception = Assert.Throws<TokenizerFormatException>(() => LoadWith(root =>
        {
            JsonObject vocabulary = root["model"]!["vocab"]!.AsObject();
            vocabulary.Remove("~");
            vocabulary["renamed"] = 4 + '~' - '!';
        }));

        Assert.Equal(TokenizerFormatError.InvalidVocabulary, exception.Error);
        Assert.Contains("0x7E", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"type":"TemplateProcessing","single":[],"pair":[],"special_tokens":{}}""")]
    [InlineData("""{"type":"ByteLevel","trim_offsets":false}""")]
    [InlineData("""{"type":"Sequence","processors":[{"type":"ByteLevel"},{"type":"TemplateProcessing"}]}""")]
    public void Load_PostProcessor_DoesNotTouchEncodeText(string postProcessor)
    {
        ByteLevelBpeTokenizer tokenizer = LoadWith(root => Set(root, "post_processor", postProcessor));

        Assert.Equal(TokenizationCorpus.Tokenizer.EncodeText(Text), tokenizer.EncodeText(Text));
    }

    [Fact]
    public void Load_MergesAsPairs_EncodeAsMergesAsText()
    {
        ByteLevelBpeTokenizer tokenizer = LoadWith(root => root["model"]!["merges"] = new JsonArray(
            [.. root["model"]!["merges"]!.AsArray().Select(merge => (JsonNode)new JsonArray(
                [.. merge!.GetValue<string>().Split(' ').Select(part => (JsonNode)part)]))]));

        Assert.Equal(TokenizationCorpus.Tokenizer.EncodeText(Text), tokenizer.EncodeText(Text));
    }

    [Fact]
    public void Load_IgnoreMerges_KeepsWholeWords()
    {
        static void AddWord(JsonObject root)
        {
            root["model"]!["vocab"]!["Ġzebra"] = 400;
            root["model"]!["vocab"]!["zz"] = 401;
        }

        int[] plain = [.. LoadWith(AddWord).EncodeText("a zebra zz")];
        ByteLevelBpeTokenizer ignoring = LoadWith(root =>
        {
            AddWord(root);
            root["model"]!["ignore_merges"] = true;
        });

        Assert.DoesNotContain(400, plain);
        Assert.Contains(400, ignoring.EncodeText("a zebra zz"));
        Assert.Equal("a zebra zz", ignoring.Decode([.. ignoring.EncodeText("a zebra zz")]));
        Assert.Equal(plain[0], ignoring.EncodeText("a zebra zz")[0]);
    }

    [Fact]
    public void Load_IgnoreMergesAndSpecialThatIsAWord_StaysText()
    {
        ByteLevelBpeTokenizer tokenizer = LoadWith(root =>
        {
            root["model"]!["ignore_merges"] = true;
            Set(root, "added_tokens", """[{"id":400,"content":"zebra","special":true}]""");
            root["model"]!["vocab"]!["zebra"] = 400;
        });

        Assert.Equal(400, tokenizer.FindSpecial("zebra"));
        Assert.DoesNotContain(400, tokenizer.EncodeText("zebra"));
    }

    [Fact]
    public void Load_SpecialThatMergesSpell_StaysText()
    {
        string word = TokenizationCorpus.Vocabulary.Tokens.Last(token => token.Length > 2 && token.All(char.IsAsciiLetter));
        int id = TokenizationCorpus.Vocabulary.Tokens.Index().Single(token => token.Item == word).Index;
        Assert.Contains(id, TokenizationCorpus.Tokenizer.EncodeText(word));

        ByteLevelBpeTokenizer tokenizer = LoadWith(root =>
            root["added_tokens"]!.AsArray().Add(new JsonObject { ["id"] = id, ["content"] = word, ["special"] = true }));

        Assert.DoesNotContain(id, tokenizer.EncodeText(word));
        Assert.Equal(word, tokenizer.Decode([.. tokenizer.EncodeText(word)]));
    }

    [Theory]
    [InlineData("<tool é>", true)]
    [InlineData("<|tool é|>", false)]
    [InlineData("<\uFF5Ctool\uFF5C>", false)]
    public void Load_AddedTokenThatIsNotSpecial_IsTextUnlessItsNameIsOfAControlToken(string name, bool isText)
    {
        ByteLevelBpeTokenizer tokenizer = LoadWith(root =>
            root["added_tokens"]!.AsArray().Add(new JsonObject { ["id"] = 400, ["content"] = name, ["special"] = false }));

        Assert.Equal(400, tokenizer.FindSpecial(name));
        Assert.False(tokenizer.IsSpecial(400));
        Assert.Equal(name, tokenizer.Decode([400]));
        Assert.Equal(isText, tokenizer.EncodeText($"a {name}b").Contains(400));
        Assert.Contains(400, tokenizer.EncodeMarkup($"a {name}b"));
        Assert.Equal($"a {name}b", tokenizer.Decode([.. tokenizer.EncodeText($"a {name}b")]));
    }

    [Theory]
    [InlineData("", "x  [T] y [T]", "x  |400| y |400")]
    [InlineData("lstrip", "x  [T] y [T]", "x|400| y|400")]
    [InlineData("rstrip", "x  [T] y [T]", "x  |400|y |400")]
    [InlineData("single_word", "x[T] [T]y [T]", "x[T] [T]y |400")]
    public void EncodeText_AddedTokenWithFlag_TakesWhatTheFlagSays(string flag, string text, string expected)
    {
        ByteLevelBpeTokenizer tokenizer = LoadWith(root =>
        {
            var token = new JsonObject { ["id"] = 400, ["content"] = "[T]", ["special"] = false };
            if (flag.Length > 0)
            {
                token[flag] = true;
            }

            root["added_tokens"]!.AsArray().Add(token);
        });
        IEnumerable<int> ids = expected.Split('|').SelectMany(part => part == "400" ? [400] : TokenizationCorpus.Tokenizer.EncodeText(part));

        Assert.Equal(ids, tokenizer.EncodeText(text));
    }

    [Fact]
    public void Load_Nfc_NormalisesAlsoInInvariantMode()
    {
        ByteLevelBpeTokenizer tokenizer = LoadWith(root => Set(root, "normalizer", """{"type":"NFC"}"""));

        Assert.Equal(tokenizer.EncodeText("é"), tokenizer.EncodeText("e\u0301"));
        Assert.NotEqual(TokenizationCorpus.Tokenizer.EncodeText("e\u0301"), tokenizer.EncodeText("e\u0301"));
    }

    [Fact]
    public void Load_Template_TellsTheIdsAroundAText()
    {
        ByteLevelBpeTokenizer tokenizer = LoadWith(root => Set(root, "post_processor", """
            {"type":"Sequence","processors":[{"type":"ByteLevel"},{"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"<|bos|>","type_id":0}},
            {"Sequence":{"id":"A","type_id":0}},{"SpecialToken":{"id":"<|end|>","type_id":0}}],"pair":[],
            "special_tokens":{"<|bos|>":{"id":"<|bos|>","ids":[0],"tokens":["<|bos|>"]},"<|end|>":{"id":"<|end|>","ids":[3],"tokens":["<|end|>"]}}}]}
            """));

        Assert.Equal([0], tokenizer.PromptPrefix);
        Assert.Equal([3], tokenizer.PromptSuffix);
        Assert.Equal([0, .. tokenizer.EncodeText(Text), 3], tokenizer.EncodePrompt(Text));
    }

    [Theory]
    [InlineData("null", "true", true)]
    [InlineData("""{"type":"ByteLevel"}""", "true", true)]
    [InlineData("""{"type":"Sequence","processors":[{"type":"ByteLevel"}]}""", "true", true)]
    [InlineData("""{"type":"ByteLevel"}""", "false", false)]
    [InlineData("""{"type":"ByteLevel"}""", "null", false)]
    [InlineData("""{"type":"TemplateProcessing","single":[{"Sequence":{"id":"A","type_id":0}}]}""", "true", false)]
    public void Load_ConfigWithFlags_CountsWhereThereIsNoTemplate(string postProcessor, string flag, bool adds)
    {
        using var folder = new TemporaryFolder();
        JsonObject root = JsonNode.Parse(ValidTokenizer)!.AsObject();
        Set(root, "post_processor", postProcessor);
        File.WriteAllText(folder.File("tokenizer.json"), root.ToJsonString());
        File.WriteAllText(
            folder.File("tokenizer_config.json"),
            $$"""{"tokenizer_class":"LlamaTokenizerFast","bos_token":"<|bos|>","eos_token":"<|end|>","add_bos_token":{{flag}},"add_eos_token":{{flag}}}""");
        var tokenizer = ByteLevelBpeTokenizer.Load(folder.Path);

        Assert.Equal(adds ? [tokenizer.FindSpecial("<|bos|>")!.Value] : [], tokenizer.PromptPrefix);
        Assert.Equal(adds ? [tokenizer.FindSpecial("<|end|>")!.Value] : [], tokenizer.PromptSuffix);
    }

    [Fact]
    public void Load_ConfigWithTokenObjects_FindsTheRoles()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("tokenizer.json"), ValidTokenizer);
        File.WriteAllText(
            folder.File("tokenizer_config.json"),
            """{"bos_token":{"content":"<|bos|>","special":true},"eos_token":"<|end|>","pad_token":null}""");

        Assert.Equal(
            new SpecialTokenNames { BeginningOfSequence = "<|bos|>", EndOfSequence = "<|end|>" },
            ByteLevelBpeTokenizer.Load(folder.Path).SpecialTokens);
    }

    [Fact]
    public void Load_NoConfig_HasNoRoles()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("tokenizer.json"), ValidTokenizer);

        Assert.Equal(new SpecialTokenNames(), ByteLevelBpeTokenizer.Load(folder.Path).SpecialTokens);
    }

    [Fact]
    public void Load_EmptyOrMissingFolder_NamesTheFile()
    {
        using var folder = new TemporaryFolder();
        foreach (string path in new[] { folder.Path, folder.File("absent") })
        {
            TokenizerFormatException exception = Assert.Throws<TokenizerFormatException>(() => ByteLevelBpeTokenizer.Load(path));
            Assert.Equal(TokenizerFormatError.MissingFile, exception.Error);
            Assert.Contains("tokenizer.json", exception.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Load_HugeFile_IsRefusedBeforeReading()
    {
        using var folder = new TemporaryFolder();
        using (FileStream stream = File.Create(folder.File("tokenizer.json")))
        {
            stream.SetLength((64L << 20) + 1);
        }

        Assert.Equal(
            TokenizerFormatError.FileTooLarge, Assert.Throws<TokenizerFormatException>(() => ByteLevelBpeTokenizer.Load(folder.Path)).Error);
    }

    [Fact]
    public void Load_DeepNesting_IsRefused()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("tokenizer.json"), new string('[', 100_000));

        Assert.Equal(
            TokenizerFormatError.MalformedFile, Assert.Throws<TokenizerFormatException>(() => ByteLevelBpeTokenizer.Load(folder.Path)).Error);
    }

    [Theory]
    [InlineData("""{"\ud800":1}""")]
    [InlineData("""{"model":{},"\ud800odel":1}""")]
    [InlineData("""{"pre_tokenizer":{"ty\udc00pe":1,"\ud800pe":2}}""")]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    public void Load_NotTheFormat_IsRefused(string json)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("tokenizer.json"), json);

        Assert.Throws<TokenizerFormatException>(() => ByteLevelBpeTokenizer.Load(folder.Path));
    }

    [Fact]
    public void Load_DamagedTokenizerJson_IsRefusedOrStillRoundTrips() => Fuzz(mutated => (mutated, ValidConfig));

    [Fact]
    public void Load_DamagedTokenizerConfigJson_IsRefusedOrStillRoundTrips() => Fuzz(mutated => (ValidTokenizer, mutated), ValidConfig);

    [Fact]
    public void Load_DamagedMergesText_IsRefusedOrStillRoundTrips()
    {
        using var folder = new TemporaryFolder();
        JsonNode model = JsonNode.Parse(ValidTokenizer)!["model"]!;
        File.WriteAllText(folder.File("vocab.json"), model["vocab"]!.ToJsonString());
        byte[] merges = Encoding.UTF8.GetBytes(
            "#version: 0.2\n" + string.Concat(TokenizationCorpus.Vocabulary.Merges.Select(merge => $"{merge.Left} {merge.Right}\n")));
        File.WriteAllBytes(folder.File("merges.txt"), merges);
        Assert.Equal(TokenizationCorpus.Tokenizer.EncodeText(Text), ByteLevelBpeTokenizer.Load(folder.Path).EncodeText(Text));

        Mutations(merges).Sample(
            mutated =>
            {
                File.WriteAllBytes(folder.File("merges.txt"), mutated);
                AssertRefusedOrRoundTrips(folder.Path);
            },
            iter: 500,
            threads: 1);
    }

    private static void Fuzz(Func<byte[], (byte[] Tokenizer, byte[] Config)> files, byte[]? valid = null)
    {
        using var folder = new TemporaryFolder();
        int refused = 0;
        int loaded = 0;
        Mutations(valid ?? ValidTokenizer).Sample(
            mutated =>
            {
                (byte[] tokenizer, byte[] config) = files(mutated);
                File.WriteAllBytes(folder.File("tokenizer.json"), tokenizer);
                File.WriteAllBytes(folder.File("tokenizer_config.json"), config);
                _ = AssertRefusedOrRoundTrips(folder.Path) ? loaded++ : refused++;
            },
            iter: 800,
            threads: 1);
        Assert.True(refused > 20 && loaded > 20, $"{refused} refused, {loaded} loaded: the mutations are too weak or too strong");
    }

    private static bool AssertRefusedOrRoundTrips(string folder)
    {
        ByteLevelBpeTokenizer tokenizer;
        try
        {
            tokenizer = ByteLevelBpeTokenizer.Load(folder);
        }
        catch (TokenizerFormatException)
        {
            return false;
        }

        // Damage to add_prefix_space leaves its default, which puts a space before the text.
        Assert.Equal(Text, tokenizer.Decode([.. tokenizer.EncodeText(Text)]).TrimStart(' '));
        return true;
    }

    /// <summary>Flipped bytes, removed and doubled stretches, and cut ends of a valid file.</summary>
    private static Gen<byte[]> Mutations(byte[] valid)
    {
        Gen<int> position = Gen.Int[0, valid.Length - 1];
        Gen<byte[]> flips = Gen.Select(position, Gen.Byte).Array[1, 3].Select(changes =>
        {
            byte[] bytes = [.. valid];
            foreach ((int at, byte value) in changes)
            {
                bytes[at] = value;
            }

            return bytes;
        });
        Gen<byte[]> removals = Gen.Select(position, Gen.Int[1, 12], (at, count) => (byte[])[.. valid[..at], .. valid.Skip(at + count)]);
        Gen<byte[]> copies = Gen.Select(position, position, Gen.Int[1, 12], (from, to, count) =>
            (byte[])[.. valid[..to], .. valid.Skip(from).Take(count), .. valid[to..]]);
        Gen<byte[]> cuts = position.Select(at => valid[..at]);
        return Gen.Frequency((4, flips), (2, removals), (2, copies), (1, cuts));
    }

    private static ByteLevelBpeTokenizer LoadWith(Action<JsonObject> change)
    {
        using var folder = new TemporaryFolder();
        JsonObject root = JsonNode.Parse(ValidTokenizer)!.AsObject();
        change(root);
        // A lone surrogate cannot go through JsonNode, so its escape is put in as text.
        File.WriteAllText(folder.File("tokenizer.json"), root.ToJsonString().Replace("SURROGATE", "\\ud800", StringComparison.Ordinal));
        return ByteLevelBpeTokenizer.Load(folder.Path);
    }

    private static void Set(JsonObject root, string field, string value)
    {
        string[] path = field.Split('.');
        JsonNode parent = path[..^1].Aggregate((JsonNode)root, (node, name) => node[name]!);
        parent[path[^1]] = JsonNode.Parse(value.Replace("\\ud800", "SURROGATE", StringComparison.Ordinal));
    }

    private static byte[] Saved(string file)
    {
        using var folder = new TemporaryFolder();
        TokenizationCorpus.Vocabulary.Save(folder.Path);
        return File.ReadAllBytes(folder.File(file));
    }
}
