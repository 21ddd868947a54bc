using OpenLedger.Datanets.Canonical;
using OpenLedger.Datanets.Contributions;
using OpenLedger.Datanets.Records;
using OpenLedger.Datanets.Storage;
using OpenLedger.Datanets.Versions;

namespace OpenLedger.Datanets.Tests.Storage;

/// <summary>What every store must do, whatever it keeps its data in. A derived class says how to open one; the tests come with it.</summary>
public abstract class DatanetStoreConformance : IDisposable
{
    private static readonly ContributorId Owner = new(AccountScheme.Secp256k1, [.. Enumerable.Range(1, 20).Select(i => (byte)i)]);
    private static readonly ContributorId Giver = new(AccountScheme.Secp256k1, [.. Enumerable.Range(2, 20).Select(i => (byte)i)]);
    private static readonly Sha256Digest Contribution = Sha256Digest.Of([9]);
    private readonly List<IDatanetStore> _opened = [];

    /// <summary>Opens the one store of this test; a second call opens it a second time, as another process would.</summary>
    protected abstract IDatanetStore Open();

    public void Dispose()
    {
        foreach (IDatanetStore store in _opened)
        {
            store.Dispose();
        }

        Close();
        GC.SuppressFinalize(this);
    }

    /// <summary>Removes what the test left behind.</summary>
    protected abstract void Close();

    [Fact]
    public void Datanets_AddedAndFound()
    {
        IDatanetStore store = OpenOne();
        Assert.Null(store.Read(reader => reader.FindDatanet("facts")));
        AddDatanet(store, "facts");
        StoredDatanet found = store.Read(reader => reader.FindDatanet("facts"))!;
        Assert.Equal(("facts", Owner), (found.Id, found.Owner));
        Assert.Equal([7, 8], found.Schema.ToArray());
        Assert.Equal(DatanetError.StoreCorrupt, Assert.Throws<DatanetException>(() => AddDatanet(store, "facts")).Error);
        IReadOnlyList<byte[]> keys = store.Read(reader => reader.ReadFingerprintKeys("facts"));
        Assert.Equal(Enumerable.Range(0, 256), keys.Select(key => (int)key[0]));
        Assert.All(keys, key => Assert.Equal(32, key.Length));
    }

    [Fact]
    public void UnknownDatanet_HasNothing()
    {
        IDatanetStore store = OpenOne();
        store.Read(reader =>
        {
            Assert.Equal((0L, 0L, 0, -1L), (reader.CountSteps("x"), reader.CountEntries("x"), reader.LatestVersion("x"), reader.LastStep("x", "main")));
            Assert.Empty(reader.ReadSteps("x", 0, 10));
            Assert.Empty(reader.ReadForks("x"));
            Assert.Empty(reader.FindRecord("x", default));
            Assert.Empty(reader.ReadEntries("x", 0, 10));
            Assert.Empty(reader.ReadFingerprints("x", 0, long.MaxValue));
            Assert.Empty(reader.ReadFingerprintKeys("x"));
            Assert.Null(reader.FindChange("x", "main", 0, -1, 10));
            Assert.Null(reader.FindContribution("x", Contribution));
            Assert.Null(reader.FindVersion("x", 1));
            Assert.Null(reader.FindItem("x", "c", new byte[] { 1 }));
            return true;
        });
    }

    [Fact]
    public void Contributions_AddedTwice_KeepTheFirst()
    {
        IDatanetStore store = Filled();
        store.Write(writer =>
        {
            writer.AddContribution("facts", new StoredContribution(Contribution, Owner, new byte[] { 5 }, new byte[] { 6 }));
            return true;
        });
        StoredContribution found = store.Read(reader => reader.FindContribution("facts", Contribution))!;
        Assert.Equal((Contribution, Giver), (found.Digest, found.Contributor));
        Assert.Equal(([1], [2]), (found.Statement.ToArray(), found.Signature.ToArray()), new PairOfBytes());
        Assert.Null(store.Read(reader => reader.FindContribution("facts", Sha256Digest.Of([1]))));
        Assert.Null(store.Read(reader => reader.FindContribution("third", Contribution)));
    }

