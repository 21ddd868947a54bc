using OpenLedger.Datanets.Contributions;
using OpenLedger.Datanets.Erasure;
using OpenLedger.Datanets.Records;
using OpenLedger.Datanets.Storage;
using OpenLedger.Datanets.Tests.Reference;
using OpenLedger.Datanets.Versions;

namespace OpenLedger.Datanets.Tests.Versions;

public sealed class DatanetBranchingTests : IDisposable
{
    private static readonly KeyedSigner Alice = new("alice");
    private static readonly KeyedSigner Bob = new("bob");
    private readonly SqliteDatanetStore _store = SqliteDatanetStore.OpenInMemory();
    private readonly SteppingClock _clock = new();
    private readonly Datanet _datanet;

    public DatanetBranchingTests() => _datanet = DatanetTests.Create("facts", _store, _clock);

    public void Dispose() => _store.Dispose();

    [Fact]
    public void Submit_ToABranch_ChangesThisBranchOnly()
    {
        Give("main", "one", "two");
        _datanet.CreateBranch("dev", "main");
        Give("dev", "three");
        Give("main", "four");
        Assert.Equal(["one", "two", "three"], Present("dev"));
        Assert.Equal(["one", "two", "four"], Present("main"));
        DatanetVersion dev = Commit("dev");
        DatanetVersion main = Commit("main");
        Assert.Equal((1, 2, "dev", "main"), (dev.Number, main.Number, dev.Branch, main.Branch));
        Assert.Equal((5L, 5L, 3L, 3L), (dev.TreeSize, main.TreeSize, dev.RecordCount, main.RecordCount));
        Assert.Equal(["one", "two", "three"], Texts(dev));
        Assert.Equal(["one", "two", "four"], Texts(main));
        Assert.Equal(["main", "dev"], _datanet.Branches());
        Assert.Equal([dev.Id], _datanet.Versions("dev").Select(version => version.Id));
        Assert.Equal([dev.Id, main.Id], _datanet.Versions().Select(version => version.Id));
    }

    [Fact]
    public void Submit_SameContentOnTwoBranches_IsDuplicateOnlyWhereItIs()
    {
        _datanet.CreateBranch("inbox");
        Give("inbox", "one");
        Assert.Equal(1, Give("main", "One").AcceptedCount);
        Assert.Equal(RefusalReason.DuplicateInDatanet, Give("inbox", "ONE").Outcomes[0].Reason);
        _datanet.Remove([Digest("one")], "inbox", "test", Alice.Contributor);
        Assert.Equal(1, Give("inbox", "ONE").AcceptedCount);
        Assert.Equal(["ONE"], Present("inbox"));
    }

    [Fact]
    public void Submit_UnknownBranch_SaysSo()
    {
        Assert.Equal(DatanetError.BranchNotFound, Assert.Throws<DatanetException>(() => Give("nowhere", "one")).Error);
        Assert.Equal(DatanetError.BranchNotFound, Assert.Throws<DatanetException>(() => _datanet.Commit("x", "nowhere", Alice.Contributor)).Error);
        Assert.Equal(DatanetError.BranchNotFound, Assert.Throws<DatanetException>(() => _datanet.PresentRecords("nowhere")).Error);
        Assert.Throws<ArgumentException>(() => Give("No Name", "one"));
    }

    [Fact]
    public void CreateBranch_Existing_IsRefused()
    {
        _datanet.CreateBranch("dev");
        Assert.Equal(DatanetError.BranchExists, Assert.Throws<DatanetException>(() => _datanet.CreateBranch("dev")).Error);
        Assert.Equal(DatanetError.BranchExists, Assert.Throws<DatanetException>(() => _datanet.CreateBranch("main", "dev")).Error);
        Assert.Equal(DatanetError.BranchNotFound, Assert.Throws<DatanetException>(() => _datanet.CreateBranch("other", "nowhere")).Error);
    }

    [Fact]
    public void CreateBranch_FromAVersion_HoldsThatVersion()
    {
        Give("main", "one");
        DatanetVersion first = Commit("main");
        Give("main", "two");
        Commit("main");
        _datanet.CreateBranch("old", first);
        Assert.Equal(first.Id, _datanet.Head("old")!.Id);
        Give("old", "three");
        DatanetVersion old = Commit("old");
        Assert.Equal(["one", "three"], Texts(old));
        Assert.Equal(first.Id, old.Parent);
    }

