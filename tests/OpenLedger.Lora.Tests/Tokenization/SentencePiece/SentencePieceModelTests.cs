using System.Text;
using CsCheck;
using OpenLedger.Lora.Tokenization;
using OpenLedger.Lora.Tokenization.Normalization;
using OpenLedger.Lora.Tokenization.SentencePiece;

namespace OpenLedger.Lora.Tests.Tokenization.SentencePiece;

public sealed class SentencePieceModelTests
{
    [Fact]
    public void EncodeText_RandomUnigram_IsTheMostProbableSegmentation()
    {
        Gen<string> piece = UnicodeTexts.OneOf("a", "b", "é", "\U00020000").Array[1, 4].Select(string.Concat);
        Gen.Select(Gen.Select(piece, Gen.Int[1, 40]).Array[1, 12], UnicodeTexts.OneOf("a", "b", "é", "\U00020000").Array[1, 9].Select(string.Concat)).Sample((entries, text) =>
        {
            (string Text, float Score)[] pieces = [.. entries.DistinctBy(entry => entry.Item1).Select(entry => (entry.Item1, -entry.Item2 / 4f))];
            float unknown = pieces.Min(entry => entry.Score) - 10;
            Tokenizer tokenizer = Load(SentencePieceModelType.Unigram, [("<unk>", 0, PieceKind.Unknown), .. pieces.Select(entry => (entry.Text, entry.Score, PieceKind.Normal))]);
            // Unknown characters in a row share one id, so the score is compared, not the ids: quarters add up exactly.
            double score = Segmentations(text, pieces, unknown).Max();
            IReadOnlyList<int> ids = tokenizer.EncodeText(text);
            double actual = ids.Where(id => id != 0).Sum(id => (double)pieces[id - 1].Score)
                + (unknown * (text.EnumerateRunes().Count() - ids.Where(id => id != 0).Sum(id => pieces[id - 1].Text.EnumerateRunes().Count())));
            return score == actual;
        }, iter: 1000);
    }

