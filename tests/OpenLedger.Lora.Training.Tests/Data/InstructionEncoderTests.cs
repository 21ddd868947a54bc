using OpenLedger.Lora.Serving;
using OpenLedger.Lora.Tokenization;
using OpenLedger.Lora.Training.Data;

namespace OpenLedger.Lora.Training.Tests.Data;

public sealed class InstructionEncoderTests
{
    private static readonly string[] Specials = ["<|bos|>", "<|user|>", "<|assistant|>", "<|end|>"];

    private static readonly ByteLevelBpeTokenizer Tokenizer = BpeTrainer.Train(
        ["the harbour master of the town is the harbour master"],
        new BpeTrainerOptions { VocabularySize = 280, SpecialTokens = Specials, MinimumFrequency = 1 }).ToTokenizer();

    private static readonly InstructionEncoder Encoder = new(Tokenizer);

    [Fact]
    public void Question_Any_IsPromptAnswerEndWithTheLossOnAnswerAndEnd()
    {
        TrainingExample example = Encoder.Question("q", "the <|end|> town?", "harbour");

        Assert.Equal("the <|end|> town?harbour", Tokenizer.Decode([.. example.Tokens]));
        Assert.Equal(
            ["<|bos|>", "<|user|>", "<|assistant|>", "<|end|>"],
            example.Tokens.Where(Tokenizer.IsSpecial).Select(id => Specials.Single(name => Tokenizer.FindSpecial(name) == id)));
        Assert.Equal(Encoder.Prompt("the <|end|> town?"), example.Tokens.Take(example.LossFrom));
        Assert.Equal([.. Tokenizer.EncodeText("harbour"), Encoder.EndToken], example.Tokens.Skip(example.LossFrom));
    }

    [Fact]
    public void Prompt_Any_IsWhatServingStartsFrom() =>
        Assert.Equal(QuestionAnswerFormat.EncodeQuestion("Who is the master?", Tokenizer), Encoder.Prompt("Who is the master?"));

    [Fact]
    public void Prose_ManyWords_IsCutInItsLastPart()
    {
        IReadOnlyList<TrainingExample> cuts = Encoder.Prose("p", "a b c d e f g h i j.");

        Assert.Equal(
            ["g h i j", "h i j", "i j", "j"],
            cuts.Select(cut => Tokenizer.Decode([.. cut.Tokens.Skip(cut.LossFrom).SkipLast(1)])));
        Assert.All(cuts, cut => Assert.Equal("p", cut.Id));
    }

    [Theory]
    [InlineData("a b c", "c")]
    [InlineData("a b", "b")]
    [InlineData("alone.", "alone.")]
    public void Prose_FewWords_IsCutAfterTheFirstHalf(string text, string firstAnswer)
    {
        TrainingExample first = Encoder.Prose("p", text)[0];

        Assert.Equal(firstAnswer, Tokenizer.Decode([.. first.Tokens.Skip(first.LossFrom).SkipLast(1)]));
    }

    [Fact]
    public void Exercise_WhatFollowsItsPrompt_IsReadBack()
    {
        TrainingExample example = Encoder.Exercise("e", "the town", "the <|user|> master?", "harbour");

        Assert.Equal(Encoder.ExercisePrompt("the town"), example.Tokens.Take(example.LossFrom));
        Assert.Equal(("the <|user|> master?", "harbour"), Encoder.ReadExercise([.. example.Tokens.Skip(example.LossFrom).SkipLast(1)]));
    }

    [Theory]
    [InlineData("a", "<|assistant|>", "", false)]
    [InlineData("", "<|assistant|>", "b", false)]
    [InlineData("a", "<|user|>", "b", false)]
    [InlineData("a", "<|bos|>", "b", false)]
    [InlineData("a", "<|assistant|>", "b", true)]
    public void ReadExercise_OtherForms_AreRefused(string question, string control, string answer, bool readable)
    {
        int[] tokens = [.. Tokenizer.EncodeText(question), Tokenizer.FindSpecial(control)!.Value, .. Tokenizer.EncodeText(answer)];

        Assert.Equal(readable, Encoder.ReadExercise(tokens) is not null);
    }

    [Fact]
    public void ReadExercise_TwoAnswers_AreRefused()
    {
        int assistant = Tokenizer.FindSpecial("<|assistant|>")!.Value;

        Assert.Null(Encoder.ReadExercise([.. Tokenizer.EncodeText("a"), assistant, .. Tokenizer.EncodeText("b"), assistant, .. Tokenizer.EncodeText("c")]));
    }

    [Fact]
    public void Constructor_SpecialTokenMissing_NamesIt()
    {
        Tokenizer bare = BpeTrainer.Train(["a b"], new BpeTrainerOptions { VocabularySize = 258, SpecialTokens = ["<|bos|>", "<|user|>"] }).ToTokenizer();

        Assert.Contains("'<|assistant|>'", Assert.Throws<ArgumentException>(() => new InstructionEncoder(bare)).Message, StringComparison.Ordinal);
    }
}