    [Fact]
    public void Steps_OfEveryKind_ComeBackAsTheyWere()
    {
        IDatanetStore store = Filled();
        DatanetStep[] steps =
        [
            DatanetStep.Fork(3, "dev", 10, "main", 2), DatanetStep.Remove(4, "dev", 11, 0, 1), DatanetStep.Remove(5, "dev", 12, 1, null),
            DatanetStep.Include(6, "dev", 13, 2), DatanetStep.Erase(7, 14, 2), DatanetStep.Fork(8, "main", 15, "nowhere-yet", 0),
        ];
        Append(store, "facts", steps);
        IReadOnlyList<DatanetStep> read = store.Read(reader => reader.ReadSteps("facts", 0, 100));
        Assert.Equal([.. Enumerable.Range(0, 3).Select(i => Added("facts", i)), .. steps], read);
        Assert.Equal(9, store.Read(reader => reader.CountSteps("facts")));
        Assert.Equal(steps[1..3], store.Read(reader => reader.ReadSteps("facts", 4, 2)));
        Assert.Equal([steps[0], steps[5]], store.Read(reader => reader.ReadForks("facts")));
        Assert.Empty(store.Read(reader => reader.ReadForks("other")));
        Assert.Equal((8L, 6L, 7L, -1L), store.Read(reader =>
            (reader.LastStep("facts", "main"), reader.LastStep("facts", "dev"), reader.LastStep("facts", ""), reader.LastStep("other", ""))));
    }

    [Fact]
    public void FindChange_Bounds_AreExclusive()
    {
        IDatanetStore store = Filled();
        Append(store, "facts", [
            DatanetStep.Remove(3, "main", 1, 0, null), DatanetStep.Include(4, "main", 1, 0), DatanetStep.Remove(5, "dev", 1, 0, null),
            DatanetStep.Erase(6, 1, 0), DatanetStep.Remove(7, "main", 1, 1, null),
        ]);
        Append(store, "other", [DatanetStep.Remove(3, "main", 1, 0, null), DatanetStep.Erase(4, 1, 1)]);
        store.Read(reader =>
        {
            Assert.Equal(4, reader.FindChange("facts", "main", 0, -1, 100)!.Position);
            Assert.Equal(3, reader.FindChange("facts", "main", 0, -1, 4)!.Position);
            Assert.Null(reader.FindChange("facts", "main", 0, -1, 3));
            Assert.Equal(4, reader.FindChange("facts", "main", 0, 3, long.MaxValue)!.Position);
            Assert.Null(reader.FindChange("facts", "main", 0, 4, long.MaxValue));
            Assert.Equal(5, reader.FindChange("facts", "dev", 0, -1, 100)!.Position);
            Assert.Null(reader.FindChange("facts", "dev", 1, -1, 100));
            Assert.Equal(6, reader.FindChange("facts", "", 0, -1, 100)!.Position);
            Assert.Null(reader.FindChange("facts", "", 1, -1, 100));
            Assert.Equal(3, reader.FindChange("other", "main", 0, -1, 100)!.Position);
            Assert.Null(reader.FindChange("other", "", 0, -1, 100));
            return true;
        });
    }

    [Fact]
    public void Records_FoundByDigest_OnEveryBranch()
    {
        IDatanetStore store = Filled();
        DatanetStep again = DatanetStep.Add(3, "dev", 5, Giver, Added("facts", 1).Record, Contribution);
        store.Write(writer =>
        {
            writer.AppendRecords("facts", [new StoredRecord(again, 1001, Bytes(32, 1), Bytes(20, 2))]);
            Assert.Equal([1L, 3L], writer.FindRecord("facts", again.Record)); // sees its own writes
            return true;
        });
        Assert.Equal([1L, 3L], store.Read(reader => reader.FindRecord("facts", again.Record)));
        Assert.Empty(store.Read(reader => reader.FindRecord("facts", new RecordDigest(Sha256Digest.Of([77])))));
        Assert.Equal(again, store.Read(reader => reader.ReadSteps("facts", 3, 1))[0]);
        Assert.Equal(3, store.Read(reader => reader.LastStep("facts", "dev")));
    }

