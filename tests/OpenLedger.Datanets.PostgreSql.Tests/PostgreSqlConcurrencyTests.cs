using Npgsql;
using OpenLedger.Datanets.Contributions;
using OpenLedger.Datanets.Storage;
using OpenLedger.Datanets.Versions;

namespace OpenLedger.Datanets.PostgreSql.Tests;

public sealed class PostgreSqlConcurrencyTests(SharedServer server)
{
    [Fact]
    public void Submit_TwoStoresAtOnce_LosesAndDoublesNothing()
    {
        const int Rounds = 15;
        const int Shared = 5; // records that both give in each round
        PostgreSqlDatanetStoreOptions options = server.Require().NewStore();
        using PostgreSqlDatanetStore first = PostgreSqlDatanetStore.Open(options);
        using PostgreSqlDatanetStore second = PostgreSqlDatanetStore.Open(options);
        int accepted = 0;
        int duplicates = 0;
        Parallel.ForEach((PostgreSqlDatanetStore[])[first, second], store =>
        {
            Datanet datanet = DatanetBench.Open(store);
            string own = store == first ? "first" : "second";
            for (int round = 0; round < Rounds; round++)
            {
                // 8 or 23 records: single statements and copies.
                ContributionResult result = datanet.Submit(DatanetBench.Give(
                    [
                        .. Enumerable.Range(0, Shared).Select(i => $"shared {round} {i}"),
                        .. Enumerable.Range(0, round % 2 == 0 ? 3 : 18).Select(i => $"{own} {round} {i}"),
                    ]));
                Interlocked.Add(ref accepted, result.AcceptedCount);
                Interlocked.Add(ref duplicates, result.Outcomes.Count(outcome => outcome.Reason == RefusalReason.DuplicateInDatanet));
            }
        });
        int own = 2 * ((8 * 3) + (7 * 18));
        Assert.Equal((own + (Rounds * Shared), Rounds * Shared), (accepted, duplicates));
        DatanetVersion version = DatanetBench.Open(first).Commit("all");
        Assert.Equal((accepted, accepted), (version.TreeSize, version.RecordCount));
        Assert.Equal(version.Id, DatanetBench.Open(second).GetVersion(1).Id);
        string[] texts = DatanetBench.Texts(DatanetBench.Open(second), version);
        Assert.Equal(accepted, texts.Distinct().Count());
        Assert.Equal(Rounds * Shared, texts.Count(text => text.StartsWith("shared", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(200)]
    public void Write_BackendKilledInside_KeepsNothing_AndTheNextWorks(int records)
    {
        PostgreSqlDatanetStoreOptions options = server.Require().NewStore();
        using PostgreSqlDatanetStore store = PostgreSqlDatanetStore.Open(options);
        Datanet datanet = DatanetBench.Open(store);
        datanet.Submit(DatanetBench.Give("before"));
        StoredContribution contribution = store.Read(reader =>
            reader.FindContribution(DatanetBench.Id, reader.ReadSteps(DatanetBench.Id, 0, 1)[0].Contribution))!;
        DatanetException exception = Assert.Throws<DatanetException>(() => store.Write<bool>(writer =>
        {
            writer.AppendEntry(DatanetBench.Id, new StoredEntry(writer.CountEntries(DatanetBench.Id), new byte[] { 1 }));
            writer.AppendRecords(DatanetBench.Id, [.. Enumerable.Range(1, records).Select(i => new StoredRecord(
                DatanetStep.Add(i, "main", 1, contribution.Contributor, default, contribution.Digest), i, new byte[32], new byte[16]))]);
            Assert.Equal(1 + records, writer.CountSteps(DatanetBench.Id));
            KillWriters();
            try
            {
                writer.AppendStep(DatanetBench.Id, DatanetStep.Erase(1 + records, 1, 0));
                _ = writer.CountSteps(DatanetBench.Id);
            }
            catch (DatanetException)
            {
                // Work that goes on after a fault, as if nothing had been, must not be kept either.
            }

            return true;
        }));
        Assert.Equal(DatanetError.StoreUnavailable, exception.Error);
        Assert.Equal((1L, 0L), store.Read(reader => (reader.CountSteps(DatanetBench.Id), reader.CountEntries(DatanetBench.Id))));
        Assert.Equal(1, datanet.Submit(DatanetBench.Give("after")).AcceptedCount);
        Assert.Equal(["before", "after"], DatanetBench.Texts(datanet, datanet.Commit("x")));
    }

    [Fact]
    public void Write_GoingOnAfterARefusedStatement_KeepsNothing()
    {
        using PostgreSqlDatanetStore store = PostgreSqlDatanetStore.Open(server.Require().NewStore());
        DatanetBench.Open(store);
        DatanetException exception = Assert.Throws<DatanetException>(() => store.Write(writer =>
        {
            writer.PutItem(DatanetBench.Id, "c", new byte[] { 1 }, new byte[] { 1 });
            StoredDatanet twice = writer.FindDatanet(DatanetBench.Id)!;
            Assert.Equal(DatanetError.StoreCorrupt, Assert.Throws<DatanetException>(() => writer.AddDatanet(twice)).Error);
            return true; // PostgreSQL would answer the commit with a rollback and no error
        }));
        Assert.Equal(DatanetError.StoreCorrupt, exception.Error);
        Assert.Null(store.Read(reader => reader.FindItem(DatanetBench.Id, "c", new byte[] { 1 })));
    }

    [Fact]
    public void Write_GoingOnAfterARefusedValue_KeepsNothing()
    {
        using PostgreSqlDatanetStore store = PostgreSqlDatanetStore.Open(server.Require().NewStore());
        DatanetBench.Open(store);
        Assert.Throws<InvalidOperationException>(() => store.Write(writer =>
        {
            writer.PutItem(DatanetBench.Id, "c", new byte[] { 1 }, new byte[] { 1 });
            writer.PutItem(DatanetBench.Id, "half of a pair: \ud800", new byte[] { 1 }, default);
            Assert.IsAssignableFrom<ArgumentException>(Record.Exception(() => writer.FindItem(DatanetBench.Id, "c", new byte[] { 1 })));
            return true; // the first item waited together with the refused one
        }));
        Assert.Null(store.Read(reader => reader.FindItem(DatanetBench.Id, "c", new byte[] { 1 })));
        Assert.Equal(0, Append(store));
    }

    [Fact]
    public void Write_BackendKilledInTheCommit_TellsThatNothingWasKept()
    {
        PostgreSqlDatanetStoreOptions options = server.Require().NewStore();
        using PostgreSqlDatanetStore store = PostgreSqlDatanetStore.Open(options);
        DatanetBench.Open(store);
        server.Require().Execute(
            $"CREATE FUNCTION {options.Schema}.die() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END'; "
            + $"CREATE CONSTRAINT TRIGGER die AFTER INSERT ON {options.Schema}.journal DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION {options.Schema}.die()");
        DatanetException exception = Assert.Throws<DatanetException>(() => Append(store));
        Assert.Equal(DatanetError.StoreUnavailable, exception.Error);
        Assert.Contains("connection was lost", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("not known", exception.Message, StringComparison.Ordinal);
        server.Require().Execute($"DROP TRIGGER die ON {options.Schema}.journal");
        Assert.Equal(0, Append(store));
    }

    [Fact]
    public async Task Write_ConnectionLostAfterTheCommit_IsKeptAndSaysSo()
    {
        using PostgreSqlServer own = PostgreSqlServer.Start();
        using PostgreSqlDatanetStore store = PostgreSqlDatanetStore.Open(own.NewStore());
        DatanetBench.Open(store);

        // A commit that waits for a replica that never answers is already kept here; the killed session tells nobody.
        own.Execute("ALTER SYSTEM SET synchronous_standby_names = 'nobody'");
        own.Execute("SELECT pg_reload_conf()");
        const string Waiting = "FROM pg_stat_activity WHERE wait_event = 'SyncRep'";
        bool isWaiting = false;
        Task<long> write = Task.Run(
            () =>
            {
                long last;
                do
                {
                    last = Append(store); // the setting takes effect a little later
                }
                while (!Volatile.Read(ref isWaiting));

                return last;
            },
            TestContext.Current.CancellationToken);
        Assert.True(SpinWait.SpinUntil(() => own.Ask<long>("SELECT count(*) " + Waiting) == 1, TimeSpan.FromSeconds(30)));
        Volatile.Write(ref isWaiting, true);
        Assert.Equal(1L, own.Ask<long>($"SELECT count(*) FROM (SELECT pg_terminate_backend(pid) {Waiting}) x"));
        long last = await write;
        Assert.Equal(1 + last, store.Read(reader => reader.CountEntries(DatanetBench.Id)));
    }

    [Fact]
    public void Write_WhileAnotherWrites_WaitsAndThenSaysLocked()
    {
        PostgreSqlDatanetStoreOptions options = server.Require().NewStore();
        using PostgreSqlDatanetStore first = PostgreSqlDatanetStore.Open(options);
        using PostgreSqlDatanetStore second = PostgreSqlDatanetStore.Open(options with { LockTimeout = TimeSpan.FromMilliseconds(50) });
        DatanetBench.Open(first);
        first.Write(writer =>
        {
            Assert.Equal(DatanetError.StoreLocked, Assert.Throws<DatanetException>(() => Append(second)).Error); // as another process
            Assert.Equal(0, second.Read(reader => reader.CountSteps(DatanetBench.Id))); // readers never wait
            return true;
        });
        second.Write(_ =>
        {
            Exception? fault = null;
            Thread thread = new(() => fault = Record.Exception(() => Append(second)));
            thread.Start();
            thread.Join();
            Assert.Equal(DatanetError.StoreLocked, Assert.IsType<DatanetException>(fault).Error);
            return true;
        });
        Assert.Equal(0, Append(second));
    }

    [Fact]
    public void Write_InAnotherSchema_DoesNotWait()
    {
        using PostgreSqlDatanetStore first = PostgreSqlDatanetStore.Open(server.Require().NewStore());
        using PostgreSqlDatanetStore second = PostgreSqlDatanetStore.Open(server.Require().NewStore() with { LockTimeout = TimeSpan.FromMilliseconds(50) });
        DatanetBench.Open(second);
        Assert.Equal(0, first.Write(_ => Append(second)));
    }

    [Fact]
    public async Task Read_ManyThreads_EachSeesOneSnapshot()
    {
        using PostgreSqlDatanetStore store = PostgreSqlDatanetStore.Open(server.Require().NewStore());
        DatanetBench.Open(store);
        using CancellationTokenSource done = new();
        Task[] readers = [.. Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            while (!done.IsCancellationRequested)
            {
                store.Read(reader =>
                {
                    long entries = reader.CountEntries(DatanetBench.Id);
                    Assert.Equal(entries, reader.ReadItems(DatanetBench.Id, "c", default, default, 1_000).Count);
                    return true;
                });
            }
        }))];
        for (int i = 0; i < 40; i++)
        {
            store.Write(writer =>
            {
                writer.AppendEntry(DatanetBench.Id, new StoredEntry(i, new byte[] { 1 }));
                writer.PutItem(DatanetBench.Id, "c", new[] { (byte)i }, default);
                return true;
            });
        }

        await done.CancelAsync();
        await Task.WhenAll(readers);
    }

    [Fact]
    public void Server_Stopped_SaysUnavailable_AndServesAgainAfterwards()
    {
        using PostgreSqlServer own = PostgreSqlServer.Start();
        PostgreSqlDatanetStoreOptions options = own.NewStore();
        using PostgreSqlDatanetStore store = PostgreSqlDatanetStore.Open(options);
        Datanet datanet = DatanetBench.Open(store);
        datanet.Submit(DatanetBench.Give("before"));
        own.Stop();
        Assert.Equal(DatanetError.StoreUnavailable, Assert.Throws<DatanetException>(() => datanet.Submit(DatanetBench.Give("no"))).Error);
        Assert.Equal(DatanetError.StoreUnavailable, Assert.Throws<DatanetException>(() => store.Read(reader => reader.CountSteps(DatanetBench.Id))).Error);
        Assert.Equal(DatanetError.StoreUnavailable, Assert.Throws<DatanetException>(() => store.Purge()).Error);
        Assert.Equal(DatanetError.StoreUnavailable, Assert.Throws<DatanetException>(() => PostgreSqlDatanetStore.Open(options)).Error);
        own.StartAgain();
        Assert.Equal(1, datanet.Submit(DatanetBench.Give("after")).AcceptedCount);
    }

    /// <summary>Adds a journal entry; returns its number.</summary>
    private static long Append(PostgreSqlDatanetStore store) => store.Write(writer =>
    {
        long next = writer.CountEntries(DatanetBench.Id);
        writer.AppendEntry(DatanetBench.Id, new StoredEntry(next, new byte[] { 1 }));
        return next;
    });

    private void KillWriters()
    {
        using NpgsqlConnection connection = new(server.Require().ConnectionString + ";Pooling=false");
        connection.Open();
        using NpgsqlCommand command = new(
            "SELECT count(*) FROM (SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE state = 'idle in transaction' AND backend_xid IS NOT NULL) x", connection);
        Assert.Equal(1L, command.ExecuteScalar());
    }
}
