using OpenLedger.Datanets.Access;
using OpenLedger.Datanets.Contributions;
using OpenLedger.Datanets.Deduplication.Near;
using OpenLedger.Datanets.Erasure;
using OpenLedger.Datanets.Formats;
using OpenLedger.Datanets.Journal;
using OpenLedger.Datanets.Manifests;
using OpenLedger.Datanets.Publishing;
using OpenLedger.Datanets.Reading;
using OpenLedger.Datanets.Records;
using OpenLedger.Datanets.Review;
using OpenLedger.Datanets.Schemas;
using OpenLedger.Datanets.Storage;
using OpenLedger.Datanets.Templates;
using OpenLedger.Datanets.Tests.Reference;
using OpenLedger.Datanets.Validation;
using OpenLedger.Datanets.Versions;
using OpenLedger.Testing;

namespace OpenLedger.Datanets.Tests.Docs;

[CollectionDefinition(nameof(ReadmeTests), DisableParallelization = true)] // the tutorial uses the current folder
[Collection(nameof(ReadmeTests))]
public class ReadmeTests
{
    [Fact]
    public async Task I_can_follow_the_tutorial()
    {
        using TemporaryFolder folder = new();
        string before = Environment.CurrentDirectory;
        Environment.CurrentDirectory = folder.Path;
        try
        {
            File.WriteAllLines("facts.jsonl",
            [
                """{"question":"How deep is the harbour?","answer":"Twelve metres at low tide, fourteen when the tide is high."}""",
                """{"question":"How deep is the HARBOUR?","answer":"Twelve metres at low tide, fourteen when the tide is  high."}""",
                """{"question":"Who keeps the light?","answer":"Call the keeper on 0912 345 678."}""",
                """{"question":"Since when is there a harbour?"}""",
            ]);
            await Reader.Tutorial(new KeyedSigner("owner"), new KeyedSigner("anna"), new KeyedSigner("binh"), new KeyedSigner("trainer"), KeyedSigner.Verifier);
        }
        finally
        {
            Environment.CurrentDirectory = before;
        }
    }