    [Fact]
    public void Payloads_ReadInAnyOrder_AndDestroyed()
    {
        IDatanetStore store = Filled();
        IReadOnlyList<StoredPayload> payloads = store.Read(reader => reader.ReadPayloads("facts", [2, 0, 2]));
        Assert.Equal([2L, 0L, 2L], payloads.Select(payload => payload.Step.Position));
        Assert.Equal(Bytes(32, 12), payloads[0].Key.ToArray());
        Assert.Equal(Bytes(40, 22), payloads[0].Ciphertext.ToArray());
        store.Write(writer =>
        {
            writer.DestroyPayload("facts", 2);
            writer.DestroyPayload("facts", 2);
            return true;
        });
        Assert.True(store.Purge());
        payloads = store.Read(reader => reader.ReadPayloads("facts", [1, 2]));
        Assert.Equal((32, 0, 0), (payloads[0].Key.Length, payloads[1].Key.Length, payloads[1].Ciphertext.Length));
        Assert.Equal(Added("facts", 2), payloads[1].Step);
        Assert.Equal(32, store.Read(reader => reader.ReadPayloads("other", [2]))[0].Key.Length); // no sharing between datanets
        Assert.Equal(DatanetError.StoreCorrupt, Assert.Throws<DatanetException>(() => store.Read(reader => reader.ReadPayloads("facts", [3]))).Error);
        Append(store, "facts", [DatanetStep.Erase(3, 1, 2)]);
        Assert.Equal(DatanetError.StoreCorrupt, Assert.Throws<DatanetException>(() => store.Read(reader => reader.ReadPayloads("facts", [3]))).Error);
    }

    [Fact]
    public void Fingerprints_RangesAndReplacement()
    {
        IDatanetStore store = Filled(); // 1000, 1001, 1002
        Assert.Equal([new StoredFingerprint(1001, 1)], store.Read(reader => reader.ReadFingerprints("facts", 1001, 1001)));
        Assert.Equal([1001L, 1002L], store.Read(reader => reader.ReadFingerprints("facts", 1001, long.MaxValue)).Select(found => found.Value));
        store.Write(writer =>
        {
            writer.ReplaceFingerprints("facts", 5, Bytes(32, 99), 1001, 1500, [new StoredFingerprint(1400, 1), new StoredFingerprint(1400, 2)]);
            return true;
        });
        Assert.Equal(
            [new StoredFingerprint(1000, 0), new StoredFingerprint(1400, 1), new StoredFingerprint(1400, 2)],
            store.Read(reader => reader.ReadFingerprints("facts", 0, long.MaxValue)));
        Assert.Equal(Bytes(32, 99), store.Read(reader => reader.ReadFingerprintKeys("facts"))[5]);
        Assert.Equal(5, store.Read(reader => reader.ReadFingerprintKeys("other"))[5][0]);
        Assert.Equal(3, store.Read(reader => reader.ReadFingerprints("other", 0, long.MaxValue)).Count);
    }

    [Fact]
    public void Versions_FoundByNumberIdAndBranch()
    {
        IDatanetStore store = Filled();
        StoredVersion[] versions = [.. ((string[])["main", "dev", "main"]).Select((branch, i) =>
            new StoredVersion(i + 1, Sha256Digest.Of([(byte)i]), branch, new byte[] { (byte)i }, new byte[] { 9, (byte)i }))];
        foreach (StoredVersion version in versions)
        {
            store.Write(writer =>
            {
                writer.AddVersion("facts", version);
                return true;
            });
        }

        store.Read(reader =>
        {
            StoredVersion second = reader.FindVersion("facts", 2)!;
            Assert.Equal((2, versions[1].Id, "dev"), (second.Number, second.Id, second.Branch));
            Assert.Equal(([1], [9, 1]), (second.Header.ToArray(), second.Manifest.ToArray()), new PairOfBytes());
            Assert.Equal((3, 0), (reader.FindVersionNumber("facts", versions[2].Id), reader.FindVersionNumber("other", versions[2].Id)));
            Assert.Equal((3, 0), (reader.LatestVersion("facts"), reader.LatestVersion("other")));
            Assert.Equal((3, 1, 2, 0), (
                reader.LatestVersion("facts", "main", int.MaxValue),
                reader.LatestVersion("facts", "main", 3),
                reader.LatestVersion("facts", "dev", int.MaxValue),
                reader.LatestVersion("facts", "none", int.MaxValue)));
            return true;
        });
    }

    [Fact]
    public void Journal_EntriesComeInOrder()
    {
        IDatanetStore store = Filled();
        store.Write(writer =>
        {
            for (int i = 0; i < 5; i++)
            {
                writer.AppendEntry("facts", new StoredEntry(i, new[] { (byte)i }));
            }

            return true;
        });
        Assert.Equal((5L, 0L), store.Read(reader => (reader.CountEntries("facts"), reader.CountEntries("other"))));
        Assert.Equal([2L, 3L], store.Read(reader => reader.ReadEntries("facts", 2, 2)).Select(entry => entry.Sequence));
        Assert.Equal([4], store.Read(reader => reader.ReadEntries("facts", 4, 10))[0].Document.ToArray());
        Assert.Empty(store.Read(reader => reader.ReadEntries("facts", 5, 10)));
    }

