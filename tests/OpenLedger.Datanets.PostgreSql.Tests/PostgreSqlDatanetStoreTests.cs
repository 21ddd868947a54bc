using Npgsql;
using OpenLedger.Datanets.Records;
using OpenLedger.Datanets.Versions;

namespace OpenLedger.Datanets.PostgreSql.Tests;

public sealed class PostgreSqlDatanetStoreTests(SharedServer server)
{
    [Fact]
    public void Open_SchemaOfAnotherProgram_IsRefusedAndLeftAlone()
    {
        PostgreSqlDatanetStoreOptions options = server.Require().NewStore();
        server.Require().Execute($"CREATE SCHEMA {options.Schema}; CREATE TABLE {options.Schema}.customer (id int)");
        Assert.Equal(DatanetError.NotADatanetStore, Fault(options));
        Assert.Equal(1L, server.Require().Ask<long>($"SELECT count(*) FROM pg_tables WHERE schemaname = '{options.Schema}'"));
    }

    [Fact]
    public void Open_MigrationsOfAnotherProgram_AreNotTakenForOurs()
    {
        PostgreSqlDatanetStoreOptions options = Created();
        server.Require().Execute($"UPDATE {options.Schema}.store_migration SET application = 'another'");
        Assert.Equal(DatanetError.NotADatanetStore, Fault(options));
    }

    [Fact]
    public void Open_NewerFormat_IsRefused()
    {
        PostgreSqlDatanetStoreOptions options = Created();
        server.Require().Execute($"INSERT INTO {options.Schema}.store_migration VALUES (2, 'openledger-datanets', now())");
        Assert.Equal(DatanetError.NewerStoreFormat, Fault(options));
    }

    [Theory]
    [InlineData("DROP TABLE {0}.secret")]
    [InlineData("ALTER TABLE {0}.step ALTER COLUMN digest TYPE text")]
    [InlineData("ALTER TABLE {0}.branch_end ALTER COLUMN branch TYPE text COLLATE \"default\"")]
    [InlineData("ALTER TABLE {0}.item ALTER COLUMN value DROP NOT NULL")]
    [InlineData("DROP INDEX {0}.step_change")]
    [InlineData("CREATE TABLE {0}.extra (id int)")]
    [InlineData("DELETE FROM {0}.store_migration")]
    public void Open_ChangedTables_AreDamage(string change)
    {
        PostgreSqlDatanetStoreOptions options = Created();
        server.Require().Execute(change.Replace("{0}", options.Schema, StringComparison.Ordinal));
        Assert.Equal(DatanetError.StoreCorrupt, Fault(options));
    }

    [Fact]
    public void Open_Twice_FindsTheSameStore_AndLeavesOthersAlone()
    {
        PostgreSqlDatanetStoreOptions options = Created();
        using PostgreSqlDatanetStore again = PostgreSqlDatanetStore.Open(options);
        Assert.NotNull(again.Read(reader => reader.FindDatanet(DatanetBench.Id)));
        using PostgreSqlDatanetStore other = PostgreSqlDatanetStore.Open(server.Require().NewStore());
        Assert.Null(other.Read(reader => reader.FindDatanet(DatanetBench.Id)));
    }

    [Fact]
    public void Open_AtOnceByMany_CreatesOneStore()
    {
        PostgreSqlDatanetStoreOptions options = server.Require().NewStore();
        Parallel.For(0, 6, _ => PostgreSqlDatanetStore.Open(options).Dispose());
        Assert.Equal(1L, server.Require().Ask<long>($"SELECT count(*) FROM {options.Schema}.store_migration"));
    }