    [Fact]
    public void Include_FromAnInbox_KeepsContributorAndLeaf()
    {
        Give("main", "kept");
        _datanet.CreateBranch("inbox");
        Give("inbox", "one", "two", "KEPT");
        IReadOnlyList<InclusionOutcome> outcomes = _datanet.Include([Digest("two"), Digest("KEPT"), Digest("two")], "inbox", "main");
        Assert.Equal([true, false, false], outcomes.Select(outcome => outcome.IsIncluded));
        Assert.Equal(Digest("kept"), outcomes[1].Earlier!.Digest);
        DatanetVersion version = Commit("main");
        Assert.Equal(["kept", "two"], Texts(version));
        CommittedRecord record = _datanet.Records(version).Last();
        Assert.Equal(("inbox", Bob.Contributor), (record.Leaf.Branch, record.Contributor));
        Assert.True(_datanet.ProveInclusion(Digest("two"), version).Verify(_datanet.GetLeaf(Digest("two"), version).Hash(), version.Root));
        Assert.Equal(DatanetError.RecordNotFound, Assert.Throws<DatanetException>(() => _datanet.ProveInclusion(Digest("one"), version)).Error);
        Assert.Equal(DatanetError.RecordNotFound, Assert.Throws<DatanetException>(() => _datanet.Include([Digest("kept")], "inbox", "main")).Error);
    }

    [Fact]
    public void Remove_Record_LeavesOlderVersions()
    {
        Give("main", "one", "two");
        DatanetVersion first = Commit("main");
        _datanet.Remove([Digest("one")], "main", "outdated", Alice.Contributor);
        DatanetVersion second = Commit("main");
        Assert.Equal(["one", "two"], Texts(first));
        Assert.Equal(["two"], Texts(second));
        Assert.Equal((3L, 1L), (second.TreeSize, second.RecordCount));
        Assert.Equal(DatanetError.RecordNotFound, Assert.Throws<DatanetException>(() => _datanet.Remove([Digest("one")], "main", "x", Alice.Contributor)).Error);
        Assert.Equal(1, Give("main", "One").AcceptedCount); // its place is free again
    }

    [Fact]
    public void Remove_OneUnknownAmongMany_RemovesNone()
    {
        Give("main", "one", "two");
        Assert.Throws<DatanetException>(() => _datanet.Remove([Digest("one"), Digest("three")], "main", "x", Alice.Contributor));
        Assert.Equal(["one", "two"], Present("main"));
        Assert.Equal(0, _store.Read(reader => reader.CountEntries("facts")));
    }

    [Fact]
    public void Replace_Record_ShowsInTheDiff()
    {
        Give("main", "one", "two");
        DatanetVersion first = Commit("main");
        Assert.Equal(1, _datanet.Replace(Digest("one"), DatanetTests.Give(Bob, "ONE"), "main").AcceptedCount); // same normalised text as what it replaces
        Assert.Equal(RefusalReason.DuplicateInDatanet, _datanet.Replace(Digest("ONE"), DatanetTests.Give(Bob, "Two"), "main").Outcomes[0].Reason);
        Give("main", "three");
        _datanet.Remove([Digest("two")], "main", "x", Alice.Contributor);
        DatanetVersion second = Commit("main");
        Assert.Equal(["ONE", "three"], Texts(second));
        Assert.Equal(
            [
                new RecordChange(RecordChangeKind.Removed, Digest("two"), 1, null),
                new RecordChange(RecordChangeKind.Replaced, Digest("ONE"), 2, Digest("one")),
                new RecordChange(RecordChangeKind.Added, Digest("three"), 4, null),
            ],
            _datanet.Diff(first, second));
        Assert.Empty(_datanet.Diff(second, second));
        Assert.Equal(
            [RecordChangeKind.Removed, RecordChangeKind.Removed, RecordChangeKind.Added, RecordChangeKind.Added],
            _datanet.Diff(second, first).Select(change => change.Kind));
    }

    [Fact]
    public void Rollback_ToAnOlderVersion_RestoresContentAndOrder()
    {
        Give("main", "one", "two", "three");
        DatanetVersion first = Commit("main");
        _datanet.Remove([Digest("one")], "main", "x", Alice.Contributor);
        _datanet.Replace(Digest("two"), DatanetTests.Give(Bob, "TWO"), "main");
        DatanetVersion second = Commit("main");
        DatanetVersion back = _datanet.Rollback(first, "main", "undo", Bob.Contributor);
        Assert.Equal(["one", "two", "three"], Texts(back));
        Assert.Equal(["three", "TWO"], Texts(second));
        Assert.Equal((second.Id, Bob.Contributor), (back.Parent!.Value, back.Author));
        Assert.True(_datanet.ProveConsistency(first, back).Verify(first.Root, back.Root));
        Assert.Equal(RefusalReason.DuplicateInDatanet, Give("main", "One").Outcomes[0].Reason);
        Give("main", "four");
        Assert.Equal(["one", "two", "three", "four"], Texts(Commit("main")));
        Assert.Equal(["three", "TWO"], Texts(_datanet.Rollback(second, "main", "redo", Bob.Contributor)));
    }