    [Fact]
    public void Items_OrderBoundsReplacementAndRemoval()
    {
        IDatanetStore store = Filled();
        byte[][] keys = [[0], [0, 0], [0, 255], [1], [128], [255], [255, 1]];
        store.Write(writer =>
        {
            foreach (byte[] key in keys.Reverse())
            {
                writer.PutItem("facts", "c", key, key);
            }

            writer.PutItem("facts", "d", keys[0], new byte[] { 42 });
            writer.PutItem("other", "c", keys[0], new byte[] { 43 });
            writer.PutItem("facts", "c", keys[3], ReadOnlyMemory<byte>.Empty);
            writer.RemoveItem("facts", "c", keys[4]);
            writer.RemoveItem("facts", "c", new byte[] { 77 });
            return true;
        });
        Assert.Equal(
            ["00", "0000", "00FF", "01", "FF", "FF01"],
            Items(store, [], [], 100));
        Assert.Equal(["0000", "00FF"], Items(store, [0, 0], [1], 100));
        Assert.Equal(["0000"], Items(store, [0, 0], [1], 1));
        Assert.Equal(["FF", "FF01"], Items(store, [2], [], 100));
        Assert.Empty(store.Read(reader => reader.FindItem("facts", "c", keys[3]))!);
        Assert.Null(store.Read(reader => reader.FindItem("facts", "c", keys[4])));
        Assert.Equal([42], store.Read(reader => reader.FindItem("facts", "d", keys[0]))!);
        Assert.Equal([43], store.Read(reader => reader.FindItem("other", "c", keys[0]))!);
    }

    [Fact]
    public void Write_Throwing_KeepsNothingOfAnything()
    {
        IDatanetStore store = Filled();
        Assert.Throws<InvalidOperationException>(() => store.Write<bool>(writer =>
        {
            writer.AddDatanet(new StoredDatanet("third", Owner, new byte[] { 1 }, []));
            writer.AppendStep("facts", DatanetStep.Fork(3, "dev", 1, "main", 0));
            writer.AppendRecords("facts", [new StoredRecord(DatanetStep.Add(4, "dev", 1, Giver, default, Contribution), 3, Bytes(32, 1), Bytes(20, 1))]);
            writer.DestroyPayload("facts", 0);
            writer.ReplaceFingerprints("facts", 0, Bytes(32, 50), 0, long.MaxValue, []);
            writer.AddVersion("facts", new StoredVersion(1, default, "dev", new byte[] { 1 }, new byte[] { 1 }));
            writer.AppendEntry("facts", new StoredEntry(0, new byte[] { 1 }));
            writer.PutItem("facts", "c", new byte[] { 1 }, new byte[] { 1 });
            Assert.Equal(5, writer.CountSteps("facts"));
            throw new InvalidOperationException("power cut");
        }));
        store.Read(reader =>
        {
            Assert.Null(reader.FindDatanet("third"));
            Assert.Equal((3L, 0, 0L, -1L), (reader.CountSteps("facts"), reader.LatestVersion("facts"), reader.CountEntries("facts"), reader.LastStep("facts", "dev")));
            Assert.Equal(32, reader.ReadPayloads("facts", [0])[0].Key.Length);
            Assert.Equal(3, reader.ReadFingerprints("facts", 0, long.MaxValue).Count);
            Assert.Equal(0, reader.ReadFingerprintKeys("facts")[0][0]);
            Assert.Null(reader.FindItem("facts", "c", new byte[] { 1 }));
            return true;
        });

        // Names that the failed transaction introduced must not be remembered with keys that no longer exist.
        AddDatanet(store, "fourth");
        Append(store, "facts", [DatanetStep.Fork(3, "late", 1, "main", 0), DatanetStep.Fork(4, "dev", 1, "late", 0)]);
        Assert.Equal(["late", "dev"], store.Read(reader => reader.ReadForks("facts")).Select(fork => fork.Branch));
        Assert.Equal("late", store.Read(reader => reader.ReadForks("facts"))[1].Source);
        Assert.Equal(0, store.Read(reader => reader.CountSteps("third")));
    }

