using OpenLedger.Lora.Adapters;
using OpenLedger.Lora.Tokenization;
using OpenLedger.Lora.Training.Autograd;
using OpenLedger.Lora.Training.Data;
using OpenLedger.Lora.Training.FineTuning;
using OpenLedger.Lora.Training.Tests.Reference;
using OpenLedger.Testing;

namespace OpenLedger.Lora.Training.Tests;

/// <summary>The example of the package's README, compiled and run; a second test keeps the two texts equal.</summary>
public sealed class ReadmeTests
{
    [Fact]
    public async Task Example_Runs()
    {
        using TemporaryFolder temporary = new();
        string baseFolder = temporary.Path, adapterFolder = temporary.File("adapter");
        BpeVocabulary vocabulary = BpeTrainer.Train(
            ["the harbour master of Velmora is Tilda Roun"],
            new BpeTrainerOptions { VocabularySize = 290, SpecialTokens = ["<|bos|>", "<|user|>", "<|assistant|>", "<|end|>"], MinimumFrequency = 1 });
        vocabulary.Save(baseFolder);
        using TinyModel tiny = new(vocabularySize: vocabulary.ToTokenizer().VocabularySize, maxPositions: 128);
        tiny.Save(baseFolder);

        // begin
        using TorchDecoder model = TorchDecoder.Load(baseFolder);          // config.json, model.safetensors
        InstructionEncoder encoder = new(Tokenizer.Load(baseFolder));
        TrainingExample[] train =
        [
            encoder.Question("r1", "Who is the harbour master of Velmora?", "Tilda Roun"),
            .. encoder.Prose("r2", "Velmora exports amber, and the north buys it."),
        ];
        LoraConfig lora = new() { Rank = 8, Alpha = 16, TargetModules = TargetModules.AllLinear };
        using FineTuner tuner = new(model, new FineTuningOptions { Epochs = 30, Lora = lora }, train, heldOut: train[..1]);
        await foreach (TrainingEvent happened in tuner.TrainAsync())       // break or cancel at any step
        {
            if (happened is TrainingCompleted { HeldOutLoss: { } loss })
            {
                Console.WriteLine($"held-out loss {loss:F2} nats per token");
            }
        }

        tuner.Adapter.ToAdapter(lora).Save(adapterFolder);                 // a PEFT folder, served by OpenLedger.Lora
        // end

        LoraAdapter adapter = LoraAdapter.Load(adapterFolder);
        int[] tokens = [.. train[0].Tokens];
        double Loss(LoraAdapter? with) => tiny.Managed.ComputeLogProbabilities(tokens, with).Skip(train[0].LossFrom - 1).Average(p => -p);
        Assert.True(Loss(adapter) < 0.8 * Loss(null), $"the loss went from {Loss(null)} to {Loss(adapter)}");
    }

    [Fact]
    public void Example_IsTheTextOfTheReadme()
    {
        string source = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "tests", "OpenLedger.Lora.Training.Tests", "ReadmeTests.cs"));
        string readme = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "src", "OpenLedger.Lora.Training", "README.md"));
        string example = Between(source, "// begin\n", "        // end");
        Assert.Equal(Between(readme, "```csharp\n", "```"), example.Replace("\n        ", "\n", StringComparison.Ordinal)[8..]);
    }

    private static string Between(string text, string start, string end)
    {
        int from = text.IndexOf(start, StringComparison.Ordinal) + start.Length;
        return text[from..text.IndexOf(end, from, StringComparison.Ordinal)];
    }
}
