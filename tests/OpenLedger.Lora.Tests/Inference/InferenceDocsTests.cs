using System.Numerics.Tensors;
using OpenLedger.Lora.Adapters;
using OpenLedger.Lora.Inference;
using OpenLedger.Testing;

namespace OpenLedger.Lora.Tests.Inference;

/// <summary>The example of docs/lora/inference.md, compiled and run.</summary>
public class InferenceDocsTests
{
    [Fact]
    public void Example_RunsAndIsWhatTheDocumentShows()
    {
        using TemporaryFolder folder = new();
        string modelFolder = folder.File("model");
        TinyLlama tiny = new();
        tiny.Save(modelFolder);
        LoraAdapter adapter = tiny.RandomAdapter();

        // begin of the example
        CausalLM model = CausalLM.Load(modelFolder, new InferenceOptions { WeightFormat = WeightFormat.Int8 });

        // One sequence.
        DecodeSession session = model.CreateSession();
        int first = IndexOfMax(session.Prefill([1, 5, 9]));
        int second = IndexOfMax(session.Decode(first));

        // Sequences that step together: different lengths, different adapters.
        DecodeBatch batch = model.CreateBatch();
        batch.Add(model.CreateSession());
        batch.Add(model.CreateSession(adapter));
        ReadOnlySpan<float> logits = batch.Prefill([1, 5, 9, 1, 7], counts: [3, 2]);
        int[] next = [IndexOfMax(logits[..model.Description.VocabularySize]), IndexOfMax(logits[model.Description.VocabularySize..])];
        logits = batch.Decode(next);
        // end of the example

        Assert.Equal(first, next[0]);
        Assert.Equal(second, IndexOfMax(logits[..61]));
        string source = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "tests", "OpenLedger.Lora.Tests", "Inference", "InferenceDocsTests.cs"));
        string document = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "docs", "lora", "inference.md"));
        Assert.Equal(Lines(Between(source, "// begin of the example\n", "// end of the example\n")), Lines(Between(document, "```csharp\n", "```\n")));
    }

    private static int IndexOfMax(ReadOnlySpan<float> logits) => TensorPrimitives.IndexOfMax(logits);

    private static string Between(string text, string begin, string end)
    {
        int from = text.IndexOf(begin, StringComparison.Ordinal) + begin.Length;
        return text[from..text.IndexOf(end, from, StringComparison.Ordinal)];
    }

    private static string[] Lines(string text) => [.. text.Split('\n').Select(l => l.Trim()).Where(l => l.Length > 0)];
}