    [Fact]
    public void Tag_Version_NeverMoves()
    {
        Give("main", "one");
        DatanetVersion first = Commit("main");
        Give("main", "two");
        DatanetVersion second = Commit("main");
        _datanet.Tag("v1", first, Alice.Contributor);
        Assert.Equal(DatanetError.TagExists, Assert.Throws<DatanetException>(() => _datanet.Tag("v1", second, Alice.Contributor)).Error);
        Assert.Equal(DatanetError.TagNotFound, Assert.Throws<DatanetException>(() => _datanet.GetTagged("v2")).Error);
        Datanet other = Datanet.Open("facts", DatanetTests.Options(_store, _clock));
        Assert.Equal(first.Id, other.GetTagged("v1").Id);
        other.Tag("a", second, Bob.Contributor);
        Assert.Equal([("a", 2), ("v1", 1)], _datanet.Tags().Select(tag => (tag.Key, tag.Value)));
    }

    [Fact]
    public void GetManifest_Version_CountsWhatItHolds()
    {
        Give("main", "one", "two");
        _datanet.Submit(Contribution.Sign(DatanetTests.Draft("three") with { Licence = "MIT", Consent = ConsentTerms.Mining }, Alice));
        _datanet.Tag("x", Commit("main"), Alice.Contributor);
        _datanet.Remove([Digest("two")], "main", "x", Alice.Contributor);
        _datanet.Erase(Digest("one"), Alice.Contributor, ErasureReason.PersonRequest);
        Give("main", "four", "five");
        VersionManifest manifest = _datanet.GetManifest(Commit("main"));
        Assert.Equal((3L, 2L, 1L, 3L), (manifest.RecordCount, manifest.ContributorCount, manifest.ErasedCount, manifest.JournalCount));
        Assert.Equal([("CC-BY-4.0", 2L), ("MIT", 1L)], manifest.Licences.Select(count => (count.Key, count.Value)));
        Assert.Equal([("inference", 2L), ("mining", 1L), ("training", 2L)], manifest.Consent.Select(count => (count.Key, count.Value)));
        Assert.NotEqual(default, manifest.JournalHead);
        Assert.Equal((3L, 2L), (_datanet.GetManifest(_datanet.GetVersion(1)).RecordCount, _datanet.GetManifest(_datanet.GetVersion(1)).ContributorCount));
    }

