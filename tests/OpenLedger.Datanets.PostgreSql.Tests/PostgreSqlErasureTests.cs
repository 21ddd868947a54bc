using Npgsql;
using OpenLedger.Datanets.Erasure;
using OpenLedger.Datanets.Records;
using OpenLedger.Datanets.Versions;

namespace OpenLedger.Datanets.PostgreSql.Tests;

public sealed class PostgreSqlErasureTests(SharedServer server)
{
    [Theory]
    [InlineData(3)]
    [InlineData(400)]
    public void Erase_TheKey_IsInNoFileOfItsTable(int records)
    {
        PostgreSqlDatanetStoreOptions options = server.Require().NewStore();
        using PostgreSqlDatanetStore store = PostgreSqlDatanetStore.Open(options);
        Datanet datanet = DatanetBench.Open(store);
        datanet.Submit(DatanetBench.Give(Enumerable.Range(0, records).Select(i => $"text {i}")));
        byte[] key = KeyOf(store, 1);
        byte[] kept = KeyOf(store, 2);
        byte[] bucket = [.. store.Read(reader => reader.ReadFingerprintKeys(DatanetBench.Id)).SelectMany(one => one)];
        Assert.True(IsIn(options, "secret", key)); // the test can see what it looks for
        ErasureReceipt receipt = datanet.Erase(DatanetBench.Record("text 1").Digest, DatanetBench.Alice.Contributor, ErasureReason.PersonRequest);
        Assert.True(receipt.IsPurged);
        Assert.False(IsIn(options, "secret", key));
        Assert.True(IsIn(options, "secret", kept));
        byte[] now = [.. store.Read(reader => reader.ReadFingerprintKeys(DatanetBench.Id)).SelectMany(one => one)];
        int changed = Enumerable.Range(0, 256).Single(i => !now.AsSpan(32 * i, 32).SequenceEqual(bucket.AsSpan(32 * i, 32)));
        Assert.False(IsIn(options, "fingerprint_key", bucket[(32 * changed)..(32 * (changed + 1))]));
        Assert.Equal(0L, Pending(options));
    }

    [Fact]
    public void Purge_RemovedItems_AreInNoFileOfTheirTable()
    {
        PostgreSqlDatanetStoreOptions options = server.Require().NewStore();
        using PostgreSqlDatanetStore store = PostgreSqlDatanetStore.Open(options);
        DatanetBench.Open(store);
        byte[] answer = "the answer of a form"u8.ToArray();
        store.Write(writer =>
        {
            writer.PutItem(DatanetBench.Id, "c", new byte[] { 1 }, answer);
            return true;
        });
        store.Write(writer =>
        {
            writer.RemoveItem(DatanetBench.Id, "c", new byte[] { 1 });
            return true;
        });
        Assert.True(IsIn(options, "item", answer)); // PostgreSQL itself keeps it for a while
        Assert.True(store.Purge());
        Assert.False(IsIn(options, "item", answer));
    }

    [Fact]
    public void Purge_WhileAnOlderSnapshotIsHeld_IsFalse_AndTheNextOpeningDoesIt()
    {
        PostgreSqlDatanetStoreOptions options = server.Require().NewStore() with { LockTimeout = TimeSpan.FromMilliseconds(100) };
        byte[] key;
        using (PostgreSqlDatanetStore store = PostgreSqlDatanetStore.Open(options))
        {
            Datanet datanet = DatanetBench.Open(store);
            datanet.Submit(DatanetBench.Give("one"));
            key = KeyOf(store, 0);

            // Somebody who has never touched the store, but could still ask for the old state.
            using NpgsqlConnection other = new(options.ConnectionString);
            other.Open();
            using NpgsqlTransaction snapshot = other.BeginTransaction(System.Data.IsolationLevel.RepeatableRead);
            using NpgsqlCommand look = new("SELECT 1", other);
            look.ExecuteScalar();
            ErasureReceipt receipt = datanet.Erase(DatanetBench.Record("one").Digest, DatanetBench.Alice.Contributor, ErasureReason.PersonRequest);
            Assert.False(receipt.IsPurged);
            Assert.False(store.Purge());
            Assert.True(IsIn(options, "secret", key));
            Assert.Equal(2L, Pending(options));
        }

        using PostgreSqlDatanetStore again = PostgreSqlDatanetStore.Open(options);
        Assert.Equal(0L, Pending(options));
        Assert.False(IsIn(options, "secret", key));
        Assert.True(again.Purge());
    }

    [Fact]
    public void Purge_ByARoleThatDoesNotOwnTheTables_IsFalse()
    {
        PostgreSqlDatanetStoreOptions options = server.Require().NewStore();
        using PostgreSqlDatanetStore owner = PostgreSqlDatanetStore.Open(options);
        DatanetBench.Open(owner).Submit(DatanetBench.Give("one"));
        string role = $"writer_of_{options.Schema}";
        server.Require().Execute(
            $"CREATE ROLE {role} LOGIN; GRANT USAGE ON SCHEMA {options.Schema} TO {role}; "
            + $"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {options.Schema} TO {role}");
        using PostgreSqlDatanetStore writer = PostgreSqlDatanetStore.Open(options with { ConnectionString = $"{options.ConnectionString};Username={role}" });
        ErasureReceipt receipt = DatanetBench.Open(writer).Erase(DatanetBench.Record("one").Digest, DatanetBench.Alice.Contributor, ErasureReason.PersonRequest);
        Assert.False(receipt.IsPurged);
        Assert.True(owner.Purge());
    }

    [Fact]
    public void Purge_WithNothingDestroyed_RewritesNothing()
    {
        PostgreSqlDatanetStoreOptions options = server.Require().NewStore();
        using PostgreSqlDatanetStore store = PostgreSqlDatanetStore.Open(options);
        string file = FileOf(options, "secret");
        Assert.True(store.Purge());
        Assert.Equal(file, FileOf(options, "secret"));
    }

    private static byte[] KeyOf(PostgreSqlDatanetStore store, long position) =>
        store.Read(reader => reader.ReadPayloads(DatanetBench.Id, [position]))[0].Key.ToArray();

    private long Pending(PostgreSqlDatanetStoreOptions options) => server.Require().Ask<long>($"SELECT count(*) FROM {options.Schema}.pending_purge");

    private string FileOf(PostgreSqlDatanetStoreOptions options, string table) => server.Require().Ask<string>($"SELECT pg_relation_filepath('{options.Schema}.{table}')");

    private bool IsIn(PostgreSqlDatanetStoreOptions options, string table, byte[] bytes)
    {
        server.Require().Execute("CHECKPOINT"); // what the server holds in memory is written out
        byte[] content = File.ReadAllBytes(Path.Combine(server.Require().Data, FileOf(options, table)));
        return content.AsSpan().IndexOf(bytes) >= 0;
    }
}