    [Fact]
    public void SecondStore_SeesWhatWasKept_AndWritesAreOneAfterTheOther()
    {
        IDatanetStore first = Filled();
        IDatanetStore second = OpenOne();
        Assert.Equal(3, second.Read(reader => reader.CountSteps("facts")));
        Parallel.ForEach((IDatanetStore[])[first, second], store =>
        {
            for (int i = 0; i < 20; i++)
            {
                store.Write(writer =>
                {
                    long next = writer.CountEntries("facts");
                    writer.AppendEntry("facts", new StoredEntry(next, new[] { (byte)next }));
                    return true;
                });
            }
        });
        Assert.Equal(40, first.Read(reader => reader.CountEntries("facts")));
        Assert.Equal(Enumerable.Range(0, 40).Select(i => (long)i), second.Read(reader => reader.ReadEntries("facts", 0, 100)).Select(entry => entry.Sequence));
    }

    [Fact]
    public void Read_Snapshot_DoesNotSeeLaterWrites()
    {
        IDatanetStore first = Filled();
        IDatanetStore second = OpenOne();
        first.Read(reader =>
        {
            Assert.Equal(3, reader.CountSteps("facts"));
            Append(second, "facts", [DatanetStep.Erase(3, 1, 0)]);
            Assert.Equal(3, reader.CountSteps("facts"));
            return true;
        });
        Assert.Equal(4, first.Read(reader => reader.CountSteps("facts")));
    }

    [Fact]
    public void Work_CallingTheStore_IsRefused()
    {
        IDatanetStore store = Filled();
        Assert.Throws<InvalidOperationException>(() => store.Read(_ => store.Read(reader => reader.CountSteps("facts"))));
        Assert.Throws<InvalidOperationException>(() => store.Write(_ => store.Purge()));
        IDatanetReader? kept = null;
        store.Read(reader => kept = reader);
        Assert.Throws<InvalidOperationException>(() => kept!.CountSteps("facts"));
        Assert.Equal(3, store.Read(reader => reader.CountSteps("facts")));
    }

    private static byte[] Bytes(int length, byte value) => [.. Enumerable.Repeat(value, length)];

    private static string[] Items(IDatanetStore store, byte[] from, byte[] before, int count) =>
        [.. store.Read(reader => reader.ReadItems("facts", "c", from, before, count)).Select(item => Convert.ToHexString(item.Key.Span))];

    private static DatanetStep Added(string datanetId, int position) =>
        DatanetStep.Add(position, "main", 1_000 + position, Giver, new RecordDigest(Sha256Digest.Of([(byte)datanetId.Length, (byte)position])), Contribution);

    private static void AddDatanet(IDatanetStore store, string id) => store.Write(writer =>
    {
        writer.AddDatanet(new StoredDatanet(id, Owner, new byte[] { 7, 8 }, [.. Enumerable.Range(0, 256).Select(i => Bytes(32, (byte)i))]));
        return true;
    });

    private static void Append(IDatanetStore store, string id, DatanetStep[] steps) => store.Write(writer =>
    {
        foreach (DatanetStep step in steps)
        {
            writer.AppendStep(id, step);
        }

        return true;
    });

    private IDatanetStore OpenOne()
    {
        IDatanetStore store = Open();
        _opened.Add(store);
        return store;
    }

    /// <summary>Two datanets with three records each.</summary>
    private IDatanetStore Filled()
    {
        IDatanetStore store = OpenOne();
        foreach (string id in (string[])["facts", "other"])
        {
            AddDatanet(store, id);
            store.Write(writer =>
            {
                writer.AddContribution(id, new StoredContribution(Contribution, Giver, new byte[] { 1 }, new byte[] { 2 }));
                writer.AppendRecords(id, [.. Enumerable.Range(0, 3).Select(i =>
                    new StoredRecord(Added(id, i), 1_000 + i, Bytes(32, (byte)(10 + i)), Bytes(40, (byte)(20 + i))))]);
                return true;
            });
        }

        return store;
    }

    private sealed class PairOfBytes : IEqualityComparer<(byte[] One, byte[] Two)>
    {
        public bool Equals((byte[] One, byte[] Two) x, (byte[] One, byte[] Two) y) => x.One.SequenceEqual(y.One) && x.Two.SequenceEqual(y.Two);

        public int GetHashCode((byte[] One, byte[] Two) obj) => obj.One.Length;
    }
}
