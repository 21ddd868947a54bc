using OpenLedger.Datanets.Canonical;
using OpenLedger.Datanets.Erasure;
using OpenLedger.Datanets.Storage;
using OpenLedger.Datanets.Tests.Reference;
using OpenLedger.Datanets.Transparency;
using OpenLedger.Datanets.Versions;

namespace OpenLedger.Datanets.PostgreSql.Tests;

public sealed class PostgreSqlLifeTests(SharedServer server)
{
    [Fact]
    public void Life_OfADatanet_GivesTheSameVersionsAsSqlite()
    {
        using SqliteDatanetStore sqlite = SqliteDatanetStore.OpenInMemory();
        using PostgreSqlDatanetStore postgres = PostgreSqlDatanetStore.Open(server.Require().NewStore());
        List<Sha256Digest> expected = Live(sqlite);
        Assert.Equal(10, expected.Count);
        Assert.Equal(expected, Live(postgres));
    }

    /// <summary>Submits, branches, removes, includes, merges, erases and proves; returns every id, root and journal head on the way.</summary>
    private static List<Sha256Digest> Live(IDatanetStore store)
    {
        List<Sha256Digest> ids = [];
        SteppingClock clock = new();
        Datanet datanet = DatanetBench.Open(store, clock);
        void Note(DatanetVersion version)
        {
            ids.Add(version.Id);
            ids.Add(version.Root);
            clock.Advance(TimeSpan.FromSeconds(7));
        }

        // More than go out as single statements, and fewer.
        Assert.Equal(40, datanet.Submit(DatanetBench.Give(Enumerable.Range(0, 40).Select(i => $"main {i}"))).AcceptedCount);
        Assert.Equal(1, datanet.Submit(DatanetBench.Give("MAIN 7", "main alone")).AcceptedCount);
        DatanetVersion first = datanet.Commit("first");
        Note(first);
        datanet.CreateBranch("dev", "main");
        datanet.Submit(DatanetBench.Give("dev one", "dev two"), "dev");
        datanet.Remove([DatanetBench.Record("main 3").Digest], "dev", "wrong", DatanetBench.Alice.Contributor);
        datanet.Replace(DatanetBench.Record("main 4").Digest, DatanetBench.Give("main four"), "dev");
        Note(datanet.Commit("on dev", "dev", DatanetBench.Alice.Contributor));
        datanet.Submit(DatanetBench.Give("main last"));
        Note(datanet.Commit("second"));
        MergeResult merged = datanet.Merge("dev", "main", new MergeOptions(), "merge", DatanetBench.Alice.Contributor);
        Note(merged.Version);
        Assert.Equal((3, 2), (merged.AddedCount, merged.RemovedCount));
        ErasureReceipt receipt = datanet.Erase(DatanetBench.Record("main 9").Digest, DatanetBench.Alice.Contributor, ErasureReason.PersonRequest);
        Assert.True(receipt.IsPurged);
        Assert.Equal([1, 2, 3, 4], receipt.Versions);
        datanet.Tag("release", merged.Version, DatanetBench.Alice.Contributor);
        datanet.Submit(DatanetBench.Give("after"));
        DatanetVersion last = datanet.Commit("last");
        Note(last);

        Datanet again = DatanetBench.Open(store, clock); // what another process reads back
        Assert.Equal(DatanetError.RecordErased, Assert.Throws<DatanetException>(() => again.GetRecord(DatanetBench.Record("main 9").Digest)).Error);
        Assert.Equal("main 8", Text(again, "main 8"));
        Assert.Single(again.Erasures(last));
        Assert.Equal(5, again.Versions().Count);
        Assert.Equal(merged.Version.Id, again.GetTagged("release").Id);
        InclusionProof inclusion = again.ProveInclusion(DatanetBench.Record("dev two").Digest, last);
        Assert.True(inclusion.Verify(again.GetLeaf(DatanetBench.Record("dev two").Digest, last).Hash(), last.Root));
        Assert.True(again.ProveConsistency(first, last).Verify(first.Root, last.Root));
        Assert.Equal(43, DatanetBench.Texts(again, last).Length);
        return ids;
    }

    private static string? Text(Datanet datanet, string text) =>
        datanet.GetRecord(DatanetBench.Record(text).Digest).TryGetText("text", out string? found) ? found : null;
}
