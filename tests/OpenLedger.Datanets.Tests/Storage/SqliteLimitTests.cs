using OpenLedger.Datanets.Contributions;
using OpenLedger.Datanets.Erasure;
using OpenLedger.Datanets.Records;
using OpenLedger.Datanets.Storage;
using OpenLedger.Datanets.Tests.Reference;
using OpenLedger.Datanets.Tests.Versions;
using OpenLedger.Datanets.Versions;
using OpenLedger.Testing;

namespace OpenLedger.Datanets.Tests.Storage;

public sealed class SqliteLimitTests : IDisposable
{
    private static readonly KeyedSigner Alice = new("alice");
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Submit_FullStore_SaysSoAndKeepsWhatWasThere()
    {
        string path = _folder.File("facts.db");
        using SqliteDatanetStore store = SqliteDatanetStore.Open(new SqliteDatanetStoreOptions { Path = path, MaxBytes = 1 << 20 });
        Datanet datanet = DatanetTests.Create("facts", store, new SteppingClock());
        int accepted = 0;
        DatanetException? full = null;
        while (full is null)
        {
            try
            {
                accepted += datanet.Submit(DatanetTests.Give(Alice, [.. Enumerable.Range(accepted, 50).Select(i => $"record {i}")])).AcceptedCount;
            }
            catch (DatanetException exception)
            {
                full = exception;
            }
        }

        Assert.Equal(DatanetError.StoreFull, full.Error);
        Assert.Contains(path, full.Message, StringComparison.Ordinal);
        Assert.True(accepted is > 500 and < 10_000, $"{accepted} records in a mebibyte");
        Assert.Equal(accepted, datanet.PresentRecords("main").Count());
        Assert.Equal(accepted, store.Read(reader => reader.CountSteps("facts")));

        // Erasing overwrites in place, so that it works when nothing else does; and the store works again once it may grow.
        RecordDigest first = DatanetRecord.Parse("""{"text":"record 0"}""").Digest;
        using SqliteDatanetStore larger = SqliteDatanetStore.Open(new SqliteDatanetStoreOptions { Path = path, MaxBytes = 2 << 20 });
        Datanet again = Datanet.Open("facts", DatanetTests.Options(larger, new SteppingClock()));
        Assert.True(again.Erase(first, Alice.Contributor, ErasureReason.PersonRequest).IsPurged);
        Assert.Equal(1, again.Submit(DatanetTests.Give(Alice, "one more")).AcceptedCount);
        Assert.Equal(accepted, again.Commit("full").RecordCount);
    }

    [Fact]
    public void Commit_FailingWhileTheLogIsRead_DoesNotPoisonLaterOnes()
    {
        string path = _folder.File("facts.db");
        using SqliteDatanetStore store = SqliteDatanetStore.OpenFile(path);
        Datanet datanet = Datanet.OpenOrCreate(
            "facts", Alice.Contributor, Schemas.DatanetSchemaTests.Facts, DatanetTests.Options(new FailingStore(store), new SteppingClock()));
        datanet.Submit(DatanetTests.Give(Alice, "one"));
        DatanetVersion first = datanet.Commit("first");
        FailingStore.Fails = true;
        Assert.Throws<IOException>(() => datanet.Rollback(first, "main", "back", Alice.Contributor)); // the log grew by a step that was undone
        FailingStore.Fails = false;
        datanet.Submit(DatanetTests.Give(Alice, "two"));
        DatanetVersion second = datanet.Commit("second");
        Assert.Equal((2L, 2L), (second.TreeSize, second.RecordCount));
        Assert.Equal(2, Datanet.Open("facts", DatanetTests.Options(store, new SteppingClock())).Records(second).Count());
    }

    [Fact]
    public void TwoStores_InterleavedChanges_KeepOneHistory()
    {
        string path = _folder.File("facts.db");
        using (SqliteDatanetStore store = SqliteDatanetStore.OpenFile(path))
        {
            DatanetTests.Create("facts", store, new SteppingClock());
        }

        Parallel.For(0, 2, who =>
        {
            using SqliteDatanetStore store = SqliteDatanetStore.Open(new SqliteDatanetStoreOptions { Path = path, LockTimeout = TimeSpan.FromMinutes(1) });
            Datanet datanet = Datanet.Open("facts", DatanetTests.Options(store, new SteppingClock()));
            datanet.CreateBranch($"work-{who}");
            for (int i = 0; i < 15; i++)
            {
                Contribution contribution = DatanetTests.Give(Alice, $"record {i} of {who}", $"shared {i}");
                datanet.Submit(contribution, $"work-{who}");
                datanet.Commit("x", $"work-{who}", Alice.Contributor);
                datanet.Merge($"work-{who}", "main", new MergeOptions { Resolution = MergeResolution.Ours }, "merge", Alice.Contributor);
                if (i % 5 == 4)
                {
                    datanet.Erase(contribution.Records[0].Digest, Alice.Contributor, ErasureReason.PersonRequest);
                }
            }
        });

        using SqliteDatanetStore last = SqliteDatanetStore.OpenFile(path);
        Datanet all = Datanet.Open("facts", DatanetTests.Options(last, new SteppingClock()));
        IReadOnlyList<DatanetVersion> versions = all.Versions();
        Assert.Equal(60, versions.Count);
        Assert.Equal(24 + 15, all.PresentRecords("main").Count()); // 30 own records less 6 erased; each shared one once
        Assert.All(versions, version => Assert.True(all.ProveConsistency(version, versions[^1]).Verify(version.Root, versions[^1].Root)));
    }

    private sealed class FailingStore(IDatanetStore inner) : IDatanetStore
    {
        public static bool Fails { get; set; }

        public TResult Read<TResult>(Func<IDatanetReader, TResult> work) => inner.Read(work);

        public TResult Write<TResult>(Func<IDatanetWriter, TResult> work) => inner.Write(writer =>
        {
            TResult result = work(writer);
            return Fails ? throw new IOException("the disk went away before the commit") : result;
        });

        public bool Purge() => inner.Purge();

        public void Dispose() => inner.Dispose();
    }
}
