using OpenLedger.Datanets.Canonical;
using OpenLedger.Datanets.Contributions;
using OpenLedger.Datanets.Erasure;
using OpenLedger.Datanets.Records;
using OpenLedger.Datanets.Storage;
using OpenLedger.Datanets.Tests.Reference;
using OpenLedger.Datanets.Versions;

namespace OpenLedger.Datanets.Tests.Versions;

public sealed class DatanetMergingTests : IDisposable
{
    private static readonly KeyedSigner Alice = new("alice");
    private static readonly KeyedSigner Bob = new("bob");
    private readonly SqliteDatanetStore _store = SqliteDatanetStore.OpenInMemory();
    private readonly SteppingClock _clock = new();
    private readonly Datanet _datanet;

    public DatanetMergingTests() => _datanet = Start(_store, _clock);

    public void Dispose() => _store.Dispose();

    [Fact]
    public void Merge_AddsAndRemovals_BringsBothSidesTogether()
    {
        Give("dev", "three");
        Remove("dev", "one");
        DatanetVersion dev = Commit("dev");
        Give("main", "four");
        Remove("main", "two");
        DatanetVersion main = Commit("main");
        MergeResult result = Merge();
        Assert.Equal((1, 1), (result.AddedCount, result.RemovedCount));
        Assert.Equal([main.Id, dev.Id], result.Version.Parents);
        Assert.Equal(["four", "three"], Texts(result.Version));
        Assert.Empty(result.Conflicts);
        Assert.Equal(DatanetError.NothingToCommit, Assert.Throws<DatanetException>(() => Merge()).Error);
    }

    [Fact]
    public void Merge_Twice_TakesOnlyWhatIsNew()
    {
        Give("dev", "three");
        Commit("dev");
        Merge();
        Remove("main", "three");
        Commit("main");
        Give("dev", "four");
        Commit("dev");
        MergeResult second = Merge();
        Assert.Equal(["one", "two", "four"], Texts(second.Version)); // what was merged and removed does not come back
        Assert.Equal(1, second.AddedCount);
    }

    [Fact]
    public void Merge_BackAndForth_FindsTheLastCommonVersion()
    {
        Give("dev", "three");
        Commit("dev");
        Merge();
        Give("main", "four");
        Commit("main");
        MergeResult back = _datanet.Merge("main", "dev", new MergeOptions(), "back", Alice.Contributor);
        Assert.Equal(["one", "two", "three", "four"], Texts(back.Version));
        Give("dev", "five");
        Commit("dev");
        Assert.Equal((1, 0), (Merge() is { } third ? third.AddedCount : -1, 0));
    }

    [Fact]
    public void Merge_UncommittedWork_IsLeftOutOfTheirsAndKeptInOurs()
    {
        Give("dev", "three");
        Commit("dev");
        Give("dev", "pending there");
        Give("main", "pending here");
        Assert.Equal(["one", "two", "pending here", "three"], Texts(Merge().Version));
    }

    [Theory]
    [InlineData(MergeResolution.Ours, "OURS")]
    [InlineData(MergeResolution.Theirs, "THEIRS")]
    [InlineData(MergeResolution.Both, "OURS,THEIRS")]
    public void Merge_BothReplaced_IsDecidedAsTold(MergeResolution resolution, string expected)
    {
        Replace("dev", "one", "THEIRS");
        Commit("dev");
        Replace("main", "one", "OURS");
        Commit("main");
        MergeConflict conflict = new(MergeConflictKind.BothReplaced, Digest("one"), Digest("OURS"), Digest("THEIRS"));
        AssertConflict(conflict, resolution, "two," + expected);
    }

    [Theory]
    [InlineData(MergeResolution.Ours, "two")]
    [InlineData(MergeResolution.Theirs, "two,new")]
    [InlineData(MergeResolution.Both, "two,new")]
    public void Merge_RemovedAndReplaced_IsDecidedAsTold(MergeResolution resolution, string expected)
    {
        Replace("dev", "one", "new");
        Commit("dev");
        Remove("main", "one");
        Commit("main");
        AssertConflict(new(MergeConflictKind.RemovedAndReplaced, Digest("one"), null, Digest("new")), resolution, expected);
    }

    [Theory]
    [InlineData(MergeResolution.Ours, "two,new")]
    [InlineData(MergeResolution.Theirs, "two")]
    [InlineData(MergeResolution.Both, "two,new")]
    public void Merge_ReplacedAndRemoved_IsDecidedAsTold(MergeResolution resolution, string expected)
    {
        Remove("dev", "one");
        Commit("dev");
        Replace("main", "one", "new");
        Commit("main");
        AssertConflict(new(MergeConflictKind.ReplacedAndRemoved, Digest("one"), Digest("new"), null), resolution, expected);
    }

