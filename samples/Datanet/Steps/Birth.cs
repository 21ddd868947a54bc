using OpenLedger.Datanets.Contributions;
using OpenLedger.Datanets.Deduplication.Near;
using OpenLedger.Datanets.Formats;
using OpenLedger.Datanets.Journal;
using OpenLedger.Datanets.Validation;
using OpenLedger.Datanets.Validation.Contamination;
using OpenLedger.Datanets.Versions;

namespace DatanetSample.Steps;

/// <summary>Step 1: a datanet is created from a template, with gates that every contribution has to pass.</summary>
internal static class Birth
{
    public static void Run(Stage stage)
    {
        Stage.Title("Birth: a datanet from the template 'support'");
        Stage.Say(stage.Template.Summary);

        // Records that would give a benchmark away are refused: its questions and answers are indexed by their 12-grams.
        ContaminationIndexBuilder benchmark = new();
        foreach (JsonLine line in JsonLinesReader.ReadFile(Stage.Data("evaluation.jsonl")))
        {
            string Text(string name) => line.Value.GetProperty(name).GetString()!;
            benchmark.Add(Text("suite"), Text("task"), Text("question"), Text("answer"));
        }

        ValidationProfile profile = stage.Template.Profile.Extend("ferry_support").Add(new ContaminationRule(benchmark.Build())).Build();
        stage.NearDuplicates = new NearDuplicateGate();
        stage.Datanet = Datanet.Create(Stage.DatanetId, stage.Account("Lotus Ferry"), stage.Template.Schema, new DatanetOptions
        {
            Store = stage.Store,
            Verifier = stage.Verifier,
            TimeProvider = stage.Clock,
            Gates =
            [
                new ContributionLimitGate(new ContributionLimits()),
                new ValidationGate(new RecordValidator(profile)),
                stage.NearDuplicates,
            ],
        });
        stage.Datanet.CreateBranch(Stage.Inbox);
        stage.Journal = new DatanetJournal(Stage.DatanetId, stage.Store, stage.Clock);
        Stage.Say($"'{stage.Datanet.Id}' belongs to {stage.Datanet.Owner}");
        Stage.Say($"schema {stage.Datanet.Schema.Name} {Stage.Short(stage.Datanet.Schema.Digest)}, rules {profile}, inbox on branch '{Stage.Inbox}'");
    }
}
