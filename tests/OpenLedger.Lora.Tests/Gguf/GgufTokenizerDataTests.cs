using OpenLedger.Lora.Gguf;
using OpenLedger.Testing;

namespace OpenLedger.Lora.Tests.Gguf;

public class GgufTokenizerDataTests
{
    private static readonly KeyValuePair<string, object>[] Valid =
    [
        new("tokenizer.ggml.model", "llama"),
        new("tokenizer.ggml.pre", "default"),
        new("tokenizer.ggml.tokens", new[] { "<unk>", "<s>", "</s>", "<0x00>", "\u2581a" }),
        new("tokenizer.ggml.scores", new[] { 0f, 0, 0, 0, -1 }),
        new("tokenizer.ggml.token_type", new[] { 2, 3, 3, 6, 1 }),
        new("tokenizer.ggml.merges", new[] { "a b" }),
        new("tokenizer.ggml.bos_token_id", 1u),
        new("tokenizer.ggml.eos_token_id", 2u),
        new("tokenizer.ggml.unknown_token_id", 0u),
        new("tokenizer.ggml.add_bos_token", true),
        new("tokenizer.ggml.add_space_prefix", false),
        new("tokenizer.ggml.precompiled_charsmap", new sbyte[] { -1, 2 }),
        new("tokenizer.chat_template", "{{ x }}"),
    ];

    [Fact]
    public void Read_WholeVocabulary_KeepsEveryEntry()
    {
        GgufTokenizerData data = Read(Valid);
        Assert.Equal("llama", data.Model);
        Assert.Equal("default", data.PreTokenizer);
        Assert.Equal(["<unk>", "<s>", "</s>", "<0x00>", "\u2581a"], data.Tokens);
        Assert.Equal([0f, 0, 0, 0, -1], data.Scores);
        Assert.Equal([GgufTokenType.Unknown, GgufTokenType.Control, GgufTokenType.Control, GgufTokenType.Byte, GgufTokenType.Normal], data.TokenTypes);
        Assert.Equal(["a b"], data.Merges);
        Assert.Equal((1, 2, 0), (data.BeginToken, data.EndToken, data.UnknownToken));
        Assert.Null(data.PaddingToken);
        Assert.True(data.AddBeginToken);
        Assert.Null(data.AddEndToken);
        Assert.False(data.AddSpacePrefix);
        Assert.Equal(new byte[] { 255, 2 }, data.PrecompiledCharacterMap.ToArray());
        Assert.Equal("{{ x }}", data.ChatTemplate);
    }

    [Fact]
    public void Read_EntriesThatDoNotFit_AreAllListed()
    {
        ModelFormatException exception = Assert.Throws<ModelFormatException>(() => Read(Valid.Select(p => p.Key switch
        {
            "tokenizer.ggml.scores" => new(p.Key, new float[4]),
            "tokenizer.ggml.token_type" => new(p.Key, new[] { 1, 1, 1, 1, 7 }),
            "tokenizer.ggml.bos_token_id" => new(p.Key, 5u),
            "tokenizer.ggml.precompiled_charsmap" => new(p.Key, "x"),
            _ => p,
        })));
        Assert.Equal(ModelFormatError.ConfigInvalid, exception.Error);
        Assert.Contains("4 elements for 5 tokens", exception.Message, StringComparison.Ordinal);
        Assert.Contains("holds 7", exception.Message, StringComparison.Ordinal);
        Assert.Contains("'tokenizer.ggml.bos_token_id' is 5", exception.Message, StringComparison.Ordinal);
        Assert.Contains("precompiled_charsmap", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tokenizer.ggml.model")]
    [InlineData("tokenizer.ggml.tokens")]
    public void Read_MissingEntry_IsNamed(string key) =>
        Assert.Contains(key, Assert.Throws<ModelFormatException>(() => Read(Valid.Where(p => p.Key != key))).Message, StringComparison.Ordinal);

    private static GgufTokenizerData Read(IEnumerable<KeyValuePair<string, object>> metadata)
    {
        using TemporaryFolder folder = new();
        GgufWriter.Write(folder.File("x"), metadata, []);
        using GgufFile file = GgufFile.Open(folder.File("x"));
        return GgufTokenizerData.Read(file);
    }
}