    [Fact]
    public void Readme_Tutorial_IsTheOneThatRuns()
    {
        string source = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "tests", "OpenLedger.Datanets.Tests", "Docs", "ReadmeTests.cs"));
        string readme = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "src", "OpenLedger.Datanets", "README.md"));
        string[] blocks = Blocks(readme, "```csharp", "```");
        Assert.Equal(6, blocks.Length);
        Assert.Equal(Blocks(source, "// begin" + " step", "// end" + " step").Select(Squeeze), blocks.Select(Squeeze));
    }

    /// <summary>What a reader types.</summary>
    public static class Reader
    {
        public static async Task Tutorial(
            IContributionSigner owner, IContributionSigner anna, IContributionSigner binh, IContributionSigner trainer, IContributionVerifier verifier)
        {
            // begin step
            using SqliteDatanetStore store = SqliteDatanetStore.OpenFile("facts.db");
            DatanetSchema schema = new SchemaBuilder("facts")
                .Variant("qa", v => v.Required("question", new TextField(1, 500)).Required("answer", new TextField(1, 2000)))
                .Build();
            Datanet datanet = Datanet.OpenOrCreate("harbour-facts", owner.Contributor, schema, new DatanetOptions
            {
                Store = store,
                Verifier = verifier,
                Gates = [new ValidationGate(new RecordValidator(DatanetTemplates.Support.Profile)), new NearDuplicateGate()],
            });
            datanet.CreateBranch("inbox");
            // end step

            // begin step
            List<DatanetRecord> records = [];
            await foreach (SourceRow row in RowFiles.Open("facts.jsonl").ReadAsync()) // or .csv, .parquet, .arrow, .md, .docx
            {
                records.Add(DatanetRecord.Parse(row.Utf8.Span, row.Position));
            }

            ContributionResult result = datanet.Submit(
                Contribution.Sign(
                    new ContributionDraft
                    {
                        DatanetId = datanet.Id,
                        Records = records,
                        Licence = "CC-BY-4.0",
                        Consent = ConsentTerms.Training | ConsentTerms.Inference,
                        Provenance = "written by hand",
                    },
                    anna),
                "inbox");
            foreach (RecordOutcome refused in result.Outcomes.Where(outcome => !outcome.IsAccepted))
            {
                Console.WriteLine($"{refused.GateCode ?? refused.Reason.ToString()}: {refused.Message}"); // pii_phone: facts.jsonl:3: …
            }
            // end step

            Assert.Equal(["DuplicateInContribution", "pii_phone", "SchemaViolation"], result.Outcomes.Skip(1).Select(o => o.GateCode ?? o.Reason.ToString()));

            // begin step
            DatanetJournal journal = new(datanet.Id, store, TimeProvider.System);
            ReviewQueue queue = new(journal, new ReviewQueueOptions { Overlap = 1 });
            queue.Enqueue(owner.Contributor, datanet.PresentRecords("inbox").Select(record => new ReviewRequest
            {
                Record = record.Record.Digest,
                Contributor = record.Contributor,
            }));
            while (queue.Claim(binh.Contributor) is ReviewAssignment task)
            {
                queue.Answer(binh.Contributor, task.TaskId, ReviewAnswer.Accept);
            }

            queue.Approve(owner.Contributor, queue.List(ReviewTaskState.Resolved).Select(task => task.Id));
            queue.DeliverOutcomes(new InboxDelivery(datanet, "inbox"), owner.Contributor); // from the inbox to main
            // end step

            // begin step
            DatanetVersion version = datanet.Commit("First facts");
            RecordDigest first = datanet.Records(version).First().Record.Digest;
            bool isIncluded = datanet.ProveInclusion(first, version).Verify(datanet.GetLeaf(first, version).Hash(), version.Root);
            DatanetFolder.Write(datanet, version, "published", new DatanetFolderOptions // JSON Lines, Croissant, dataset card, proofs
            {
                Title = "Harbour facts",
                Description = "What people know about the harbour.",
                Url = "https://example.org/harbour",
                Creators = [new CroissantAgent { Type = "sc:Organization", Name = "Harbour club" }],
            });
            bool isSound = DatanetFolder.Verify("published", verifier).IsSound; // needs nothing but the folder
            // end step

            Assert.True(isIncluded && isSound);

            // begin step
            AccessLedger access = new(journal, new AccessLedgerOptions { Verifier = verifier });
            access.SetTerms(owner.Contributor, new AccessTerms { Quota = new AccessQuota(AccessQuotaUnit.Epochs, 3) });
            long request = access.Request(trainer.Contributor, new AccessApplication { Purpose = AccessPurpose.Training });
            AccessToken token = access.Approve(owner, request);
            AccessUse use = new() { Grantee = trainer.Contributor, Purpose = AccessPurpose.Training, Run = "run-1", Version = version.Id };
            TrainingReader reader = TrainingReader.Open(datanet, version, new TrainingReaderOptions
            {
                Seed = 1, // the order of each epoch follows from it
                Permit = new GrantPermit(new AccessSession(access, token.Text, use)), // asked again before every epoch
            });
            TrainingRecord[] epoch = [.. reader.Read(0)]; // each with its id and contributor
            TrainingManifest manifest = TrainingManifest.Of([version], epoch); // what to bind the model to
            datanet.RecordTraining("harbour-1", version, adapter: null, trainer.Contributor); // so that an erasure can name it
            // end step

            // begin step
            ErasureReceipt receipt = datanet.Erase(first, anna.Contributor, ErasureReason.PersonRequest);
            Console.WriteLine($"still inside: {string.Join(", ", receipt.TrainedModels.Select(model => model.ModelId))}"); // harbour-1
            // end step

            Assert.Equal("harbour-1", Assert.Single(receipt.TrainedModels).ModelId);
            Assert.Empty(datanet.Records(version));
        }
    }

    private static string[] Blocks(string text, string begin, string end)
    {
        List<string> blocks = [];
        for (int start = text.IndexOf(begin, StringComparison.Ordinal); start >= 0; start = text.IndexOf(begin, start, StringComparison.Ordinal))
        {
            start += begin.Length;
            int stop = text.IndexOf(end, start, StringComparison.Ordinal);
            blocks.Add(text[start..stop]);
            start = stop + end.Length;
        }

        return [.. blocks];
    }

    private static string Squeeze(string block) => string.Join('\n', block.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0));
}
