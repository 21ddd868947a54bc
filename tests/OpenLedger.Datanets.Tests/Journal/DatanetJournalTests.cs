using System.Text;
using System.Text.Json.Nodes;
using OpenLedger.Datanets.Canonical;
using OpenLedger.Datanets.Journal;
using OpenLedger.Datanets.Storage;
using OpenLedger.Datanets.Tests.Reference;
using OpenLedger.Datanets.Tests.Versions;
using OpenLedger.Testing;

namespace OpenLedger.Datanets.Tests.Journal;

public sealed class DatanetJournalTests : IDisposable
{
    private static readonly KeyedSigner Alice = new("alice");
    private readonly TemporaryFolder _folder = new();
    private readonly SteppingClock _clock = new();
    private readonly SqliteDatanetStore _store;
    private readonly DatanetJournal _journal;

    public DatanetJournalTests()
    {
        _store = SqliteDatanetStore.OpenFile(_folder.File("facts.db"));
        DatanetTests.Create("facts", _store, _clock);
        _journal = new DatanetJournal("facts", _store, _clock);
    }

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Decide_Events_AreChainedAndSeenAfterwards()
    {
        Counter counter = new();
        JournalEvent first = _journal.Decide(counter, draft =>
        {
            JournalEvent added = draft.Append("count.added", Alice.Contributor, new JsonObject { ["n"] = 3 });
            Assert.Equal(0, counter.Total); // the projection changes only when the decision is kept
            draft.Append("other.thing", Alice.Contributor, []);
            return added;
        });
        _clock.Advance(TimeSpan.FromSeconds(1));
        JournalEvent third = _journal.Decide(counter, draft => draft.Append("count.added", Alice.Contributor, new JsonObject { ["n"] = 4 }));
        Assert.Equal((7, 3L, third.Digest), (counter.Total, counter.Position, counter.Head));
        JournalEvent[] events = [.. _journal.Events()];
        Assert.Equal([default, first.Digest, events[1].Digest], events.Select(known => known.Previous));
        Assert.Equal([0L, 1L, 2L], events.Select(known => known.Sequence));
        Assert.Equal((Alice.Contributor, "count.added", _clock.GetUtcNow()), (events[2].Actor, events[2].Kind, events[2].Time));
        Assert.Equal(
            $$$"""{"actor":"{{{Alice.Contributor}}}","body":{"n":3},"datanet":"facts","format":"openledger-journal/1","kind":"count.added","previous":"{{{new string('0', 64)}}}","sequence":0,"time":"2030-01-31T12:00:00.000Z"}""",
            Encoding.UTF8.GetString(first.Document.Span));
        Assert.Equal(first.Digest, Sha256Digest.Of(first.Document.Span));
        Counter fresh = new();
        Assert.Equal(7, new DatanetJournal("facts", _store, _clock).Query(fresh, _ => fresh.Total));
    }

    [Fact]
    public void Decide_Throwing_KeepsNothing()
    {
        Counter counter = new();
        InvalidOperationException failure = new("no");
        Assert.Same(failure, Assert.Throws<InvalidOperationException>(() => _journal.Decide<int>(counter, draft =>
        {
            draft.Append("count.added", Alice.Contributor, new JsonObject { ["n"] = 3 });
            draft.Writer.PutItem("facts", "test", new byte[] { 1 }, new byte[] { 2 });
            throw failure;
        })));
        Assert.Empty(_journal.Events());
        Assert.Equal((0, 0L), (counter.Total, counter.Position));
        Assert.Null(_store.Read(reader => reader.FindItem("facts", "test", new byte[] { 1 })));
        _journal.Decide(counter, draft => draft.Append("count.added", Alice.Contributor, new JsonObject { ["n"] = 1 }));
        Assert.Equal(1, counter.Total);
    }

    [Fact]
    public void Decide_IllegalEvents_AreRefused()
    {
        Counter counter = new();
        foreach (string kind in (string[])["", "A.b", ".a", "a.", "a b", new string('a', 65)])
        {
            Assert.Throws<ArgumentException>(() => _journal.Decide(counter, draft => draft.Append(kind, Alice.Contributor, [])));
        }

        Assert.Throws<ArgumentException>(() => _journal.Decide(counter, draft => draft.Append("a.b", default, [])));
        Assert.Equal(DatanetError.LimitExceeded, Assert.Throws<DatanetException>(() => _journal.Decide(
            counter, draft => draft.Append("a.b", Alice.Contributor, new JsonObject { ["x"] = new string('x', JournalEvent.MaxDocumentLength) }))).Error);
        Assert.Empty(_journal.Events());
        Assert.Equal(DatanetError.DatanetNotFound, Assert.Throws<DatanetException>(() => new DatanetJournal("nothing", _store, _clock)).Error);
    }

