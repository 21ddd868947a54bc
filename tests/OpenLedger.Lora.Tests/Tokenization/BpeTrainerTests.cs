using System.Diagnostics;
using CsCheck;
using OpenLedger.Lora.Tests.Tokenization.Reference;
using OpenLedger.Lora.Tokenization;
using OpenLedger.Testing;

namespace OpenLedger.Lora.Tests.Tokenization;

public sealed class BpeTrainerTests
{
    [Fact]
    public void Train_SmallCorpus_LearnsTheMergesOfTheReference()
    {
        List<(string Left, string Right)> expected = ReferenceBpe.Train(
            TokenizationCorpus.Texts, TokenizationCorpus.Options.VocabularySize, minimumFrequency: 1, TokenizationCorpus.SpecialTokens);

        Assert.True(expected.Count > 100, "the corpus is too small to test anything");
        Assert.Equal(expected, TokenizationCorpus.Vocabulary.Merges);
    }

    [Fact]
    public void Train_RandomCorpora_LearnsTheMergesOfTheReference()
    {
        // Few letters make many ties, overlaps ("aaa") and tokens that two different pairs spell.
        Gen<string[]> corpora = Gen.Char["aab  ç#"].Array[0, 60].Select(letters => new string(letters)).Array[1, 4];
        Gen.Select(corpora, Gen.Int[256, 330], Gen.Int[1, 4]).Sample(
            (texts, size, minimum) =>
            {
                string[] specials = ["aa", "##"];
                BpeVocabulary vocabulary = BpeTrainer.Train(
                    texts, new BpeTrainerOptions { VocabularySize = size + 2, SpecialTokens = specials, MinimumFrequency = minimum });
                return vocabulary.Merges.SequenceEqual(ReferenceBpe.Train(texts, size + 2, minimum, specials));
            },
            iter: 300);
    }

    [Fact]
    public void Train_AnyCorpus_LaysIdsOutAsSpecialsBytesMerges()
    {
        IReadOnlyList<string> tokens = TokenizationCorpus.Vocabulary.Tokens;

        Assert.Equal(TokenizationCorpus.SpecialTokens, tokens.Take(4));
        Assert.Equal(Enumerable.Range(0, 256).Select(value => ReferenceBpe.StandIn((byte)value)).Order(StringComparer.Ordinal), tokens.Skip(4).Take(256));
        Assert.Equal("!", tokens[4]);
        Assert.Equal(TokenizationCorpus.Vocabulary.Merges[0].Left + TokenizationCorpus.Vocabulary.Merges[0].Right, tokens[260]);
    }

    [Fact]
    public void Train_TextsInAnotherOrder_GivesTheSameVocabulary()
    {
        BpeVocabulary reversed = BpeTrainer.Train(TokenizationCorpus.Texts.Reverse(), TokenizationCorpus.Options);

        Assert.Equal(TokenizationCorpus.Vocabulary.Tokens, reversed.Tokens);
        Assert.Equal(TokenizationCorpus.Vocabulary.Merges, reversed.Merges);
    }

    [Fact]
    public void Train_PairThatSpellsASpecialToken_StaysApart()
    {
        BpeVocabulary vocabulary = BpeTrainer.Train(
            Enumerable.Repeat("## ## ##", 50), new BpeTrainerOptions { VocabularySize = 300, SpecialTokens = ["##"] });

        Assert.DoesNotContain(("#", "#"), vocabulary.Merges);
        Assert.DoesNotContain(0, vocabulary.ToTokenizer().EncodeText("## ##"));
    }

    [Fact]
    public void Train_MinimumFrequency_StopsBelowIt()
    {
        BpeVocabulary vocabulary = BpeTrainer.Train(
            ["ab ab ab", "cd cd"], new BpeTrainerOptions { VocabularySize = 1000, MinimumFrequency = 3 });

        Assert.Equal([("a", "b")], vocabulary.Merges);
    }

    [Fact]
    public void Train_NoText_GivesTheBytesAlone()
    {
        BpeVocabulary vocabulary = BpeTrainer.Train([], new BpeTrainerOptions { VocabularySize = 1000 });

        Assert.Equal(256, vocabulary.Tokens.Count);
        Assert.Empty(vocabulary.Merges);
    }

    [Fact]
    public void Train_FaultyOptions_ReportsAllFaultsAtOnce()
    {
        var options = new BpeTrainerOptions
        {
            VocabularySize = 10,
            MinimumFrequency = 0,
            SpecialTokens = ["<|a|>", "<|a|>", "", "x"],
            Roles = new SpecialTokenNames { EndOfSequence = "<|end|>" },
        };

        ArgumentException exception = Assert.Throws<ArgumentException>(() => BpeTrainer.Train([], options));

        Assert.Equal(
            "BpeTrainerOptions: VocabularySize is 10, but 256 bytes and 4 special tokens need at least 260; "
            + "MinimumFrequency is 0, but must be at least 1; special token '<|a|>' is listed twice; "
            + "a special token is null or empty; special token 'x' is the name of a byte; use a longer one, such as '<|x|>'; "
            + "role token '<|end|>' is not one of SpecialTokens; add it there.",
            exception.Message);
    }

    [Fact]
    public void Train_NullText_Throws() =>
        Assert.Throws<ArgumentException>("texts", () => BpeTrainer.Train([null!], new BpeTrainerOptions { VocabularySize = 256 }));

    [Fact]
    public void Train_Cancelled_Throws() => Assert.Throws<OperationCanceledException>(
        () => BpeTrainer.Train(TokenizationCorpus.Texts, TokenizationCorpus.Options, new CancellationToken(canceled: true)));

    [Fact]
    public void Train_OneVeryLongWord_EndsSoon()
    {
        var watch = Stopwatch.StartNew();
        BpeVocabulary vocabulary = BpeTrainer.Train([new string('a', 1 << 20)], new BpeTrainerOptions { VocabularySize = 300 });

        Assert.Equal("aa", vocabulary.Tokens[256]);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), $"took {watch.Elapsed}");
    }

    [Fact]
    public void Save_ThenLoad_EncodesAsTheTrainedVocabulary()
    {
        using var folder = new TemporaryFolder();
        TokenizationCorpus.Vocabulary.Save(folder.Path);
        ByteLevelBpeTokenizer loaded = ByteLevelBpeTokenizer.Load(folder.Path);

        Assert.Equal(TokenizationCorpus.Vocabulary.Tokens.Count, loaded.VocabularySize);
        Assert.Equal(TokenizationCorpus.Options.Roles, loaded.SpecialTokens);
        foreach (string text in TokenizationCorpus.Texts)
        {
            Assert.Equal(TokenizationCorpus.Tokenizer.EncodeText(text), loaded.EncodeText(text));
            Assert.Equal(text, loaded.Decode([.. loaded.EncodeText(text)]));
        }
    }

    [Fact]
    public void Save_Twice_WritesTheSameBytes()
    {
        using var first = new TemporaryFolder();
        using var second = new TemporaryFolder();
        TokenizationCorpus.Vocabulary.Save(first.Path);
        BpeTrainer.Train(TokenizationCorpus.Texts, TokenizationCorpus.Options).Save(second.Path);

        Assert.Equal(["tokenizer.json", "tokenizer_config.json"], Directory.GetFiles(first.Path).Select(Path.GetFileName).Order());
        foreach (string file in new[] { "tokenizer.json", "tokenizer_config.json" })
        {
            Assert.Equal(File.ReadAllBytes(first.File(file)), File.ReadAllBytes(second.File(file)));
        }
    }
}
