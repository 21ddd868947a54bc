using OpenLedger.Datanets.Contributions;
using OpenLedger.Datanets.Formats;
using OpenLedger.Datanets.Records;
using OpenLedger.Datanets.Schemas;
using OpenLedger.Datanets.Storage;
using OpenLedger.Datanets.Tests.Reference;
using OpenLedger.Datanets.Versions;
using OpenLedger.Testing;

namespace OpenLedger.Datanets.Tests.Docs;

[CollectionDefinition(nameof(ReadmeTests), DisableParallelization = true)] // the example uses the current folder
[Collection(nameof(ReadmeTests))]
public class ReadmeTests
{
    [Fact]
    public void I_can_run_the_example()
    {
        using TemporaryFolder folder = new();
        string before = Environment.CurrentDirectory;
        Environment.CurrentDirectory = folder.Path;
        try
        {
            File.WriteAllLines("facts.jsonl", ["""{"question":"Who?","answer":"Nobody."}""", """{"text":"Prose."}""", """{"text":"prose."}"""]);
            (bool isIncluded, int refused) = Example(new KeyedSigner("reader"), KeyedSigner.Verifier);
            Assert.True(isIncluded);
            Assert.Equal(1, refused);
        }
        finally
        {
            Environment.CurrentDirectory = before;
        }
    }

    [Fact]
    public void Readme_Example_IsTheOneThatRuns()
    {
        string source = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "tests", "OpenLedger.Datanets.Tests", "Docs", "ReadmeTests.cs"));
        string readme = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "src", "OpenLedger.Datanets", "README.md"));
        Assert.Equal(Lines(source, "// begin" + " example", "// end" + " example"), Lines(readme, "```csharp", "```"));
    }

    public static (bool IsIncluded, int Refused) Example(IContributionSigner signer, IContributionVerifier verifier)
    {
        // begin example
        DatanetSchema schema = new SchemaBuilder("facts")
            .Variant("qa", v => v.Required("question", new TextField(1, 500)).Required("answer", new TextField(1, 2000)))
            .Variant("prose", v => v.Required("text", new TextField(1, 20_000)))
            .Build();
        using SqliteDatanetStore store = SqliteDatanetStore.OpenFile("facts.db");
        Datanet datanet = Datanet.OpenOrCreate(
            "harbour-facts", signer.Contributor, schema, new DatanetOptions { Store = store, Verifier = verifier });
        ContributionResult result = datanet.Submit(Contribution.Sign(
            new ContributionDraft
            {
                DatanetId = datanet.Id,
                Records = [.. JsonLinesReader.ReadFile("facts.jsonl").Select(line => DatanetRecord.FromElement(line.Value, line.Position))],
                Licence = "CC-BY-4.0",
                Consent = ConsentTerms.Training | ConsentTerms.Inference,
                Provenance = "written by hand",
            },
            signer));
        foreach (RecordOutcome outcome in result.Outcomes.Where(outcome => !outcome.IsAccepted))
        {
            Console.Error.WriteLine(outcome.Message); // facts.jsonl:12: The same record is already in the datanet: …
        }

        DatanetVersion version = datanet.Commit("First facts");
        RecordDigest first = datanet.Records(version).First().Record.Digest;
        bool isIncluded = datanet.ProveInclusion(first, version).Verify(datanet.GetLeaf(first).Hash(), version.Root);
        // end example
        return (isIncluded, result.RefusedCount);
    }

    private static string[] Lines(string text, string begin, string end)
    {
        int start = text.IndexOf(begin, StringComparison.Ordinal) + begin.Length;
        string part = text[start..text.IndexOf(end, start, StringComparison.Ordinal)];
        return [.. part.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0)];
    }
}
