using Microsoft.Data.Sqlite;
using OpenLedger.Datanets.Contributions;
using OpenLedger.Datanets.Storage;
using OpenLedger.Datanets.Tests.Reference;
using OpenLedger.Datanets.Tests.Versions;
using OpenLedger.Datanets.Versions;
using OpenLedger.Testing;

namespace OpenLedger.Datanets.Tests.Storage;

public sealed class SqliteDatanetStoreTests : IDisposable
{
    private static readonly KeyedSigner Alice = new("alice");
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Open_SameFileAgain_FindsEverything()
    {
        string path = _folder.File("facts.db");
        DatanetVersion version = Fill(path);
        using SqliteDatanetStore store = SqliteDatanetStore.OpenFile(path);
        Datanet datanet = Datanet.Open("facts", DatanetTests.Options(store, new SteppingClock()));
        Assert.Equal(version.Id, datanet.GetVersion(2).Id);
        Assert.Equal(60, datanet.Records(version).Count());
        Assert.Equal(Alice.Contributor, datanet.Owner);
        datanet.Submit(DatanetTests.Give(Alice, "later"));
        DatanetVersion next = datanet.Commit("third");
        Assert.True(datanet.ProveConsistency(version, next).Verify(version.Root, next.Root));
    }

    [Fact]
    public void Dispose_AfterUse_LeavesOneFileThatCanBeDeleted()
    {
        string path = _folder.File("facts.db");
        Fill(path);
        Assert.Equal([path], Directory.GetFiles(_folder.Path));
        if (OperatingSystem.IsLinux())
        {
            Assert.DoesNotContain(Directory.GetFiles("/proc/self/fd"), fd => new FileInfo(fd).LinkTarget?.StartsWith(_folder.Path, StringComparison.Ordinal) == true);
        }

        File.Delete(path);
        Assert.False(File.Exists(path));
    }

    [Fact]
    public void Open_NotADatabase_SaysSo()
    {
        string path = _folder.File("notes.txt");
        File.WriteAllText(path, string.Concat(Enumerable.Repeat("This is a text file, not a database.\n", 100)));
        AssertOpenFails(path, DatanetError.NotADatanetStore);
        Assert.StartsWith("This is a text", File.ReadAllText(path), StringComparison.Ordinal); // untouched
        File.Delete(path);
    }

    [Fact]
    public void Open_DatabaseOfAnotherProgram_SaysSoAndLeavesItAlone()
    {
        string path = _folder.File("other.db");
        Execute(path, "CREATE TABLE other (x)");
        AssertOpenFails(path, DatanetError.NotADatanetStore);
    }