    [Fact]
    public void Commit_BranchWithoutChange_IsRefused()
    {
        Give("main", "one");
        _datanet.CreateBranch("dev", "main");
        Commit("main");
        Give("dev", "two");
        Assert.Equal(DatanetError.NothingToCommit, Assert.Throws<DatanetException>(() => Commit("main")).Error);
        Commit("dev");
        Assert.Equal(DatanetError.NothingToCommit, Assert.Throws<DatanetException>(() => Commit("dev")).Error);
        _datanet.Erase(Digest("one"), Alice.Contributor, ErasureReason.PersonRequest);
        Assert.Equal(0, Commit("main").RecordCount);
        Assert.Equal(1, Commit("dev").RecordCount);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void Operations_AtRandom_GiveWhatTheSpecificationSays(int seed)
    {
        Random random = new(seed);
        List<(DatanetVersion Version, List<string> Texts)> versions = [];
        List<string> given = [];
        for (int i = 0; i < 150; i++)
        {
            string branch = Pick(random, _datanet.Branches());
            List<CommittedRecord> present = [.. _datanet.PresentRecords(branch)];
            switch (random.Next(10))
            {
                case 0 when _datanet.Branches().Count < 6:
                    _datanet.CreateBranch($"branch-{i}", branch);
                    break;
                case 1 when versions.Count > 0 && _datanet.Branches().Count < 6:
                    _datanet.CreateBranch($"branch-{i}", Pick(random, versions).Version);
                    break;
                case 2 when present.Count > 0:
                    _datanet.Remove([Pick(random, present).Record.Digest], branch, "x", Alice.Contributor);
                    break;
                case 3 when present.Count > 0:
                    _datanet.Replace(Pick(random, present).Record.Digest, DatanetTests.Give(Bob, $"replacement {i}"), branch);
                    break;
                case 4 when present.Count > 0:
                    _datanet.Include([Pick(random, present).Record.Digest], branch, Pick(random, _datanet.Branches()));
                    break;
                case 5 when versions.Count > 0:
                    AddVersion(versions, _datanet.Rollback(Pick(random, versions).Version, branch, "back", Alice.Contributor));
                    break;
                case 6 when present.Count > 0 && random.Next(4) == 0:
                    _datanet.Erase(Pick(random, present).Record.Digest, Alice.Contributor, ErasureReason.PersonRequest);
                    break;
                case 7:
                    TryMerge(random, branch, versions);
                    break;
                case 8:
                    TryCommit(branch, versions);
                    break;
                default:
                    given.Add($"record {random.Next(60)}");
                    _datanet.Submit(DatanetTests.Give(random.Next(2) == 0 ? Alice : Bob, given[^1]), branch);
                    break;
            }
        }

        Give("main", "the last one");
        AddVersion(versions, Commit("main"));
        DatanetStep[] steps = [.. _datanet.Steps(versions[^1].Version)];
        Assert.Equal(versions[^1].Version.Root, new Datanets.Canonical.Sha256Digest(ReferenceTree.Root([.. steps.Select(step => step.ToBytes())])));
        HashSet<long> erased = [.. steps.Where(step => step.Kind == StepKind.Erase).Select(step => step.Target)];
        Datanet reopened = Datanet.Open("facts", DatanetTests.Options(_store, _clock));
        foreach ((DatanetVersion version, List<string> texts) in versions)
        {
            List<long> expected = ReferenceLog.Content(steps, version.Branch, version.TreeSize);
            Assert.Equal((long)expected.Count, version.RecordCount);
            List<CommittedRecord> records = [.. reopened.Records(version)];
            Assert.Equal(expected.Where(record => !erased.Contains(record)), records.Select(record => record.LeafIndex));
            Assert.Empty(records.Select(Text).Except(texts)); // an old version only ever loses what is erased
            Assert.Equal(records.Count, records.Select(record => Text(record).ToUpperInvariant()).Distinct().Count());
            AssertMembershipAgrees(steps, expected, version);
            foreach (CommittedRecord record in records)
            {
                Assert.True(reopened.ProveInclusion(record.Record.Digest, version).Verify(reopened.GetLeaf(record.Record.Digest, version).Hash(), version.Root));
            }

            foreach ((DatanetVersion older, List<string> _) in versions.Where(other => other.Version.Number <= version.Number))
            {
                Assert.True(reopened.ProveConsistency(older, version).Verify(older.Root, version.Root));
            }
        }
    }

    private void AssertMembershipAgrees(DatanetStep[] steps, List<long> expected, DatanetVersion version) => _store.Read(reader =>
    {
        IReadOnlyList<DatanetStep> forks = reader.ReadForks("facts");
        foreach (DatanetStep added in steps.Where(step => step.Kind == StepKind.Add))
        {
            bool isErased = reader.FindChange("facts", "", added.Position, -1, version.TreeSize) is not null;
            bool isHeld = BranchMembership.EntryOf(reader, "facts", forks, added, version.Branch, version.TreeSize) is not null && !isErased;
            Assert.Equal(expected.Contains(added.Position), isHeld);
        }

        return true;
    });

    private void TryMerge(Random random, string into, List<(DatanetVersion Version, List<string> Texts)> versions)
    {
        string from = Pick(random, _datanet.Branches());
        if (from != into)
        {
            try
            {
                MergeResolution resolution = (MergeResolution)random.Next(1, 3);
                AddVersion(versions, _datanet.Merge(from, into, new MergeOptions { Resolution = resolution }, "merge", Alice.Contributor).Version);
            }
            catch (DatanetException exception) when (exception.Error == DatanetError.NothingToCommit)
            {
                Assert.Contains("merge", exception.Message, StringComparison.Ordinal);
            }
        }
    }

    private void TryCommit(string branch, List<(DatanetVersion Version, List<string> Texts)> versions)
    {
        try
        {
            AddVersion(versions, Commit(branch));
        }
        catch (DatanetException exception) when (exception.Error == DatanetError.NothingToCommit)
        {
            Assert.Contains(branch, exception.Message, StringComparison.Ordinal);
        }
    }

    private void AddVersion(List<(DatanetVersion Version, List<string> Texts)> versions, DatanetVersion version) =>
        versions.Add((version, [.. Texts(version)]));

    private static T Pick<T>(Random random, IReadOnlyList<T> items) => items[random.Next(items.Count)];

    private ContributionResult Give(string branch, params string[] texts) => _datanet.Submit(DatanetTests.Give(Bob, texts), branch);

    private DatanetVersion Commit(string branch) => _datanet.Commit($"on {branch}", branch, Alice.Contributor);

    private string[] Texts(DatanetVersion version) => [.. _datanet.Records(version).Select(Text)];

    private string[] Present(string branch) => [.. _datanet.PresentRecords(branch).Select(Text)];

    private static RecordDigest Digest(string text) => DatanetRecord.Parse($$"""{"text":"{{text}}"}""").Digest;

    private static string Text(CommittedRecord record) => record.Record.TryGetText("text", out string? text) ? text : "";
}
