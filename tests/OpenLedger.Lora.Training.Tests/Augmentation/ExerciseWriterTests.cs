using OpenLedger.Lora.Adapters;
using OpenLedger.Lora.Inference;
using OpenLedger.Lora.Tokenization;
using OpenLedger.Lora.Training.Augmentation;
using OpenLedger.Lora.Training.Data;
using OpenLedger.Lora.Training.FineTuning;
using OpenLedger.Lora.Training.Tests.Reference;

namespace OpenLedger.Lora.Training.Tests.Augmentation;

public class ExerciseWriterTests
{
    private const string Source = "The mill is red.", Question = "What colour is the mill?", Answer = "red";

    [Fact]
    public async Task Write_ModelThatLearnedAnExercise_WritesItAndDropsOtherAnswers()
    {
        ByteLevelBpeTokenizer tokenizer = Tokenizer();
        InstructionEncoder encoder = new(tokenizer);
        using TinyModel tiny = new(tied: true, vocabularySize: tokenizer.VocabularySize, maxPositions: 96);
        using FineTuner tuner = new(
            tiny.Torch,
            new FineTuningOptions { Epochs = 100, LearningRate = 2e-2, Lora = new LoraConfig { Rank = 8, Alpha = 16, TargetModules = TargetModules.AllLinear } },
            [encoder.Exercise("e", Source, Question, Answer)],
            []);
        await foreach (TrainingEvent _ in tuner.TrainAsync(TestContext.Current.CancellationToken))
        {
        }

        LoraAdapter adapter = tuner.Adapter.ToAdapter(new LoraConfig { Rank = 8, Alpha = 16, TargetModules = TargetModules.AllLinear });
        CausalLM model = tiny.Managed.Merge(adapter);
        ExerciseWriter writer = new(model, encoder, new ExerciseWriterOptions { Temperature = 0.3, Seed = 4 });

        IReadOnlyList<IReadOnlyList<Exercise>> written = writer.Write(
            [(Source, Answer), (Source, null), (Source, "blue")], TestContext.Current.CancellationToken);
        Assert.Equal(new Exercise(Question, Answer), Assert.Single(written[0]));
        Assert.Equal(new Exercise(Question, Answer), Assert.Single(written[1]));
        Assert.Empty(written[2]);
    }

    [Fact]
    public void Write_UntrainedModel_WritesNothingAndRepeatsItself()
    {
        ByteLevelBpeTokenizer tokenizer = Tokenizer();
        using TinyModel tiny = new(tied: true, vocabularySize: tokenizer.VocabularySize, maxPositions: 96);
        ExerciseWriter writer = new(tiny.Managed, new InstructionEncoder(tokenizer));
        Assert.All(writer.Write([(Source, Answer), (new string('x', 500), null)], TestContext.Current.CancellationToken), Assert.Empty);
    }

    [Fact]
    public void Write_Cancelled_Throws()
    {
        ByteLevelBpeTokenizer tokenizer = Tokenizer();
        using TinyModel tiny = new(tied: true, vocabularySize: tokenizer.VocabularySize, maxPositions: 96);
        ExerciseWriter writer = new(tiny.Managed, new InstructionEncoder(tokenizer));
        Assert.ThrowsAny<OperationCanceledException>(() => writer.Write([(Source, Answer)], new CancellationToken(canceled: true)));
    }

    [Theory]
    [InlineData("Who looks after Marrow Light?", true)]
    [InlineData("Who looks after Marsh Light?", false)]
    [InlineData("Who looks after Marrow?", true)]
    [InlineData("Is Marrow Light's keeper 41?", false)]
    [InlineData("Josun who built Marrow Light?", true)]
    public void NamesOccur_OnlyNamesOfTheText_Pass(string question, bool passes) =>
        Assert.Equal(passes, ExerciseWriter.NamesOccur(question, "Who built Marrow Light? Josun Adair"));

    [Fact]
    public void Options_EveryFault_IsListed()
    {
        ArgumentException fault = Assert.Throws<ArgumentException>(
            () => new ExerciseWriterOptions { Attempts = 0, Temperature = 0, TopP = 2, MaxTokens = 1 }.Validate());
        Assert.All(["Attempts is 0", "Temperature is 0", "TopP is 2", "MaxTokens is 1"], part => Assert.Contains(part, fault.Message, StringComparison.Ordinal));
    }

    private static ByteLevelBpeTokenizer Tokenizer() => BpeTrainer.Train(
        [Source, Question, Answer],
        new BpeTrainerOptions { VocabularySize = 300, SpecialTokens = ["<|bos|>", "<|user|>", "<|assistant|>", "<|end|>"] }).ToTokenizer();
}
