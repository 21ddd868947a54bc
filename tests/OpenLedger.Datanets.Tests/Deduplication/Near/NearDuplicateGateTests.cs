using OpenLedger.Datanets.Contributions;
using OpenLedger.Datanets.Deduplication.Near;
using OpenLedger.Datanets.Records;
using OpenLedger.Datanets.Schemas;
using OpenLedger.Datanets.Storage;
using OpenLedger.Datanets.Tests.Reference;
using OpenLedger.Datanets.Tests.Versions;
using OpenLedger.Datanets.Versions;
using OpenLedger.Testing;

namespace OpenLedger.Datanets.Tests.Deduplication.Near;

public sealed class NearDuplicateGateTests : IDisposable
{
    private const string Harbour =
        "The old harbour of the town was built by merchants who wanted a safe place for their ships in the long winter months of the north.";

    private const string Nearly =
        "The old harbour of the town was built by merchants who wanted a safe place for their ships in the long winter months of the south.";

    private const string Other =
        "Bread is made of flour, water and salt; everything else, from seeds to sugar, is a matter of taste and of the baker's own mood today.";

    private static readonly DatanetSchema Prose =
        new SchemaBuilder("prose").Variant("prose", variant => variant.Required("text", new TextField(1, 10_000))).Build();

    private static readonly KeyedSigner Alice = new("alice");
    private static readonly KeyedSigner Bob = new("bob");
    private readonly TemporaryFolder _folder = new();
    private readonly SteppingClock _clock = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Submit_NearDuplicate_IsRefusedWithTheEarlierRecord()
    {
        using SqliteDatanetStore store = SqliteDatanetStore.OpenInMemory();
        Datanet datanet = Create(store, new NearDuplicateGate());
        Assert.Equal(1, datanet.Submit(DatanetTests.Give(Alice, Harbour)).AcceptedCount);
        ContributionResult result = datanet.Submit(DatanetTests.Give(Bob, Other, Nearly));
        Assert.Equal((1, 1), (result.AcceptedCount, result.RefusedCount));
        RecordOutcome refused = result.Outcomes[1];
        Assert.Equal((RefusalReason.RefusedByGate, NearDuplicateGate.Code), (refused.Reason, refused.GateCode));
        Assert.Equal(new EarlierRecord(Record(Harbour).Digest, Alice.Contributor, 0), refused.Earlier);
        Assert.Contains("(similarity 0.", refused.Message, StringComparison.Ordinal);
        Assert.Contains(", limit 0.70): " + Record(Harbour).Digest + ", given by " + Alice.Contributor, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Submit_NearDuplicateInOneContribution_IsRefused()
    {
        using SqliteDatanetStore store = SqliteDatanetStore.OpenInMemory();
        Datanet datanet = Create(store, new NearDuplicateGate());
        ContributionResult result = datanet.Submit(DatanetTests.Give(Alice, Harbour, Nearly, Other));
        Assert.Equal([true, false, true], result.Outcomes.Select(outcome => outcome.IsAccepted));
    }

    [Fact]
    public void Submit_TwoProcessesOnOneFile_SeeEachOther()
    {
        string path = _folder.File("store.db");
        using SqliteDatanetStore first = SqliteDatanetStore.OpenFile(path);
        using SqliteDatanetStore second = SqliteDatanetStore.OpenFile(path);
        Datanet a = Create(first, new NearDuplicateGate());
        Datanet b = Open(second, new NearDuplicateGate());
        Random random = new(7);
        string[] texts = [.. Enumerable.Range(0, 60).Select(_ => Sentence(random, 30))];
        for (int i = 0; i < texts.Length; i++)
        {
            (Datanet here, Datanet there) = random.Next(2) == 0 ? (a, b) : (b, a);
            Assert.Equal(1, here.Submit(DatanetTests.Give(Alice, texts[i])).AcceptedCount);
            int earlier = random.Next(i + 1);
            ContributionResult again = there.Submit(DatanetTests.Give(Bob, texts[earlier] + " indeed"));
            Assert.Equal(NearDuplicateGate.Code, Assert.Single(again.Outcomes).GateCode);
            Assert.Equal(earlier, again.Outcomes[0].Earlier!.LeafIndex);
        }

        // A third that starts now reads everything.
        Datanet c = Open(first, new NearDuplicateGate());
        Assert.All(texts, text => Assert.Equal(NearDuplicateGate.Code, Assert.Single(c.Submit(DatanetTests.Give(Bob, text + " indeed")).Outcomes).GateCode));
    }

    [Fact]
    public void Submit_AfterARollback_KnowsOnlyWhatWasKept()
    {
        string path = _folder.File("store.db");
        using SqliteDatanetStore store = SqliteDatanetStore.OpenFile(path);
        NearDuplicateGate gate = new();
        FailingGate failing = new();
        Datanet datanet = Create(store, gate, failing);
        Assert.Equal(1, datanet.Submit(DatanetTests.Give(Alice, Other)).AcceptedCount);
        failing.FailsAt = 2;
        Assert.Throws<InvalidOperationException>(() => datanet.Submit(DatanetTests.Give(Alice, Harbour, Sentence(new Random(1), 20), "fail")));

        // Another process takes the positions that the failed contribution had.
        using (SqliteDatanetStore second = SqliteDatanetStore.OpenFile(path))
        {
            Assert.Equal(2, Open(second, new NearDuplicateGate()).Submit(
                DatanetTests.Give(Bob, Sentence(new Random(2), 20), Sentence(new Random(3), 20))).AcceptedCount);
        }

        failing.FailsAt = -1;
        ContributionResult result = datanet.Submit(DatanetTests.Give(
            Alice, Harbour, Sentence(new Random(1), 20), Sentence(new Random(2), 20) + " x", Sentence(new Random(3), 20) + " y", Other + " z"));
        Assert.Equal([true, true, false, false, false], result.Outcomes.Select(outcome => outcome.IsAccepted));
        Assert.Equal([1L, 2L, 0L], result.Outcomes.Skip(2).Select(outcome => outcome.Earlier!.LeafIndex));
    }

    [Fact]
    public void Submit_Mark_AcceptsAndKeepsWhatItResembles()
    {
        using SqliteDatanetStore store = SqliteDatanetStore.OpenInMemory();
        NearDuplicateGate gate = new(new NearDuplicateGateOptions { Action = NearDuplicateAction.Mark });
        Datanet datanet = Create(store, gate);
        Assert.Equal(3, datanet.Submit(DatanetTests.Give(Alice, Harbour, Other, Nearly)).AcceptedCount);
        Assert.Equal(1, datanet.Submit(DatanetTests.Give(Bob, Nearly + " End.")).AcceptedCount);
        NearDuplicateMatch mark = store.Read(reader => gate.FindMark(reader, "facts", 2))!;
        Assert.Equal(0, mark.Position);
        Assert.InRange(mark.Similarity, 0.7, 1);
        Assert.Equal(2, store.Read(reader => gate.FindMark(reader, "facts", 3))!.Position);
        Assert.Null(store.Read(reader => gate.FindMark(reader, "facts", 0)));
        Assert.Null(store.Read(reader => gate.FindMark(reader, "facts", 1)));
        NearDuplicateCluster cluster = Assert.Single(gate.Clusters(store, "facts"));
        Assert.Equal([0, 2, 3], cluster.Members);
        Assert.Equal(0, cluster.Representative);
    }

    [Fact]
    public void Erased_Signature_IsGoneEverywhere()
    {
        string path = _folder.File("store.db");
        using SqliteDatanetStore store = SqliteDatanetStore.OpenFile(path);
        using SqliteDatanetStore second = SqliteDatanetStore.OpenFile(path);
        NearDuplicateGate gate = new(new NearDuplicateGateOptions { Action = NearDuplicateAction.Mark });
        NearDuplicateGate refusing = new(new NearDuplicateGateOptions
        {
            Index = new NearDuplicateIndexOptions { MinHash = new MinHashOptions { Seed = 9 } },
        });
        Datanet datanet = Create(store, gate, refusing);
        NearDuplicateGate elsewhereGate = new();
        Datanet elsewhere = Open(second, elsewhereGate);
        Assert.Equal(2, datanet.Submit(DatanetTests.Give(Alice, Harbour, Other)).AcceptedCount);
        Assert.Equal(0, elsewhere.Submit(DatanetTests.Give(Bob, Nearly)).AcceptedCount);
        byte[] signature = gate.Hasher.Sign(Record(Harbour)).Rows.ToArray();
        byte[] salted = refusing.Hasher.Sign(Record(Harbour)).Rows.ToArray();
        Assert.True(IsInFiles(signature) && IsInFiles(salted));

        store.Write(writer =>
        {
            gate.Erased("facts", 0, Record(Harbour).Digest, writer);
            return true;
        });
        Assert.Empty(store.Read(reader => SignaturesAt(reader, gate, 0)));
        Assert.Empty(store.Read(reader => SignaturesAt(reader, refusing, 0)));

        // All three take it now: the eraser, its second layout, and the process that only shares the file.
        Assert.Equal(1, elsewhere.Submit(DatanetTests.Give(Bob, Nearly)).AcceptedCount);
        Assert.Equal(1, datanet.Submit(DatanetTests.Give(Alice, Harbour.Replace("north", "east", StringComparison.Ordinal))).AcceptedCount);
        Assert.Equal(2, store.Read(reader => gate.FindMark(reader, "facts", 3))!.Position);

        // A mark that names an erased record is a hint at its content.
        store.Write(writer =>
        {
            gate.Erased("facts", 2, Record(Nearly).Digest, writer);
            return true;
        });
        Assert.Null(store.Read(reader => gate.FindMark(reader, "facts", 3)));

        second.Dispose();
        store.Dispose();
        Assert.False(IsInFiles(signature));
        Assert.False(IsInFiles(salted));
    }

    [Fact]
    public void Fill_RecordsFromBeforeTheGate_AreFoundByEveryProcess()
    {
        string path = _folder.File("store.db");
        using SqliteDatanetStore store = SqliteDatanetStore.OpenFile(path);
        using SqliteDatanetStore second = SqliteDatanetStore.OpenFile(path);
        Create(store).Submit(DatanetTests.Give(Alice, Harbour));
        Datanet elsewhere = Open(second, new NearDuplicateGate());
        Assert.Equal(1, elsewhere.Submit(DatanetTests.Give(Bob, Other)).AcceptedCount);
        Assert.Equal(1, elsewhere.Submit(DatanetTests.Give(Bob, Nearly)).AcceptedCount); // nobody knows the first one yet

        NearDuplicateGate gate = new();
        KeyValuePair<long, DatanetRecord>[] records =
        [
            KeyValuePair.Create(1L, Record(Other)), KeyValuePair.Create(0L, Record(Harbour)), KeyValuePair.Create(2L, Record(Nearly)),
        ];
        Assert.Equal(1, gate.Fill(store, "facts", records));
        Assert.Equal(0, gate.Fill(store, "facts", records));
        RecordOutcome refused = Assert.Single(elsewhere.Submit(DatanetTests.Give(Bob, Harbour + " Yes.")).Outcomes);
        Assert.Equal(0, refused.Earlier!.LeafIndex);
        Assert.Equal([0, 2], Assert.Single(gate.Clusters(store, "facts")).Members);
        Assert.Equal(1, elsewhere.Submit(DatanetTests.Give(Bob, Sentence(new Random(1), 20))).AcceptedCount);
    }

    [Fact]
    public void Submit_ExactVerification_HoldsTheThreshold()
    {
        using SqliteDatanetStore store = SqliteDatanetStore.OpenInMemory();
        const double Threshold = 0.7;
        NearDuplicateGate gate = new(new NearDuplicateGateOptions { VerifiesExactly = true });
        Datanet datanet = Create(store, gate);
        Random random = new(13);
        int refused = 0;
        int similar = 0;
        for (int i = 0; i < 150; i++)
        {
            string original = Sentence(random, 120);
            string[] words = original.Split(' ');
            for (int changes = random.Next(8); changes >= 0; changes--)
            {
                words[random.Next(words.Length)] = Sentence(random, 1);
            }

            string variant = string.Join(' ', words);
            ContributionResult result = datanet.Submit(DatanetTests.Give(Alice, original, variant));
            Assert.True(result.Outcomes[0].IsAccepted);
            double similarity = gate.Hasher.Similarity(System.Text.Encoding.UTF8.GetBytes(original), System.Text.Encoding.UTF8.GetBytes(variant));
            if (!result.Outcomes[1].IsAccepted)
            {
                refused++;
                Assert.InRange(similarity, Threshold, 1);
                Assert.Contains(FormattableString.Invariant($"(similarity {similarity:F2},"), result.Outcomes[1].Message, StringComparison.Ordinal);
            }

            similar += similarity >= Threshold ? 1 : 0;
        }

        Assert.InRange(similar, 40, 149);
        Assert.InRange(refused, (int)(0.75 * similar), similar); // the rest met in no band
    }

    [Fact]
    public void Submit_DamagedItems_ReportsTheStore()
    {
        NearDuplicateGate gate = new();
        string collection = "near/" + gate.Hasher.Layout;
        Random random = new(19);
        for (int i = 0; i < 200; i++)
        {
            using SqliteDatanetStore store = SqliteDatanetStore.OpenInMemory();
            Datanet datanet = Create(store, new NearDuplicateGate());
            datanet.Submit(DatanetTests.Give(Alice, Harbour));
            store.Write(writer =>
            {
                byte[] key = new byte[random.Next(1, 12)];
                byte[] value = new byte[random.Next(0, 140)];
                random.NextBytes(key);
                random.NextBytes(value);
                writer.PutItem("facts", collection, i % 2 == 0 ? SignatureItems.Key(random.Next(3)) : key, value);
                return true;
            });
            Datanet fresh = Open(store, new NearDuplicateGate());
            try
            {
                fresh.Submit(DatanetTests.Give(Bob, Nearly));
            }
            catch (DatanetException exception)
            {
                Assert.Equal(DatanetError.StoreCorrupt, exception.Error);
            }
        }
    }

    [Fact]
    public void Constructor_IllegalOptions_NamesEveryFault()
    {
        ArgumentException exception = Assert.Throws<ArgumentException>(() => new NearDuplicateGate(new NearDuplicateGateOptions
        {
            Action = (NearDuplicateAction)9,
            Index = new NearDuplicateIndexOptions { Threshold = 2 },
        }));
        Assert.Contains("Action is 9", exception.Message, StringComparison.Ordinal);
        Assert.Contains("Index: Threshold is 2", exception.Message, StringComparison.Ordinal);
    }

    internal static string Sentence(Random random, int words) => string.Join(' ', Enumerable.Range(0, words).Select(_ =>
        new string([.. Enumerable.Range(0, random.Next(2, 9)).Select(_ => (char)('a' + random.Next(26)))])));

    private static DatanetRecord Record(string text) => DatanetRecord.Parse($$"""{"text":"{{text}}"}""");

    private static IReadOnlyList<StoredItem> SignaturesAt(IDatanetReader reader, NearDuplicateGate gate, long position) =>
        [.. reader.ReadItems("facts", "near/" + gate.Hasher.Layout, SignatureItems.Key(position), SignatureItems.Key(position + 1), 1)
            .Where(item => item.Value.Length > 0)];

    private Datanet Create(SqliteDatanetStore store, params SubmissionGate[] gates)
    {
        Datanet.Create("facts", Alice.Contributor, Prose, DatanetTests.Options(store, _clock));
        return Open(store, gates);
    }

    private Datanet Open(SqliteDatanetStore store, params SubmissionGate[] gates) =>
        Datanet.Open("facts", DatanetTests.Options(store, _clock) with { Gates = gates });

    private bool IsInFiles(byte[] signature) => Directory.GetFiles(_folder.Path).Any(path =>
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        byte[] bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes.AsSpan().IndexOf(signature) >= 0;
    });

    private sealed class FailingGate : SubmissionGate
    {
        public int FailsAt { get; set; } = -1;

        private int _seen;

        public override object? Prepare(DatanetRecord record, ContributionStatement statement)
        {
            _seen = 0;
            return null;
        }

        public override GateRefusal? Examine(GateSubmission submission) =>
            _seen++ == FailsAt ? throw new InvalidOperationException("The disk is full, say.") : null;
    }
}