    [Theory]
    [InlineData(MergeResolution.Ours, "one,two,Same text")]
    [InlineData(MergeResolution.Theirs, "one,two,same TEXT")]
    [InlineData(MergeResolution.Both, "one,two,Same text,same TEXT")]
    public void Merge_SameText_IsDecidedAsTold(MergeResolution resolution, string expected)
    {
        Give("dev", "same TEXT");
        Commit("dev");
        Give("main", "Same text");
        Commit("main");
        AssertConflict(new(MergeConflictKind.SameText, null, Digest("Same text"), Digest("same TEXT")), resolution, expected);
    }

    [Fact]
    public void Merge_SameDecisionsOnBothSides_AreNoConflict()
    {
        Give("dev", "three");
        Remove("dev", "two");
        Replace("dev", "one", "ONE");
        Commit("dev");
        Give("main", "three");
        Remove("main", "two");
        Replace("main", "one", "ONE");
        Commit("main");
        Assert.Empty(_datanet.FindConflicts("dev", "main"));
        MergeResult result = Merge();
        Assert.Equal(["three", "ONE"], Texts(result.Version));
        Assert.Equal((0, 0), (result.AddedCount, result.RemovedCount));
    }

    [Fact]
    public void Merge_Resolver_DecidesEachConflict()
    {
        Replace("dev", "one", "their one");
        Replace("dev", "two", "their two");
        Commit("dev");
        Replace("main", "one", "our one");
        Replace("main", "two", "our two");
        Commit("main");
        MergeResult result = _datanet.Merge(
            "dev",
            "main",
            new MergeOptions { Resolution = MergeResolution.Theirs, Resolve = conflict => conflict.Original == Digest("one") ? MergeResolution.Ours : MergeResolution.None },
            "merge",
            Alice.Contributor);
        Assert.Equal(["our one", "their two"], Texts(result.Version));
        Assert.Equal([MergeResolution.Ours, MergeResolution.Theirs], result.Conflicts.Select(decided => decided.Resolution));
    }

    [Fact]
    public void Merge_ReplacementOfAReplacement_IsOneReplacement()
    {
        Replace("dev", "one", "middle");
        Replace("dev", "middle", "last");
        Commit("dev");
        DatanetVersion before = Commit("main", "x");
        MergeResult result = Merge();
        Assert.Equal(["two", "x", "last"], Texts(result.Version));
        Assert.Equal(
            [new RecordChange(RecordChangeKind.Replaced, Digest("last"), _datanet.Records(result.Version).Last().LeafIndex, Digest("one"))],
            _datanet.Diff(before, result.Version));
    }

    [Fact]
    public void Merge_ErasedRecords_StayErased()
    {
        Give("dev", "three", "four");
        Commit("dev");
        _datanet.Erase(Digest("three"), Alice.Contributor, ErasureReason.PersonRequest);
        _datanet.Erase(Digest("one"), Alice.Contributor, ErasureReason.PersonRequest);
        Assert.Equal(["two", "four"], Texts(Merge().Version));
    }

    [Fact]
    public void Merge_Failing_ChangesNothing()
    {
        Replace("dev", "one", "THEIRS");
        Commit("dev");
        Replace("main", "one", "OURS");
        DatanetVersion main = Commit("main");
        long steps = _store.Read(reader => reader.CountSteps("facts"));
        Assert.Equal(DatanetError.MergeConflict, Assert.Throws<DatanetException>(() => Merge()).Error);
        Assert.Throws<InvalidOperationException>(() => _datanet.Merge(
            "dev", "main", new MergeOptions { Resolve = _ => throw new InvalidOperationException("no idea") }, "x", Alice.Contributor));
        Assert.Equal(steps, _store.Read(reader => reader.CountSteps("facts")));
        Assert.Equal(main.Id, _datanet.Head("main")!.Id);
        Assert.Equal(["two", "OURS"], Texts(main)); // the log read in the failed transaction was forgotten
    }