    [Theory]
    [InlineData("Database=nowhere", "nowhere")]
    [InlineData("Username=nobody_here", "nobody_here")]
    [InlineData("Port=1", "127.0.0.1")]
    public void Open_Unreachable_SaysWhereAndKeepsThePassword(string setting, string named)
    {
        PostgreSqlDatanetStoreOptions options = server.Require().NewStore();
        options = options with { ConnectionString = $"{options.ConnectionString};Password=correct-horse;{setting}" };
        DatanetException exception = Assert.Throws<DatanetException>(() => PostgreSqlDatanetStore.Open(options));
        Assert.Equal(DatanetError.StoreUnavailable, exception.Error);
        Assert.Contains(named, exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("correct-horse", exception.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Open_RoleWithoutRights_IsUnavailable()
    {
        PostgreSqlDatanetStoreOptions options = Created();
        server.Require().Execute($"CREATE ROLE role_of_{options.Schema} LOGIN");
        options = options with { ConnectionString = $"{options.ConnectionString};Username=role_of_{options.Schema}" };
        Assert.Equal(DatanetError.StoreUnavailable, Fault(options));
    }

    [Theory]
    [InlineData("DELETE FROM {0}.payload")]
    [InlineData("DELETE FROM {0}.contribution")]
    [InlineData("UPDATE {0}.secret SET secret = '\\x01'")]
    [InlineData("UPDATE {0}.step SET digest = '\\x01'")]
    [InlineData("UPDATE {0}.step SET digest = NULL")]
    [InlineData("UPDATE {0}.step SET kind = 6")]
    [InlineData("UPDATE {0}.step SET at_ms = 9223372036854775807")]
    [InlineData("UPDATE {0}.step SET position = position + 1")]
    [InlineData("UPDATE {0}.step SET kind = 2, target = 5")]
    [InlineData("UPDATE {0}.contribution SET contributor = 'me'")]
    [InlineData("UPDATE {0}.payload SET content = '\\x0102'")]
    public void Read_DamagedRows_AreDamage(string change)
    {
        PostgreSqlDatanetStoreOptions options = server.Require().NewStore();
        using PostgreSqlDatanetStore store = PostgreSqlDatanetStore.Open(options);
        Datanet datanet = DatanetBench.Open(store);
        datanet.Submit(DatanetBench.Give("one"));
        DatanetVersion version = datanet.Commit("x");
        server.Require().Execute(change.Replace("{0}", options.Schema, StringComparison.Ordinal));
        DatanetException exception = Assert.Throws<DatanetException>(() => DatanetBench.Texts(DatanetBench.Open(store), version));
        Assert.Equal(DatanetError.StoreCorrupt, exception.Error);
    }

    [Fact]
    public void Text_WithAZero_IsTheCallersMistake()
    {
        using PostgreSqlDatanetStore store = PostgreSqlDatanetStore.Open(Created());
        Assert.Throws<ArgumentException>(() => store.Write(writer =>
        {
            writer.PutItem(DatanetBench.Id, "a\0b", new byte[] { 1 }, default);
            return true;
        }));
        Assert.Throws<InvalidOperationException>(() => store.Write(writer =>
        {
            writer.PutItem("unknown", "c", new byte[] { 1 }, default);
            return true;
        }));
    }

    [Fact]
    public void Waiting_Changes_AreSeenByReads_AndKeepTheirOrder()
    {
        using PostgreSqlDatanetStore store = PostgreSqlDatanetStore.Open(Created());
        byte[] buffer = [1];
        store.Write(writer =>
        {
            writer.PutItem(DatanetBench.Id, "c", buffer, buffer);
            buffer[0] = 2; // the caller's buffer serves again before the first change went out
            writer.PutItem(DatanetBench.Id, "c", buffer, buffer);
            writer.RemoveItem(DatanetBench.Id, "c", buffer);
            Assert.Equal([1], writer.FindItem(DatanetBench.Id, "c", new byte[] { 1 })!);
            Assert.Null(writer.FindItem(DatanetBench.Id, "c", buffer));
            for (int i = 0; i < 2_500; i++) // more than one batch
            {
                writer.PutItem(DatanetBench.Id, "many", new[] { (byte)(i >> 8), (byte)i }, default);
            }

            return true;
        });
        Assert.Equal(2_500, store.Read(reader => reader.ReadItems(DatanetBench.Id, "many", default, default, 10_000)).Count);
    }

    [Fact]
    public void Dispose_Twice_ThenEverythingIsRefused()
    {
        PostgreSqlDatanetStore store = PostgreSqlDatanetStore.Open(Created());
        store.Dispose();
        store.Dispose();
        Assert.Throws<ObjectDisposedException>(() => store.Read(_ => 1));
        Assert.Throws<ObjectDisposedException>(() => store.Write(_ => 1));
        Assert.Throws<ObjectDisposedException>(() => store.Purge());
    }

    [Theory]
    [InlineData("53100", DatanetError.StoreFull)]
    [InlineData("55P03", DatanetError.StoreLocked)]
    [InlineData("57P01", DatanetError.StoreUnavailable)]
    [InlineData("28P01", DatanetError.StoreUnavailable)]
    [InlineData("53300", DatanetError.StoreUnavailable)]
    [InlineData("54000", DatanetError.LimitExceeded)]
    [InlineData("XX001", DatanetError.StoreCorrupt)]
    [InlineData("23505", DatanetError.StoreCorrupt)]
    [InlineData("42P01", DatanetError.StoreCorrupt)]
    public void Fault_EachState_HasItsError(string state, DatanetError error)
    {
        DatanetException exception = Assert.Throws<DatanetException>(() =>
            PostgreSqlFault.Guard<int>("The store", () => throw new PostgresException("no", "ERROR", "ERROR", state)));
        Assert.Equal(error, exception.Error);
        Assert.StartsWith("The store ", exception.Message, StringComparison.Ordinal);
    }

    private PostgreSqlDatanetStoreOptions Created()
    {
        PostgreSqlDatanetStoreOptions options = server.Require().NewStore();
        using PostgreSqlDatanetStore store = PostgreSqlDatanetStore.Open(options);
        DatanetBench.Open(store);
        return options;
    }

    private static DatanetError Fault(PostgreSqlDatanetStoreOptions options) =>
        Assert.Throws<DatanetException>(() => PostgreSqlDatanetStore.Open(options)).Error;
}