    [Fact]
    public void Open_NewerFormat_SaysSo()
    {
        string path = _folder.File("facts.db");
        Fill(path);
        Execute(path, "PRAGMA user_version = 2");
        Assert.Contains("Update the package", AssertOpenFails(path, DatanetError.NewerStoreFormat).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("DROP TABLE version")]
    [InlineData("CREATE TRIGGER t AFTER INSERT ON step BEGIN DELETE FROM payload; END")]
    [InlineData("CREATE VIEW v AS SELECT 1")]
    [InlineData("ALTER TABLE datanet ADD COLUMN x TEXT")]
    [InlineData("PRAGMA user_version = 0")]
    public void Open_ForeignTables_IsDamage(string sql)
    {
        string path = _folder.File("facts.db");
        Fill(path);
        Execute(path, sql);
        AssertOpenFails(path, DatanetError.StoreCorrupt);
    }

    [Fact]
    public void Open_MissingFolder_SaysSo() => AssertOpenFails(_folder.File("missing", "facts.db"), DatanetError.StoreUnavailable);

    [Fact]
    public void Open_Folder_SaysSo() => AssertOpenFails(_folder.Path, DatanetError.StoreUnavailable);

    [Fact]
    public void Write_LockedByAnother_SaysSoAndWorksAfterwards()
    {
        string path = _folder.File("facts.db");
        Fill(path);
        using SqliteDatanetStore store = SqliteDatanetStore.Open(new SqliteDatanetStoreOptions { Path = path, LockTimeout = TimeSpan.FromSeconds(1) });
        Datanet datanet = Datanet.Open("facts", DatanetTests.Options(store, new SteppingClock()));
        using (SqliteConnection other = Connect(path))
        {
            using SqliteTransaction transaction = other.BeginTransaction(deferred: false);
            DatanetException exception = Assert.Throws<DatanetException>(() => datanet.Submit(DatanetTests.Give(Alice, "later")));
            Assert.Equal(DatanetError.StoreLocked, exception.Error);
            Assert.Contains(path, exception.Message, StringComparison.Ordinal);
            Assert.Equal(60, datanet.Records(datanet.GetVersion(2)).Count()); // readers do not wait for a writer
        }

        Assert.Equal(1, datanet.Submit(DatanetTests.Give(Alice, "later")).AcceptedCount);
    }

    [Fact]
    public void Commit_TwoStoresOnOneFile_SeeEachOther()
    {
        string path = _folder.File("facts.db");
        Fill(path);
        using SqliteDatanetStore first = SqliteDatanetStore.OpenFile(path);
        using SqliteDatanetStore second = SqliteDatanetStore.OpenFile(path);
        Datanet one = Datanet.Open("facts", DatanetTests.Options(first, new SteppingClock()));
        Datanet two = Datanet.Open("facts", DatanetTests.Options(second, new SteppingClock()));
        one.Submit(DatanetTests.Give(Alice, "from one"));
        Assert.Equal(RefusalReason.DuplicateInDatanet, two.Submit(DatanetTests.Give(new KeyedSigner("bob"), "From One")).Outcomes[0].Reason);
        two.Submit(DatanetTests.Give(Alice, "from two"));
        Assert.Equal(62, one.Commit("third").TreeSize);
        Assert.Equal(3, two.LatestVersionNumber());
        one.Submit(DatanetTests.Give(Alice, "again"));
        DatanetVersion fourth = two.Commit("fourth");
        Assert.Equal((4, 63L, one.GetVersion(3).Id), (fourth.Number, fourth.TreeSize, fourth.Parent!.Value));
    }

    [Theory]
    [InlineData("UPDATE payload SET content = CAST('{\"text\":\"forged\"}' AS BLOB) WHERE key = 7")]
    [InlineData("UPDATE payload SET content = (SELECT content FROM payload WHERE key = 8) WHERE key = 7")]
    [InlineData("UPDATE secret SET secret = (SELECT secret FROM secret WHERE key = 8) WHERE key = 7")]
    [InlineData("UPDATE secret SET secret = zeroblob(32) WHERE key = 7")]
    [InlineData("UPDATE secret SET secret = x'00' WHERE key = 7")]
    [InlineData("UPDATE step SET at_ms = at_ms + 1 WHERE key & 0xFFFFFFFF = 7")]
    [InlineData("UPDATE step SET kind = 2 WHERE key & 0xFFFFFFFF = 7")]
    [InlineData("UPDATE step SET branch = 0 WHERE key & 0xFFFFFFFF = 7")]
    [InlineData("UPDATE branch SET name = 'other'")]
    [InlineData("UPDATE contribution SET contributor = 'secp256k1:0x0000000000000000000000000000000000000001' WHERE key = 1")]
    [InlineData("DELETE FROM step WHERE key & 0xFFFFFFFF = 59")]
    [InlineData("DELETE FROM step WHERE key & 0xFFFFFFFF = 7")]
    [InlineData("UPDATE version SET header = CAST(replace(CAST(header AS TEXT), 'first', 'forged') AS BLOB) WHERE number = 1")]
    [InlineData("DELETE FROM version WHERE number = 1")]
    [InlineData("UPDATE version SET header = x'7b7d' WHERE number = 2")]
    public void Records_AlteredStore_IsDamage(string sql)
    {
        string path = _folder.File("facts.db");
        Fill(path);
        Execute(path, "PRAGMA foreign_keys = OFF; " + sql);
        using SqliteDatanetStore store = SqliteDatanetStore.OpenFile(path);
        Datanet datanet = Datanet.Open("facts", DatanetTests.Options(store, new SteppingClock()));
        Assert.Equal(DatanetError.StoreCorrupt, Assert.Throws<DatanetException>(() => datanet.Records(datanet.GetVersion(2)).Count()).Error);
    }

    [Fact]
    public void GetContribution_AlteredStatement_IsDamage()
    {
        string path = _folder.File("facts.db");
        Fill(path);
        Execute(path, "UPDATE contribution SET statement = CAST(replace(CAST(statement AS TEXT), 'CC-BY-4.0', 'CC0-1.0') AS BLOB)");
        using SqliteDatanetStore store = SqliteDatanetStore.OpenFile(path);
        Datanet datanet = Datanet.Open("facts", DatanetTests.Options(store, new SteppingClock()));
        DatanetLeaf leaf = datanet.Records(datanet.GetVersion(1)).First().Leaf;
        Assert.Equal(DatanetError.StoreCorrupt, Assert.Throws<DatanetException>(() => datanet.GetContribution(leaf.Contribution, out _)).Error);
    }

    [Fact]
    public void Records_FlippedBytesOfTheFile_GiveTheSameRecordsOrTheDocumentedException()
    {
        string path = _folder.File("facts.db");
        DatanetVersion version = Fill(path);
        byte[] valid = File.ReadAllBytes(path);
        Random random = new(11);
        int unharmed = 0;
        int refused = 0;
        for (int i = 0; i < 400; i++)
        {
            byte[] bytes = random.Next(8) == 0 ? valid[..random.Next(valid.Length)] : [.. valid];
            for (int flips = random.Next(1, 20); flips > 0 && bytes.Length > 0; flips--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            string damaged = _folder.File("damaged.db");
            File.WriteAllBytes(damaged, bytes);
            try
            {
                using SqliteDatanetStore store = SqliteDatanetStore.OpenFile(damaged);
                Datanet datanet = Datanet.Open("facts", DatanetTests.Options(store, new SteppingClock()));
                DatanetVersion read = datanet.GetVersion(2);
                List<CommittedRecord> records = [.. datanet.Records(read)];
                Assert.Equal((version.Root, 60), (read.Root, records.Count));
                Assert.True(datanet.ProveInclusion(records[7].Record.Digest, read).Verify(records[7].Leaf.Hash(), version.Root));
                datanet.Submit(DatanetTests.Give(Alice, "after the damage"));
                datanet.Commit("after the damage");
                unharmed++;
            }
            catch (DatanetException exception)
            {
                Assert.True(Enum.IsDefined(exception.Error));
                refused++;
            }

            foreach (string file in Directory.GetFiles(_folder.Path, "damaged.db*"))
            {
                File.Delete(file);
            }
        }

        Assert.True(unharmed > 0 && refused > 50, $"{unharmed} unharmed, {refused} refused");
    }

    [Fact]
    public void Payload_InTwoDatanets_IsKeptOncePerDatanet()
    {
        string path = _folder.File("facts.db");
        using (SqliteDatanetStore store = SqliteDatanetStore.OpenFile(path))
        {
            foreach (string id in (string[])["facts", "other"])
            {
                Datanet datanet = DatanetTests.Create(id, store, new SteppingClock());
                Assert.Equal(1, datanet.Submit(Contribution.Sign(DatanetTests.Draft("shared") with { DatanetId = id }, Alice)).AcceptedCount);
                Assert.Single(datanet.Records(datanet.Commit("x")));
            }
        }

        Assert.Equal(2L, Scalar(path, "SELECT count(*) FROM payload"));
        Assert.Equal(2L, Scalar(path, "SELECT count(DISTINCT content) FROM payload")); // each under its own key
        Assert.Equal(2L, Scalar(path, "SELECT count(DISTINCT secret) FROM secret"));
    }

    [Fact]
    public void Read_InsideWork_IsRefused()
    {
        using SqliteDatanetStore store = SqliteDatanetStore.OpenInMemory();
        Assert.Throws<InvalidOperationException>(() => store.Read(_ => store.Read(reader => reader.CountSteps("x"))));
        IDatanetReader? kept = null;
        store.Read(reader => kept = reader);
        Assert.Throws<InvalidOperationException>(() => kept!.CountSteps("x"));
        Assert.Equal(0, store.Read(reader => reader.CountSteps("x"))); // usable after both
    }

    [Fact]
    public void Read_AfterDispose_IsRefused()
    {
        SqliteDatanetStore store = SqliteDatanetStore.OpenInMemory();
        store.Dispose();
        store.Dispose();
        Assert.Throws<ObjectDisposedException>(() => store.Read(reader => reader.CountSteps("x")));
    }

    [Fact]
    public void Open_IllegalOptions_AreAllNamed()
    {
        SqliteDatanetStoreOptions options = new() { Path = " ", LockTimeout = TimeSpan.Zero, MaxBytes = 1 };
        ArgumentException exception = Assert.Throws<ArgumentException>(() => SqliteDatanetStore.Open(options));
        Assert.Equal(
            "Path is empty; name a file, or use null for a store in memory. LockTimeout is 00:00:00; it must be from 1 second to 1 hour. MaxBytes is 1; it must be at least 1048576, or null for no limit.",
            exception.Message);
    }

    private static DatanetVersion Fill(string path)
    {
        using SqliteDatanetStore store = SqliteDatanetStore.OpenFile(path);
        Datanet datanet = DatanetTests.Create("facts", store, new SteppingClock());
        datanet.Submit(DatanetTests.Give(Alice, [.. Enumerable.Range(0, 50).Select(i => $"record {i}")]));
        datanet.Commit("first");
        datanet.Submit(DatanetTests.Give(new KeyedSigner("bob"), [.. Enumerable.Range(50, 10).Select(i => $"record {i}")]));
        return datanet.Commit("second");
    }

    private static DatanetException AssertOpenFails(string path, DatanetError error)
    {
        DatanetException exception = Assert.Throws<DatanetException>(() => SqliteDatanetStore.OpenFile(path).Dispose());
        Assert.Equal(error, exception.Error);
        Assert.Contains(path, exception.Message, StringComparison.Ordinal);
        return exception;
    }

    private static SqliteConnection Connect(string path)
    {
        SqliteConnection connection = new(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ConnectionString);
        connection.Open();
        return connection;
    }

    private static object? Scalar(string path, string sql)
    {
        using SqliteConnection connection = Connect(path);
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    private static void Execute(string path, string sql)
    {
        using SqliteConnection connection = Connect(path);
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