    [Theory]
    [InlineData("the", "\u2581the")]
    [InlineData("  a   the  ", "\u2581 a \u2581the")]
    [InlineData("\uFF21\u00A0a", "\u2581 A \u2581 a")]
    [InlineData("<x>a<x>", "\u2581 <x> a <x>")]
    [InlineData("<s></s>", "\u2581 <unk> <unk>")]
    [InlineData("", "")]
    [InlineData("   ", "")]
    public void EncodeText_UnigramWithMapAndSymbols_CutsAsSpecified(string text, string expected)
    {
        SentencePieceModel model = SentencePieceModelReader.Read(TinyModels.Unigram(), "the test");
        Tokenizer tokenizer = SentencePieceAssembly.Create(model, new TokenizerConfig(), family: null);

        string[] pieces = [.. tokenizer.EncodeText(text).Select(id => model.Pieces[id].Text)];

        if (text == "<s></s>")
        {
            // The letters of the names are no pieces: unknown in a row is one.
            Assert.Equal(["\u2581", "<unk>"], pieces);
            return;
        }

        Assert.Equal(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries), pieces);
    }

    [Fact]
    public void EncodeText_BpeWithScores_MergesTheHighestFirst()
    {
        SentencePieceModel model = SentencePieceModelReader.Read(TinyModels.Bpe(), "the test");
        Tokenizer tokenizer = SentencePieceAssembly.Create(model, new TokenizerConfig { BeginTokenFlag = true }, family: null);

        Assert.Equal(["\u2581the", "\u2581", "\u2581the"], tokenizer.EncodeText("the  the").Select(id => model.Pieces[id].Text));
        Assert.Equal(["\u2581", "<x>", "<0x62>", "\U00010400"], tokenizer.EncodeText("<x>b\U00010400").Select(id => model.Pieces[id].Text));
        Assert.Equal([1], tokenizer.PromptPrefix);
        Assert.Equal("the  the", tokenizer.Decode([.. tokenizer.EncodePrompt("the  the")]));
    }

    [Fact]
    public void EncodeText_BpePieceWithACharacterThatIsNone_StillMerges()
    {
        Tokenizer tokenizer = Load(SentencePieceModelType.Bpe, [("<unk>", 0, PieceKind.Unknown), ("a", -1, PieceKind.Normal), ("ab", -2, PieceKind.Normal)]);

        Assert.Equal([2, 0, 1], tokenizer.EncodeText("abba"));
    }

    [Theory]
    [InlineData(nameof(SentencePieceModelType.Bpe), "<start_of_turn>", false, true)]
    [InlineData(nameof(SentencePieceModelType.Unigram), "<end_of_turn>", false, true)]
    [InlineData(nameof(SentencePieceModelType.Bpe), "<|end|>", false, true)]
    [InlineData(nameof(SentencePieceModelType.Unigram), "<\uFF5Cend\uFF5C>", false, true)]
    [InlineData(nameof(SentencePieceModelType.Bpe), "[INST]", true, true)]
    [InlineData(nameof(SentencePieceModelType.Word), "[INST]", true, true)]
    [InlineData(nameof(SentencePieceModelType.Bpe), "[INST]", false, false)]
    [InlineData(nameof(SentencePieceModelType.Unigram), "<b>", false, false)]
    public void EncodeText_UserDefinedControlToken_IsReadFromMarkupOnly(string type, string name, bool isFlagged, bool isControl)
    {
        byte[] file = TinyModels.Model(
            Enum.Parse<SentencePieceModelType>(type), hasBytes: false, map: [], [("<unk>", 0, PieceKind.Unknown), ("a", -1, PieceKind.Normal), (name, 0, PieceKind.UserDefined)]);
        Tokenizer tokenizer = SentencePieceAssembly.Create(
            SentencePieceModelReader.Read(file, "the test") with { AddsDummyPrefix = false },
            new TokenizerConfig { AddedTokens = isFlagged ? [new AddedToken(2, name, IsSpecial: true)] : [] },
            family: null);

        Assert.Equal(2, tokenizer.FindSpecial(name));
        Assert.Equal(isControl, tokenizer.IsSpecial(2));
        Assert.Equal(!isControl, tokenizer.EncodeText($"a {name} a").Contains(2));
        Assert.Contains(2, tokenizer.EncodeMarkup($"a {name} a"));
    }

    [Fact]
    public void Decode_LeadingSpaces_FollowTheModel()
    {
        Tokenizer keeps = SentencePieceAssembly.Create(SentencePieceModelReader.Read(TinyModels.Bpe(), "x"), new TokenizerConfig(), family: null);
        Tokenizer removes = SentencePieceAssembly.Create(SentencePieceModelReader.Read(TinyModels.Unigram(), "x"), new TokenizerConfig(), family: null);
        int space = keeps.EncodeText(" ")[0];

        Assert.Equal("  a", keeps.Decode([.. keeps.EncodeText("  a")]));
        Assert.Equal(" ", keeps.Decode([1, space, space]));
        Assert.Equal("a a", removes.Decode([.. removes.EncodeText("  a  a ")]));

        IncrementalDetokenizer detokenizer = keeps.CreateDetokenizer();
        Assert.Equal(["", " ", ""], new[] { detokenizer.Push(space), detokenizer.Push(space), detokenizer.Flush() });
        Assert.Equal("", detokenizer.Push(space));
    }

    [Fact]
    public void Create_WrongVocabulary_IsRefusedWithItsError()
    {
        void Refused(TokenizerFormatError error, params (string, float, PieceKind)[] pieces) => Assert.Equal(
            error, Assert.Throws<TokenizerFormatException>(() => Load(SentencePieceModelType.Bpe, pieces)).Error);

        Refused(TokenizerFormatError.InvalidVocabulary);
        Refused(TokenizerFormatError.InvalidVocabulary, ("a", 0, PieceKind.Normal));
        Refused(TokenizerFormatError.InvalidVocabulary, ("<unk>", 0, PieceKind.Unknown), ("a", 0, PieceKind.Normal), ("a", 0, PieceKind.Normal));
        Refused(TokenizerFormatError.InvalidVocabulary, ("<unk>", 0, PieceKind.Unknown), ("b", 0, PieceKind.Unknown));
        Refused(TokenizerFormatError.InvalidVocabulary, ("<unk>", 0, PieceKind.Unknown), ("b", 0, PieceKind.Byte));
        Refused(TokenizerFormatError.InvalidVocabulary, ("<unk>", 0, PieceKind.Unknown), ("", 0, PieceKind.Normal));
        Refused(TokenizerFormatError.InvalidVocabulary, ("<unk>", 0, PieceKind.Unknown), ("a", float.NaN, PieceKind.Normal));
        Refused(TokenizerFormatError.UnsupportedComponent, ("<unk>", 0, PieceKind.Unknown), ("a", 0, PieceKind.Unused));
    }

    [Theory]
    [InlineData("0AFFFFFFFF0F")]
    [InlineData("0A05")]
    [InlineData("FFFFFFFFFFFFFFFFFFFFFF01")]
    [InlineData("0B")]
    [InlineData("00")]
    [InlineData("0A030A01FF")]
    [InlineData("0D00000000")]
    [InlineData("1203C00101")]
    public void Read_BrokenProtobuf_IsRefused(string hexadecimal) =>
        Assert.Throws<TokenizerFormatException>(() => SentencePieceModelReader.Read(Convert.FromHexString(hexadecimal), "x"));

    [Fact]
    public void ReadMap_PlacesOutside_AreRefused()
    {
        byte[] valid = TinyModels.Map();
        Assert.True(CharacterMap.Read(valid).TryFind("\uFF21"u8, shortest: false, out int length, out ReadOnlySpan<byte> replacement));
        Assert.Equal((3, "A"), (length, Encoding.UTF8.GetString(replacement)));

        byte[] beyond = [.. valid];
        beyond[4 + (900 * 4)] = 99; // the value of the first key
        byte[] long_ = [.. valid];
        long_[1] = 0xFF;
        foreach (byte[] broken in new[] { beyond, long_, valid[..^1], valid[..3], [], [0, 0, 0, 0, 0] })
        {
            Assert.Throws<FormatException>(() => CharacterMap.Read(broken));
        }
    }

    private static SentencePieceTokenizer Load(SentencePieceModelType type, (string, float, PieceKind)[] pieces) => SentencePieceAssembly.Create(
        SentencePieceModelReader.Read(TinyModels.Model(type, hasBytes: false, map: [], pieces), "the test") with { AddsDummyPrefix = false, RemovesExtraSpaces = false },
        new TokenizerConfig(),
        family: null);

    private static IEnumerable<double> Segmentations(string text, (string Text, float Score)[] pieces, float unknown)
    {
        if (text.Length == 0)
        {
            return [0];
        }

        int first = char.IsHighSurrogate(text[0]) ? 2 : 1;
        IEnumerable<(int Length, float Score)> starts = pieces.Where(piece => text.StartsWith(piece.Text, StringComparison.Ordinal)).Select(piece => (piece.Text.Length, piece.Score));
        if (!pieces.Any(piece => piece.Text == text[..first]))
        {
            starts = starts.Append((first, unknown));
        }

        return [.. starts.SelectMany(start => Segmentations(text[start.Length..], pieces, unknown).Select(rest => rest + start.Score))];
    }
}
