using CsCheck;
using OpenLedger.Lora.Tests.Tokenization.Reference;
using OpenLedger.Lora.Tokenization;

namespace OpenLedger.Lora.Tests.Tokenization;

public sealed class ByteLevelBpeTokenizerTests
{
    private static ByteLevelBpeTokenizer Tokenizer => TokenizationCorpus.Tokenizer;

    [Fact]
    public void EncodeText_AnyUnicode_RoundTrips() =>
        UnicodeTexts.Any.Sample(text => Tokenizer.Decode([.. Tokenizer.EncodeText(text)]) == text, iter: 5000);

    [Fact]
    public void EncodeText_AnyUnicode_EqualsTheReference() => UnicodeTexts.Any.Sample(
        text => Tokenizer.EncodeText(text).Select(id => TokenizationCorpus.Vocabulary.Tokens[id])
            .SequenceEqual(ReferenceBpe.EncodeText(text, TokenizationCorpus.Vocabulary.Merges)),
        iter: 1500);

    [Theory]
    [InlineData("a\uD83Eb")]
    [InlineData("\uDD80")]
    [InlineData("x\uD83E")]
    [InlineData("\uDD80\uD83E")]
    [InlineData("\uD83E\uD83E\uDD80")]
    public void EncodeText_LoneSurrogate_BecomesReplacementCharacter(string text)
    {
        string expected = string.Concat(text.EnumerateRunes());

        Assert.Contains('\uFFFD', expected);
        Assert.Equal(expected, Tokenizer.Decode([.. Tokenizer.EncodeText(text)]));
    }

    [Fact]
    public void EncodeText_Empty_IsEmpty() => Assert.Empty(Tokenizer.EncodeText(""));

    [Fact]
    public void EncodeText_SpecialTokensInText_NeverGivesAControlId()
    {
        Gen<string> pieces = UnicodeTexts.OneOf([.. TokenizationCorpus.SpecialTokens, "<|", "|>", "end", " ", "<|en", "d|>"]);
        pieces.Array[1, 12].Select(string.Concat).Sample(
            text =>
            {
                IReadOnlyList<int> ids = Tokenizer.EncodeText(text);
                return !ids.Any(Tokenizer.IsSpecial) && Tokenizer.Decode([.. ids]) == text;
            },
            iter: 2000);
    }

    [Fact]
    public void EncodeText_FromManyThreads_GivesTheSameIds()
    {
        string[] texts = [.. Enumerable.Range(0, 400).Select(i => $"harbour {i} the lighthouse {i * 7919} Ilka's {(char)(0x4E00 + i)}")];
        IReadOnlyList<int>[] expected = [.. texts.Select(TokenizationCorpus.Vocabulary.ToTokenizer().EncodeText)];
        ByteLevelBpeTokenizer shared = TokenizationCorpus.Vocabulary.ToTokenizer();
        var actual = new IReadOnlyList<int>[texts.Length];

        Parallel.For(0, texts.Length, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i => actual[i] = shared.EncodeText(texts[i]));

        Assert.Equal(expected, actual);
    }

    [Fact]
    public void EncodeText_OneVeryLongWord_RoundTrips()
    {
        string text = new('a', 200_000);

        Assert.Equal(text, Tokenizer.Decode([.. Tokenizer.EncodeText(text)]));
    }

    [Fact]
    public void FindSpecial_KnownAndUnknown_GivesIdOrNull()
    {
        Assert.Equal(0, Tokenizer.FindSpecial("<|bos|>"));
        Assert.Equal(3, Tokenizer.FindSpecial("<|end|>"));
        Assert.Null(Tokenizer.FindSpecial("<|END|>"));
        Assert.Null(Tokenizer.FindSpecial("the"));
    }

    [Fact]
    public void Decode_SpecialTokens_AreSkipped()
    {
        int[] ids = [0, 1, .. Tokenizer.EncodeText("the har"), 3, 2, .. Tokenizer.EncodeText("bour"), 3];

        Assert.Equal("the harbour", Tokenizer.Decode(ids));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(400)]
    [InlineData(int.MaxValue)]
    [InlineData(int.MinValue)]
    public void Decode_IdOutsideTheVocabulary_Throws(int id)
    {
        Assert.Equal(400, Tokenizer.VocabularySize);
        Assert.Throws<ArgumentOutOfRangeException>(nameof(id), () => Tokenizer.Decode([id]));
        Assert.Throws<ArgumentOutOfRangeException>(nameof(id), () => Tokenizer.IsSpecial(id));
        Assert.Throws<ArgumentOutOfRangeException>(nameof(id), () => Tokenizer.CreateDetokenizer().Push(id));
    }
}