    [Fact]
    public void Decide_TwoStoresOnOneFile_NeverBothWin()
    {
        const int Rounds = 40;
        int[] wins = new int[2];
        Parallel.For(0, 2, who =>
        {
            using SqliteDatanetStore store = SqliteDatanetStore.OpenFile(_folder.File("facts.db"));
            DatanetJournal journal = new("facts", store, _clock);
            Counter counter = new();
            for (int i = 0; i < Rounds; i++)
            {
                // Whoever comes first in a round takes it; the other one sees that and goes without.
                wins[who] += journal.Decide(counter, draft =>
                {
                    if (counter.Total > i)
                    {
                        return 0;
                    }

                    draft.Append("count.added", Alice.Contributor, new JsonObject { ["n"] = 1 });
                    return 1;
                });
            }
        });
        Assert.Equal(Rounds, wins.Sum());
        Counter all = new();
        Assert.Equal(Rounds, _journal.Query(all, _ => all.Total));
        Assert.Equal(Rounds, _journal.Events().Count());
    }

    [Fact]
    public void Query_ManyPages_ReadsAll()
    {
        Counter counter = new();
        _journal.Decide(counter, draft =>
        {
            for (int i = 0; i < 600; i++)
            {
                draft.Append("count.added", Alice.Contributor, new JsonObject { ["n"] = 1 });
            }

            return 0;
        });
        Counter fresh = new();
        Assert.Equal(600, _journal.Query(fresh, _ => fresh.Total));
        Assert.Equal(600, _journal.Events().Count());
    }

    [Theory]
    [InlineData("DELETE FROM journal WHERE sequence = 1")]
    [InlineData("UPDATE journal SET document = CAST(replace(CAST(document AS TEXT), '\"n\":1', '\"n\":2') AS BLOB) WHERE sequence = 1")]
    [InlineData("UPDATE journal SET document = (SELECT document FROM journal WHERE sequence = 0) WHERE sequence = 1")]
    [InlineData("UPDATE journal SET document = x'7b7d' WHERE sequence = 2")]
    [InlineData("UPDATE journal SET document = CAST(replace(CAST(document AS TEXT), 'facts', 'other') AS BLOB) WHERE sequence = 2")]
    public void Query_AlteredEvents_AreDamage(string sql)
    {
        _journal.Decide(new Counter(), draft =>
        {
            for (int i = 0; i < 3; i++)
            {
                draft.Append("count.added", Alice.Contributor, new JsonObject { ["n"] = 1 });
            }

            return 0;
        });
        using (Microsoft.Data.Sqlite.SqliteConnection connection = new($"Data Source={_folder.File("facts.db")};Pooling=False"))
        {
            connection.Open();
            using Microsoft.Data.Sqlite.SqliteCommand command = connection.CreateCommand();
            command.CommandText = sql;
            Assert.Equal(1, command.ExecuteNonQuery());
        }

        Assert.Equal(DatanetError.StoreCorrupt, Assert.Throws<DatanetException>(() => _journal.Query(new Counter(), _ => 0)).Error);
        Assert.Equal(DatanetError.StoreCorrupt, Assert.Throws<DatanetException>(() => _journal.Events().Count()).Error);
        Assert.Equal(DatanetError.StoreCorrupt, Assert.Throws<DatanetException>(
            () => _journal.Decide(new Counter(), draft => draft.Append("a.b", Alice.Contributor, []))).Error);
    }

    [Fact]
    public void Parse_FlippedBytes_GiveAnotherDigestOrTheDocumentedException()
    {
        JournalEvent valid = _journal.Decide(new Counter(), draft => draft.Append("count.added", Alice.Contributor, new JsonObject { ["n"] = 12 }));
        Assert.Equal(valid.Digest, JournalEvent.Parse(valid.Document.Span).Digest);
        Random random = new(5);
        int accepted = 0;
        for (int i = 0; i < 5_000; i++)
        {
            byte[] bytes = random.Next(10) == 0 ? valid.Document[..random.Next(valid.Document.Length)].ToArray() : valid.Document.ToArray();
            if (bytes.Length > 0)
            {
                bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            }

            try
            {
                Assert.NotEqual(valid.Digest, JournalEvent.Parse(bytes).Digest);
                accepted++;
            }
            catch (DatanetException exception)
            {
                Assert.True(Enum.IsDefined(exception.Error));
            }
        }

        Assert.True(accepted > 50, $"only {accepted} changes gave another legal event");
    }

    private sealed class Counter : JournalProjection
    {
        public int Total { get; private set; }

        protected override void Apply(JournalEvent journalEvent)
        {
            if (journalEvent.Kind == "count.added")
            {
                Total += journalEvent.Body.GetProperty("n").GetInt32();
            }
        }
    }
}
