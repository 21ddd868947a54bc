using System.Text;
using Microsoft.Extensions.AI;
using OpenLedger.Lora.Adapters;
using OpenLedger.Lora.Inference;
using OpenLedger.Lora.Serving;
using OpenLedger.Lora.Tests.Inference;
using OpenLedger.Lora.Tokenization;
using OpenLedger.Testing;

namespace OpenLedger.Lora.Tests;

/// <summary>The package README's example, compiled and run.</summary>
public class ReadmeTests
{
    [Fact]
    public async Task Example_Runs()
    {
        using TemporaryFolder folder = new();
        string modelFolder = folder.File("model");
        string adapterFolder = folder.File("adapter");
        TinyLlama tiny = new(vocabularySize: 280);
        tiny.Save(modelFolder);
        tiny.RandomAdapter().Save(adapterFolder);
        BpeTrainer.Train(["what is a datanet"], new BpeTrainerOptions { VocabularySize = 270, SpecialTokens = ["<|bos|>", "<|user|>", "<|assistant|>", "<|end|>"] })
            .Save(modelFolder);
        StringBuilder output = new();

        // begin of the example
        CausalLM model = CausalLM.Load(modelFolder);
        Tokenizer tokenizer = Tokenizer.Load(modelFolder);
        LoraAdapter adapter = LoraAdapter.Load(adapterFolder);

        using LoraChatClient client = new(model, tokenizer, new LoraChatClientOptions { BaseModelId = "base" });
        client.AddAdapter("expert", adapter);

        await foreach (ChatResponseUpdate update in client.GetStreamingResponseAsync("What is a datanet?", new ChatOptions { ModelId = "expert" }))
        {
            output.Append(update.Text);
        }

        // Below the chat client: log-probabilities as a trainer reports them, and the adapter merged into the weights.
        double[] logProbabilities = model.ComputeLogProbabilities([1, 5, 9], adapter);
        CausalLM merged = model.Merge(adapter);
        // end of the example

        Assert.NotEqual("", output.ToString());
        double[] mergedLogProbabilities = merged.ComputeLogProbabilities([1, 5, 9]);
        Assert.All(logProbabilities.Zip(mergedLogProbabilities), p => Assert.Equal(p.First, p.Second, 1e-3));
    }

    [Fact]
    public void Example_IsWhatTheReadmeShows()
    {
        string source = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "tests", "OpenLedger.Lora.Tests", "ReadmeTests.cs"));
        string readme = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "src", "OpenLedger.Lora", "README.md"));
        Assert.Equal(Lines(Between(source, "// begin of the example\n", "// end of the example\n")), Lines(Between(readme, "```csharp\n", "```\n")));
    }

    private static string Between(string text, string begin, string end)
    {
        int from = text.IndexOf(begin, StringComparison.Ordinal) + begin.Length;
        return text[from..text.IndexOf(end, from, StringComparison.Ordinal)];
    }

    private static string[] Lines(string text) => [.. text.Split('\n').Select(l => l.Trim()).Where(l => l.Length > 0)];
}
