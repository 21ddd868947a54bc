using System.Text.Json;
using OpenLedger.Datanets.Contributions;
using OpenLedger.Datanets.Formats;
using OpenLedger.Datanets.Records;
using OpenLedger.Datanets.Versions;

namespace DatanetSample.Steps;

/// <summary>Step 2: people give files of three formats; each is signed once, and each refusal says why.</summary>
internal static class Contributing
{
    public static async Task Run(Stage stage)
    {
        Stage.Title("Contributions: JSON Lines, CSV with other columns, a Markdown page");
        ContributionResult anna = await Give(stage, "Anna", "anna.jsonl", new ColumnMapping { Unmapped = UnmappedColumns.Keep }, "CC-BY-4.0");
        ContributionResult binh = await Give(
            stage,
            "Binh",
            "binh.csv",
            new ColumnMapping().Rename("customer question", "question").Rename("reply", "answer").Rename("area", "product").Keep("language"),
            "CC-BY-4.0");
        ContributionResult chi = await Give(
            stage, "Chi", "chi.md", new ColumnMapping().Rename("heading", "question").Rename("text", "answer").Rename("source", "source").Constant("product", "freight").Constant("language", "en"), "CC0-1.0");
        ContributionResult mallory = await Give(stage, "Mallory", "mallory.jsonl", new ColumnMapping { Unmapped = UnmappedColumns.Keep }, "CC-BY-4.0");

        stage.Check("all 12 records of Anna wait in the inbox", anna.AcceptedCount == 12);
        stage.Check("a record that repeats Anna's in other words is a near duplicate", Refusals(binh).Contains("near_duplicate"));
        stage.Check("a record with telephone, mail address and identity card is refused", Refusals(binh).Any(code => code.StartsWith("pii_", StringComparison.Ordinal)));
        stage.Check("the answer 'yes' is too short for the schema", Refusals(binh).Contains("SchemaViolation"));
        stage.Check("the four sections of the page became four records", chi.AcceptedCount == 4);
        stage.Check("an answer of a benchmark is refused", Refusals(mallory).Contains("contaminated"));
        stage.Check("a copy of Anna's record is refused, although Mallory signed it", Refusals(mallory).Contains("DuplicateInDatanet"));

        Contribution forged = Contribution.Receive(
            new ContributionDraft
            {
                DatanetId = Stage.DatanetId,
                Records = [DatanetRecord.Parse("""{"question":"Who signs this?","answer":"Somebody else does.","product":"service"}""")],
                Licence = "CC0-1.0",
                Consent = ConsentTerms.Training,
                Provenance = "",
            },
            stage.Account("Anna"),
            new byte[65]);
        stage.Check(
            "a contribution in Anna's name without her signature is refused as a whole",
            stage.Datanet.Submit(forged, Stage.Inbox).Outcomes.All(outcome => outcome.Reason == RefusalReason.InvalidSignature));
    }

    private static async Task<ContributionResult> Give(Stage stage, string name, string file, ColumnMapping mapping, string licence)
    {
        List<DatanetRecord> records = [];
        await foreach (SourceRow row in RowFiles.Open(Stage.Data(file)).ReadAsync())
        {
            JsonElement record = mapping.Import(row.Value);
            records.Add(DatanetRecord.FromElement(record, row.Position));
        }

        ContributionResult result = stage.Datanet.Submit(
            Contribution.Sign(
                new ContributionDraft
                {
                    DatanetId = Stage.DatanetId,
                    Records = records,
                    Licence = licence,
                    Consent = stage.Template.Consent,
                    Provenance = $"written by {name} for this sample",
                },
                stage.Signer(name)),
            Stage.Inbox);
        Stage.Say($"{name} gives {file}: {result.AcceptedCount} accepted, {result.RefusedCount} refused");
        foreach (RecordOutcome refused in result.Outcomes.Where(outcome => !outcome.IsAccepted))
        {
            Stage.Say($"  {Code(refused)}: {refused.Message}");
        }

        return result;
    }

    private static IEnumerable<string> Refusals(ContributionResult result) => result.Outcomes.Where(outcome => !outcome.IsAccepted).Select(Code);

    private static string Code(RecordOutcome outcome) => outcome.GateCode ?? outcome.Reason.ToString()!;
}