    [Fact]
    public void Merge_IllegalNames_AreRefused()
    {
        Assert.Throws<ArgumentException>(() => _datanet.Merge("dev", "dev", new MergeOptions(), "x", Alice.Contributor));
        Assert.Throws<ArgumentException>(() => _datanet.Merge("dev", "main", new MergeOptions { Resolution = (MergeResolution)9 }, "x", Alice.Contributor));
        Assert.Equal(DatanetError.BranchNotFound, Assert.Throws<DatanetException>(() => _datanet.FindConflicts("nowhere", "main")).Error);
        Assert.Equal(DatanetError.NothingToCommit, Assert.Throws<DatanetException>(() => Merge()).Error);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Merge_SameInputs_GivesTheSameVersion(int seed)
    {
        Sha256Digest[] ids = [.. Enumerable.Range(0, 2).Select(_ =>
        {
            using SqliteDatanetStore store = SqliteDatanetStore.OpenInMemory();
            SteppingClock clock = new();
            Datanet datanet = Start(store, clock);
            Random random = new(seed);
            foreach (string branch in (string[])["dev", "main"])
            {
                for (int i = 0; i < 30; i++)
                {
                    clock.Advance(TimeSpan.FromMilliseconds(5));
                    string text = $"record {random.Next(40)}";
                    datanet.Submit(DatanetTests.Give(Bob, random.Next(2) == 0 ? text : text.ToUpperInvariant()), branch);
                    RecordDigest[] present = [.. datanet.PresentRecords(branch).Select(record => record.Record.Digest)];
                    if (random.Next(3) == 0 && present.Length > 0)
                    {
                        datanet.Remove([present[random.Next(present.Length)]], branch, "x", Bob.Contributor);
                    }
                }

                datanet.Commit("x", branch, Bob.Contributor);
            }

            return datanet.Merge("dev", "main", new MergeOptions { Resolution = MergeResolution.Theirs }, "merge", Alice.Contributor).Version.Id;
        })];
        Assert.Equal(ids[0], ids[1]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Merge_DisjointChangesInEitherOrder_GiveTheSameSet(int seed)
    {
        HashSet<string>[] sets = [.. ((string[][])[["a", "b"], ["b", "a"]]).Select(order =>
        {
            using SqliteDatanetStore store = SqliteDatanetStore.OpenInMemory();
            Datanet datanet = Start(store, new SteppingClock());
            Random random = new(seed);
            datanet.Submit(DatanetTests.Give(Alice, [.. Enumerable.Range(0, 20).Select(i => $"base {i}")]));
            datanet.Commit("base");
            foreach (string branch in (string[])["a", "b"])
            {
                datanet.CreateBranch(branch, "main");
                datanet.Submit(DatanetTests.Give(Bob, [.. Enumerable.Range(0, random.Next(1, 9)).Select(i => $"{branch} {i}")]), branch);
                datanet.Remove([Digest($"base {random.Next(10) + (branch == "a" ? 0 : 10)}")], branch, "x", Bob.Contributor);
                datanet.Commit("x", branch, Bob.Contributor);
            }

            foreach (string branch in order)
            {
                datanet.Merge(branch, "main", new MergeOptions(), "merge", Alice.Contributor);
            }

            return datanet.PresentRecords("main").Select(Text).ToHashSet();
        })];
        Assert.Equal(sets[0], sets[1]);
    }

    private static Datanet Start(SqliteDatanetStore store, SteppingClock clock)
    {
        Datanet datanet = DatanetTests.Create("facts", store, clock);
        datanet.Submit(DatanetTests.Give(Alice, "one", "two"));
        datanet.Commit("start");
        datanet.CreateBranch("dev", "main");
        return datanet;
    }

    private void AssertConflict(MergeConflict conflict, MergeResolution resolution, string expected)
    {
        Assert.Equal([conflict], _datanet.FindConflicts("dev", "main"));
        DatanetException exception = Assert.Throws<DatanetException>(() => Merge());
        Assert.Equal(DatanetError.MergeConflict, exception.Error);
        Assert.Contains(conflict.Kind.ToString(), exception.Message, StringComparison.Ordinal);
        MergeResult result = _datanet.Merge("dev", "main", new MergeOptions { Resolution = resolution }, "merge", Alice.Contributor);
        Assert.Equal([(conflict, resolution)], result.Conflicts);
        Assert.Equal(expected, string.Join(',', Texts(result.Version)));
    }

    private MergeResult Merge() => _datanet.Merge("dev", "main", new MergeOptions(), "merge", Alice.Contributor);

    private void Give(string branch, params string[] texts) => Assert.Equal(texts.Length, _datanet.Submit(DatanetTests.Give(Bob, texts), branch).AcceptedCount);

    private void Remove(string branch, string text) => _datanet.Remove([Digest(text)], branch, "test", Bob.Contributor);

    private void Replace(string branch, string old, string text) =>
        Assert.Equal(1, _datanet.Replace(Digest(old), DatanetTests.Give(Bob, text), branch).AcceptedCount);

    private DatanetVersion Commit(string branch, params string[] texts)
    {
        if (texts.Length > 0)
        {
            Give(branch, texts);
        }

        return _datanet.Commit($"on {branch}", branch, Bob.Contributor);
    }

    private string[] Texts(DatanetVersion version) => [.. _datanet.Records(version).Select(Text)];

    private static RecordDigest Digest(string text) => DatanetRecord.Parse($$"""{"text":"{{text}}"}""").Digest;

    private static string Text(CommittedRecord record) => record.Record.TryGetText("text", out string? text) ? text : "";
}
