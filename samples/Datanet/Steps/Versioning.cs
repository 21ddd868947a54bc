using OpenLedger.Datanets.Contributions;
using OpenLedger.Datanets.Records;
using OpenLedger.Datanets.Versions;

namespace DatanetSample.Steps;

/// <summary>Step 4: versions, a branch, a conflict and its resolution, a rollback; history only ever grows.</summary>
internal static class Versioning
{
    public static void Run(Stage stage)
    {
        Stage.Title("Versions: commit, tag, branch, merge with a conflict, rollback");
        Datanet datanet = stage.Datanet;
        ContributorId owner = datanet.Owner;
        DatanetVersion first = datanet.Commit("First reviewed records");
        datanet.Tag("v1", first, owner);
        Print(stage, first);

        // The same answer is improved twice, on a branch and on main.
        datanet.CreateBranch("summer", first);
        DatanetRecord children = datanet.Records(first).First(record => record.Record.TryGetText("question", out string? question) && question.StartsWith("Is there a discount", StringComparison.Ordinal)).Record;
        stage.Clock.Advance(TimeSpan.FromHours(1));
        ContributionResult onSummer = datanet.Replace(children.Digest, Improve(stage, "Children up to six travel free of charge during the summer holidays, older ones up to eleven pay half."), "summer");
        DatanetVersion summer = datanet.Commit("Summer fares", "summer", owner);
        stage.Clock.Advance(TimeSpan.FromHours(1));
        ContributionResult onMain = datanet.Replace(children.Digest, Improve(stage, "Children under six need no ticket on an adult's lap. Children between six and eleven pay half and have a seat."), BranchName.Main);
        DatanetVersion second = datanet.Commit("Clearer words about children", BranchName.Main, owner);
        Print(stage, summer);
        Print(stage, second);

        stage.Check("both improvements were taken", onSummer.AcceptedCount == 1 && onMain.AcceptedCount == 1);
        IReadOnlyList<MergeConflict> conflicts = datanet.FindConflicts("summer", BranchName.Main);
        stage.Check("both sides replaced the same record: one conflict", conflicts.Count == 1);
        Stage.Say($"conflict: {conflicts[0].Kind}");
        MergeResult merge = datanet.Merge(
            "summer", BranchName.Main, new MergeOptions { Resolution = MergeResolution.Theirs }, "Take the summer fares", owner);
        Print(stage, merge.Version);
        stage.Check("the merge has two parents", merge.Version.Parents.Count == 2);

        DatanetVersion restored = datanet.Rollback(second, BranchName.Main, "The summer is over", owner);
        Print(stage, restored);
        stage.Check(
            "after the rollback main holds what it held before",
            datanet.Records(restored).Select(record => record.Record.Digest).SequenceEqual(datanet.Records(second).Select(record => record.Record.Digest)));
        stage.Check(
            "the first version reads as on its first day",
            datanet.Records(datanet.GetTagged("v1")).Any(record => record.Record.Digest == children.Digest));
        foreach (RecordChange change in datanet.Diff(first, restored))
        {
            Stage.Say($"since v1: {change}");
        }
    }

    private static Contribution Improve(Stage stage, string answer) => Contribution.Sign(
        new ContributionDraft
        {
            DatanetId = Stage.DatanetId,
            Records = [DatanetRecord.Parse($$"""{"question":"Do children travel at a lower price?","answer":"{{answer}}","product":"tickets","language":"en"}""")],
            Licence = "CC-BY-4.0",
            Consent = stage.Template.Consent,
            Provenance = "improves an earlier record",
        },
        stage.Signer("Anna"));

    private static void Print(Stage stage, DatanetVersion version) => Stage.Say(
        $"version {version.Number} on {version.Branch}: {version.RecordCount} records, {version.TreeSize} steps, root {Stage.Short(version.Root)}: {version.Message}");
}
