using Microsoft.Extensions.AI;
using OpenLedger.Datanets.Formats;
using OpenLedger.Datanets.Records;
using OpenLedger.Datanets.Schemas;
using OpenLedger.Hosting.Datanets;
using OpenLedger.Hosting.Tests.Datanets;
using OpenLedger.Testing;

namespace OpenLedger.Hosting.Tests.Docs;

public sealed class RowGenerationTests
{
    [Fact]
    public async Task I_can_make_rows_of_a_document()
    {
        using TemporaryFolder folder = new();
        await File.WriteAllTextAsync(folder.File("rivers.md"), "The Elbe ends at Cuxhaven.", TestContext.Current.CancellationToken);
        using ScriptedChatClient client = new("""{"rows":[{"question":"Where does the Elbe end?","answer":"Cuxhaven","evidence":"The Elbe ends at Cuxhaven."}]}""");
        ChatRowReport report = await ExampleAsync(client, folder.File("rivers.md"));
        Assert.Equal((1, true), (report.Rows, report.IsComplete));
    }

    [Fact]
    public void Docs_Example_IsTheOneThatRuns()
    {
        string source = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "tests", "OpenLedger.Hosting.Tests", "Docs", "RowGenerationTests.cs"));
        string docs = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "docs", "datanets", "row-generation.md"));
        string[] example = Lines(docs, "```csharp", "```");
        Assert.Equal(Lines(source, "// begin" + " example", "// end" + " example"), example);
        Assert.True(example.Length > 10);
    }

    private static async Task<ChatRowReport> ExampleAsync(IChatClient client, string path)
    {
        // begin example
        DatanetSchema schema = new SchemaBuilder("rivers")
            .Variant("qa", variant => variant
                .Required("question", new TextField(5, 200))
                .Required("answer", new TextField(1, 500))
                .Optional("source", new TextField(1, 100))
                .Optional("part", new NumberField(1, 100_000, isInteger: true)))
            .Build();
        ChatRowReport? report = null;
        ChatRowExtractor extractor = new(client, new MarkdownRowExtractor(), schema, new ChatRowExtractorOptions
        {
            Instructions = "Questions and answers about rivers of Europe. Leave out opinions.",
            Progress = new LastReport(value => report = value), // an IProgress<ChatRowReport> of yours
        });
        RowFileOptions options = new() { Extractors = RowExtractors.Default.With(extractor) };
        await foreach (SourceRow row in RowFiles.Open(path, options).ReadAsync())
        {
            DatanetRecord record = DatanetRecord.Parse(row.Utf8.Span, row.Position); // rivers.md: part 3
            Console.WriteLine(record.Element);
        }

        Console.WriteLine($"{report!.Rows} rows, {report.DroppedRows} dropped, {report.InputTokens} + {report.OutputTokens} tokens");
        // end example
        return report;
    }

    private static string[] Lines(string text, string begin, string end)
    {
        int start = text.IndexOf(begin, StringComparison.Ordinal) + begin.Length;
        return [.. text[start..text.IndexOf(end, start, StringComparison.Ordinal)].Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0)];
    }

    private sealed class LastReport(Action<ChatRowReport> keep) : IProgress<ChatRowReport>
    {
        public void Report(ChatRowReport value) => keep(value);
    }
}
