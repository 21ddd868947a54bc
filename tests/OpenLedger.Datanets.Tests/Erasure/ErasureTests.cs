using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using OpenLedger.Datanets.Canonical;
using OpenLedger.Datanets.Contributions;
using OpenLedger.Datanets.Deduplication;
using OpenLedger.Datanets.Deduplication.Near;
using OpenLedger.Datanets.Erasure;
using OpenLedger.Datanets.Records;
using OpenLedger.Datanets.Storage;
using OpenLedger.Datanets.Tests.Reference;
using OpenLedger.Datanets.Tests.Versions;
using OpenLedger.Datanets.Transparency;
using OpenLedger.Datanets.Validation;
using OpenLedger.Datanets.Versions;
using OpenLedger.Testing;

namespace OpenLedger.Datanets.Tests.Erasure;

public sealed class ErasureTests : IDisposable
{
    private const string Secret = "Lantern Street 7, door code 4711";
    private static readonly KeyedSigner Alice = new("alice");
    private static readonly KeyedSigner Bob = new("bob");
    private readonly TemporaryFolder _folder = new();
    private readonly SteppingClock _clock = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Erase_Record_IsGoneAndItsProofsRemain()
    {
        using SqliteDatanetStore store = SqliteDatanetStore.OpenInMemory();
        Datanet datanet = DatanetTests.Create("facts", store, _clock);
        datanet.Submit(DatanetTests.Give(Alice, "one", Secret, "three"));
        DatanetVersion first = datanet.Commit("first");
        datanet.Submit(DatanetTests.Give(Bob, "four"));
        DatanetVersion second = datanet.Commit("second");
        datanet.CreateBranch("dev", "main");
        datanet.Remove([Digest(Secret)], "dev", "x", Alice.Contributor);
        DatanetVersion dev = datanet.Commit("third", "dev", Alice.Contributor);
        datanet.RecordTraining("harbour-7b", first, Sha256Digest.Of([1]), Bob.Contributor);
        datanet.RecordTraining("clean-7b", dev, null, Bob.Contributor);

        _clock.Advance(TimeSpan.FromHours(1));
        ErasureReceipt receipt = datanet.Erase(Digest(Secret), Alice.Contributor, ErasureReason.PersonRequest);
        Assert.Equal([1L], receipt.LeafIndexes);
        Assert.Equal([6L], receipt.StepIndexes);
        Assert.Equal(_clock.GetUtcNow(), receipt.ErasedAt);
        Assert.Equal([1, 2], receipt.Versions);
        Assert.Equal(
            [new TrainedModel("harbour-7b", 1, first.Id, Sha256Digest.Of([1]), Bob.Contributor, _clock.GetUtcNow() - TimeSpan.FromHours(1))],
            receipt.TrainedModels);
        Assert.True(receipt.IsPurged);

        Assert.Equal(["one", "three"], Texts(datanet, first));
        Assert.Equal(["one", "three", "four"], Texts(datanet, second));
        Assert.Equal(DatanetError.RecordErased, Assert.Throws<DatanetException>(() => datanet.GetRecord(Digest(Secret))).Error);
        Assert.Equal(DatanetError.RecordErased, Assert.Throws<DatanetException>(() => datanet.Erase(Digest(Secret), Alice.Contributor, ErasureReason.Secret)).Error);
        Assert.Equal(DatanetError.RecordErased, Assert.Throws<DatanetException>(() => datanet.Remove([Digest(Secret)], "main", "x", Alice.Contributor)).Error);
        Assert.Equal(DatanetError.RecordNotFound, Assert.Throws<DatanetException>(() => datanet.Erase(Digest("never"), Alice.Contributor, ErasureReason.Secret)).Error);
        Assert.Equal("one", Text(datanet.GetRecord(Digest("one"))));
        foreach (DatanetVersion version in (DatanetVersion[])[first, second])
        {
            InclusionProof proof = datanet.ProveInclusion(Digest(Secret), version);
            Assert.True(proof.Verify(datanet.GetLeaf(Digest(Secret), version).Hash(), version.Root));
            Assert.Equal([new Tombstone(Digest(Secret), 1, 6, _clock.GetUtcNow())], datanet.Erasures(version));
        }

        Assert.Empty(datanet.Erasures(dev));
        DatanetVersion after = datanet.Commit("after");
        Assert.Equal((3L, 7L), (after.RecordCount, after.TreeSize));
        Assert.True(datanet.ProveConsistency(first, after).Verify(first.Root, after.Root));
        Assert.Equal("harbour-7b", Assert.Single(datanet.TrainedModels(Digest(Secret))).ModelId);
        Assert.Equal(2, datanet.TrainedModels(Digest("one")).Count);
    }

    [Fact]
    public void Submit_ErasedContentAgain_IsANewRecord()
    {
        using SqliteDatanetStore store = SqliteDatanetStore.OpenInMemory();
        Datanet datanet = DatanetTests.Create("facts", store, _clock);
        datanet.Submit(DatanetTests.Give(Alice, "one", "two"));
        datanet.Erase(Digest("one"), Alice.Contributor, ErasureReason.PersonalData);
        Assert.Equal(2, datanet.Submit(DatanetTests.Give(Bob, "one")).Outcomes[0].LeafIndex!.Value - 1);
        Assert.Equal("one", Text(datanet.GetRecord(Digest("one"))));
        Assert.Equal(RefusalReason.DuplicateInDatanet, datanet.Submit(DatanetTests.Give(Bob, "TWO")).Outcomes[0].Reason); // its fingerprint was kept
        datanet.Erase(Digest("one"), Alice.Contributor, ErasureReason.PersonalData);
        Assert.Equal(DatanetError.RecordErased, Assert.Throws<DatanetException>(() => datanet.GetRecord(Digest("one"))).Error);
    }

    [Fact]
    public void Submit_ErasedContributionAgain_IsRefusedUntilItIsSignedAnew()
    {
        using SqliteDatanetStore store = SqliteDatanetStore.OpenInMemory();
        Datanet datanet = DatanetTests.Create("facts", store, _clock);
        datanet.CreateBranch("dev");
        Contribution given = DatanetTests.Give(Alice, Secret, "two");
        datanet.Submit(given);
        datanet.Erase(Digest(Secret), Alice.Contributor, ErasureReason.PersonRequest);
        foreach (string branch in (string[])["main", "dev"])
        {
            RecordOutcome replayed = datanet.Submit(given, branch).Outcomes[0];
            Assert.Equal(RefusalReason.Erased, replayed.Reason);
            Assert.Contains("under a new contribution", replayed.Message, StringComparison.Ordinal);
        }

        Assert.Equal(DatanetError.RecordErased, Assert.Throws<DatanetException>(() => datanet.GetRecord(Digest(Secret))).Error);
        Contribution signedAnew = Contribution.Sign(DatanetTests.Draft(Secret) with { Provenance = "given again" }, Alice);
        Assert.True(datanet.Submit(signedAnew).Outcomes[0].IsAccepted);
        Assert.Equal(Secret, Text(datanet.GetRecord(Digest(Secret))));
        Assert.Equal(RefusalReason.DuplicateInDatanet, datanet.Submit(given).Outcomes[0].Reason);
    }

    [Fact]
    public void Erase_ThroughADatanetWithoutGates_ForgetsWhatGatesKept()
    {
        using SqliteDatanetStore store = SqliteDatanetStore.OpenInMemory();
        DatanetTests.Create("facts", store, _clock);
        NearDuplicateGate gate = new(new NearDuplicateGateOptions { Action = NearDuplicateAction.Mark });
        Datanet gated = OpenGated(store, gate);
        gated.Submit(DatanetTests.Give(Alice, Secret, Secret + "!", "Bread is flour, water and salt"));
        Assert.Equal(0, store.Read(reader => gate.FindMark(reader, "facts", 1))?.Position);
        Assert.Contains(Secret, ValidationGate.FindReport(store, "facts", 0)!.Findings[0].Excerpt, StringComparison.Ordinal);

        Datanet.Open("facts", DatanetTests.Options(store, _clock)).Erase(Digest(Secret), Alice.Contributor, ErasureReason.PersonRequest);
        Assert.Null(ValidationGate.FindReport(store, "facts", 0));
        Assert.NotNull(ValidationGate.FindReport(store, "facts", 1));
        Assert.Null(store.Read(reader => gate.FindMark(reader, "facts", 1)));
        Assert.Empty(FindSignature(store, gate, 0)!);
        Assert.NotEmpty(FindSignature(store, gate, 1)!);
    }

    [Fact]
    public void Fill_RecordErasedMeanwhile_GetsNoSignature()
    {
        using SqliteDatanetStore store = SqliteDatanetStore.OpenInMemory();
        Datanet datanet = DatanetTests.Create("facts", store, _clock);
        datanet.Submit(DatanetTests.Give(Alice, Secret, "two"));
        KeyValuePair<long, DatanetRecord>[] read = [new(0, datanet.GetRecord(Digest(Secret))), new(1, datanet.GetRecord(Digest("two")))];
        datanet.Erase(Digest(Secret), Alice.Contributor, ErasureReason.PersonRequest); // no gate was ever used here, so that no layout is known
        NearDuplicateGate gate = new();
        Assert.Equal(1, gate.Fill(store, "facts", read));
        Assert.Null(FindSignature(store, gate, 0));
    }

    /// <summary>
    /// Reports and signatures lie in one table, whose pages were split and filled up while the records came. The few rows of which SQLite left
    /// a copy in the unused part of a page are the limit that docs/datanets/erasure.md tells of, together with its remedy.
    /// </summary>
    [Fact]
    public void Erase_StoreFiles_HoldNothingThatGatesKept()
    {
        const int Count = 900;
        string path = _folder.File("facts.db");
        NearDuplicateGate gate = new(new NearDuplicateGateOptions { Action = NearDuplicateAction.Mark });
        SqliteDatanetStore store = SqliteDatanetStore.OpenFile(path);
        DatanetTests.Create("facts", store, _clock);
        Datanet datanet = OpenGated(store, gate);
        string[] texts = [.. Enumerable.Range(0, Count).Select(i => "a " + Convert.ToHexStringLower(SHA256.HashData(BitConverter.GetBytes(i)))[..46])];
        foreach (string[] some in texts.Chunk(60))
        {
            Assert.Equal(some.Length, datanet.Submit(DatanetTests.Give(Alice, some)).AcceptedCount);
        }

        Assert.True(store.Purge()); // so that what is in the log is not counted as a copy
        Attack attack = new(_folder.Path, "facts", default, []);
        byte[][][] traces =
        [
            .. texts.Select((text, i) => (byte[][])
                [Encoding.UTF8.GetBytes(text), FindSignature(store, gate, i)![SignatureItems.StampLength..]]), // the report quotes the text
        ];
        int[] erased = [.. Enumerable.Range(0, Count).Where(i => i % 20 == 3 || traces[i].Any(trace => attack.Count(trace) > 1))];
        byte[][] all = [.. erased.SelectMany(i => traces[i])];
        byte[][] single = [.. all.Where(trace => attack.Count(trace) == 1)];
        Assert.All(all, trace => Assert.True(attack.Finds(trace)));
        Assert.True(single.Length > Count / 20);
        foreach (int i in erased)
        {
            Assert.True(datanet.Erase(Digest(texts[i]), Alice.Contributor, ErasureReason.PersonRequest).IsPurged);
        }

        Assert.DoesNotContain(single, attack.Finds);
        store.Dispose();
        Assert.DoesNotContain(single, attack.Finds);
        using (SqliteConnection connection = new(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ConnectionString))
        {
            connection.Open();
            using SqliteCommand command = connection.CreateCommand();
            command.CommandText = "VACUUM; PRAGMA wal_checkpoint(TRUNCATE);";
            command.ExecuteNonQuery();
        }

        Assert.DoesNotContain(all, attack.Finds);
    }

    [Fact]
    public void Erase_ManyRecords_KeepsTheDuplicateCheckOfAllOthers()
    {
        using SqliteDatanetStore store = SqliteDatanetStore.OpenInMemory();
        Datanet datanet = DatanetTests.Create("facts", store, _clock);
        string[] texts = [.. Enumerable.Range(0, 1500).Select(i => $"record {i}")]; // about six in each bucket
        datanet.Submit(DatanetTests.Give(Alice, texts));
        for (int i = 0; i < texts.Length; i += 100)
        {
            datanet.Erase(Digest(texts[i]), Alice.Contributor, ErasureReason.LegalOrder);
        }

        ContributionResult again = datanet.Submit(DatanetTests.Give(Bob, [.. texts.Select(text => text.ToUpperInvariant())]));
        Assert.Equal(15, again.AcceptedCount);
        Assert.All(again.Outcomes.Where((_, i) => i % 100 == 0), outcome => Assert.True(outcome.IsAccepted));
    }

    [Fact]
    public void Erase_SameContentInAnotherDatanet_LeavesTheOther()
    {
        using SqliteDatanetStore store = SqliteDatanetStore.OpenInMemory();
        Datanet one = DatanetTests.Create("facts", store, _clock);
        Datanet other = DatanetTests.Create("other", store, _clock);
        one.Submit(DatanetTests.Give(Alice, Secret));
        other.Submit(Contribution.Sign(DatanetTests.Draft(Secret) with { DatanetId = "other" }, Alice));
        one.Erase(Digest(Secret), Alice.Contributor, ErasureReason.PersonRequest);
        Assert.Equal(Secret, Text(other.GetRecord(Digest(Secret))));
    }

    [Fact]
    public void Erase_OnTwoBranches_DestroysBothCopies()
    {
        using SqliteDatanetStore store = SqliteDatanetStore.OpenInMemory();
        Datanet datanet = DatanetTests.Create("facts", store, _clock);
        datanet.CreateBranch("dev");
        datanet.Submit(DatanetTests.Give(Alice, Secret));
        datanet.Submit(DatanetTests.Give(Bob, Secret), "dev");
        Assert.Equal([1L, 2L], datanet.Erase(Digest(Secret), Alice.Contributor, ErasureReason.PersonRequest).LeafIndexes);
        Assert.Empty(datanet.PresentRecords("dev"));
        Assert.Equal(DatanetError.RecordErased, Assert.Throws<DatanetException>(() => datanet.GetRecord(Digest(Secret))).Error);
    }

    [Fact]
    public void Erase_IllegalArguments_AreRefused()
    {
        using SqliteDatanetStore store = SqliteDatanetStore.OpenInMemory();
        Datanet datanet = DatanetTests.Create("facts", store, _clock);
        Assert.Throws<ArgumentException>(() => datanet.Erase(default, default, ErasureReason.Secret));
        Assert.Throws<ArgumentOutOfRangeException>(() => datanet.Erase(default, Alice.Contributor, (ErasureReason)99));
    }

    /// <summary>
    /// Attacks all files of the store with everything an attacker knows: the format, the record's digest and the datanet's id; and, to show that
    /// the attack is no straw man, does the same before the erasure and succeeds.
    /// </summary>
    [Theory]
    [InlineData(0, 2, false)] // all in the write-ahead log
    [InlineData(0, 40, false)]
    [InlineData(300, 300, true)] // most checkpointed; pages of the indexes were split many times
    [InlineData(900, 100, true)]
    public void Erase_StoreFiles_HoldNothingToRecoverThePayloadFrom(int before, int after, bool reopens)
    {
        string path = _folder.File("facts.db");
        Sha256Digest normalized = NormalizedDigest.Of(DatanetRecord.Parse($$"""{"text":"{{Secret}}"}"""));
        SqliteDatanetStore store = SqliteDatanetStore.OpenFile(path);
        Datanet datanet = DatanetTests.Create("facts", store, _clock);
        GiveMany(datanet, "before", before);
        Assert.Equal(1, datanet.Submit(DatanetTests.Give(Alice, Secret)).AcceptedCount);
        GiveMany(datanet, "after", after);
        datanet.Commit("all");
        if (reopens)
        {
            store.Dispose();
            store = SqliteDatanetStore.OpenFile(path);
            datanet = Datanet.Open("facts", DatanetTests.Options(store, _clock));
        }

        (byte[] key, byte[] ciphertext, long fingerprint) = Peek(path, datanet.GetLeaf(Digest(Secret)), before);
        byte[] fingerprintBytes = BitConverter.GetBytes(System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(fingerprint));
        Attack attack = new(_folder.Path, "facts", Digest(Secret), ciphertext);
        Assert.True(attack.Recovers(out string recovered)); // the attack works ...
        Assert.Contains(Secret, recovered, StringComparison.Ordinal);
        Assert.True(attack.Finds(key) && attack.Finds(fingerprintBytes)); // ... and so does the search
        Assert.False(attack.Finds(Encoding.UTF8.GetBytes(Secret)) || attack.Finds(normalized.ToArray())); // which are never written at all

        Assert.True(datanet.Erase(Digest(Secret), Alice.Contributor, ErasureReason.PersonRequest).IsPurged);
        for (int i = 0; i < 2; i++)
        {
            Assert.False(attack.Recovers(out _), i == 0 ? "while open" : "after closing");
            Assert.False(attack.Finds(key));
            Assert.False(attack.Finds(ciphertext[..16]) || attack.Finds(ciphertext[^16..]));
            Assert.False(attack.Finds(Encoding.UTF8.GetBytes(Secret)));
            Assert.False(attack.Finds(normalized.ToArray()));
            AssertFingerprintKeysMatchNothing(path, normalized, fingerprint);
            store.Dispose();
        }
    }

    [Fact]
    public void Open_AfterACrashBetweenErasureAndPurge_PurgesFirst()
    {
        string path = _folder.File("facts.db");
        string copy = _folder.File("copy", "facts.db");
        Directory.CreateDirectory(_folder.File("copy"));
        byte[] key;
        byte[] ciphertext;
        using (SqliteDatanetStore store = SqliteDatanetStore.OpenFile(path))
        {
            Datanet datanet = DatanetTests.Create("facts", store, _clock);
            datanet.Submit(DatanetTests.Give(Alice, Secret, "two"));
            (key, ciphertext, _) = Peek(path, datanet.GetLeaf(Digest(Secret)), 0);
            using SqliteDatanetStore crashing = SqliteDatanetStore.OpenFile(path);
            Datanet.Open("facts", DatanetTests.Options(new DyingStore(crashing), _clock)).Erase(Digest(Secret), Alice.Contributor, ErasureReason.Secret);
            foreach (string suffix in (string[])["", "-wal"]) // what a machine that lost power would find
            {
                File.Copy(path + suffix, copy + suffix);
            }
        }

        Attack attack = new(_folder.File("copy"), "facts", Digest(Secret), ciphertext);
        Assert.True(attack.Finds(key)); // still in the log, so that this test can fail
        using SqliteDatanetStore reopened = SqliteDatanetStore.OpenFile(copy);
        Assert.False(attack.Finds(key) || attack.Recovers(out _));
        Assert.Equal(DatanetError.RecordErased, Assert.Throws<DatanetException>(
            () => Datanet.Open("facts", DatanetTests.Options(reopened, _clock)).GetRecord(Digest(Secret))).Error);
    }

    [Fact]
    public void Erase_WhileAnotherProcessReads_SaysThatItIsNotPurgedYet()
    {
        string path = _folder.File("facts.db");
        using SqliteDatanetStore store = SqliteDatanetStore.Open(new SqliteDatanetStoreOptions { Path = path, LockTimeout = TimeSpan.FromSeconds(1) });
        Datanet datanet = DatanetTests.Create("facts", store, _clock);
        datanet.Submit(DatanetTests.Give(Alice, Secret));
        using (SqliteDatanetStore other = SqliteDatanetStore.OpenFile(path))
        {
            other.Read(reader =>
            {
                Assert.Equal(1, reader.CountSteps("facts"));
                Assert.False(datanet.Erase(Digest(Secret), Alice.Contributor, ErasureReason.Secret).IsPurged);
                return true;
            });
        }

        Assert.True(store.Purge());
    }

    [Fact]
    public void Records_KeyMissingWithoutAnErasure_IsDamage()
    {
        using SqliteDatanetStore store = SqliteDatanetStore.OpenInMemory();
        Datanet datanet = DatanetTests.Create("facts", store, _clock);
        datanet.Submit(DatanetTests.Give(Alice, "one"));
        DatanetVersion version = datanet.Commit("x");
        store.Write(writer =>
        {
            writer.DestroyPayload("facts", 0);
            return true;
        });
        Assert.Equal(DatanetError.StoreCorrupt, Assert.Throws<DatanetException>(() => datanet.Records(version).Count()).Error);
        Assert.Equal(DatanetError.StoreCorrupt, Assert.Throws<DatanetException>(() => datanet.GetRecord(Digest("one"))).Error);
    }

    private static byte[]? FindSignature(SqliteDatanetStore store, NearDuplicateGate gate, long position) =>
        store.Read(reader => reader.FindItem("facts", "near/" + gate.Hasher.Layout, SignatureItems.Key(position)));

    private Datanet OpenGated(SqliteDatanetStore store, NearDuplicateGate gate) => Datanet.Open("facts", DatanetTests.Options(store, _clock) with
    {
        Gates = [new ValidationGate(new RecordValidator(ValidationProfile.Custom("quoting").Add(new QuotingRule()).Build())), gate],
    });

    private static void GiveMany(Datanet datanet, string name, int count)
    {
        for (int i = 0; i < count; i += 100)
        {
            datanet.Submit(DatanetTests.Give(Bob, [.. Enumerable.Range(i, Math.Min(100, count - i)).Select(j => $"{name} {j}")]));
        }
    }

    private static (byte[] Key, byte[] Ciphertext, long Fingerprint) Peek(string path, DatanetLeaf leaf, int position)
    {
        Assert.Equal(Digest(Secret), leaf.Record);
        using SqliteConnection connection = new(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ConnectionString);
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText =
            "SELECT k.secret, p.content, f.value FROM step s JOIN secret k ON k.key = s.target JOIN payload p ON p.key = s.target "
            + $"JOIN fingerprint f ON f.position = s.key & 0xFFFFFFFF WHERE s.key & 0xFFFFFFFF = {position}";
        using SqliteDataReader row = command.ExecuteReader();
        Assert.True(row.Read());
        return ((byte[])row.GetValue(0), (byte[])row.GetValue(1), row.GetInt64(2));
    }

    /// <summary>A guess of the whole content must not be confirmed by the fingerprints that are left, nor by any 32 bytes of the files as key.</summary>
    private void AssertFingerprintKeysMatchNothing(string path, Sha256Digest normalized, long old)
    {
        int bucket = FingerprintKeys.BucketOf(normalized);
        foreach (string file in Directory.GetFiles(_folder.Path))
        {
            byte[] bytes = File.ReadAllBytes(file);
            for (int i = 0; i + 32 <= bytes.Length; i++)
            {
                Assert.NotEqual(old, FingerprintKeys.Of(normalized, bytes.AsSpan(i, 32)));
            }
        }

        using SqliteDatanetStore store = SqliteDatanetStore.OpenFile(path);
        store.Read(reader =>
        {
            (long least, long greatest) = FingerprintKeys.Range(bucket);
            long now = new FingerprintKeys(reader.ReadFingerprintKeys("facts")).Of(normalized);
            Assert.DoesNotContain(now, reader.ReadFingerprints("facts", least, greatest).Select(found => found.Value));
            return true;
        });
    }

    private static IEnumerable<string> Texts(Datanet datanet, DatanetVersion version) => [.. datanet.Records(version).Select(record => Text(record.Record))];

    private static string Text(DatanetRecord record) => record.TryGetText("text", out string? text) ? text : "";

    private static RecordDigest Digest(string text) => DatanetRecord.Parse($$"""{"text":"{{text}}"}""").Digest;

    /// <summary>Tries every 32 bytes of every file as the key of every copy of the ciphertext, also of one kept from before.</summary>
    private sealed class Attack(string folder, string datanetId, RecordDigest record, byte[] ciphertext)
    {
        public int Count(byte[] what) => Files().Sum(file => file.AsSpan().Count(what));

        public bool Finds(byte[] what) => Files().Any(file => file.AsSpan().IndexOf(what) >= 0);

        public bool Recovers(out string payload)
        {
            byte[] context = [.. Encoding.ASCII.GetBytes(datanetId), 0, .. record.ToArray()];
            byte[] plain = new byte[ciphertext.Length - 16];
            foreach (byte[] file in Files())
            {
                for (int i = 0; i + 32 <= file.Length; i++)
                {
                    ReadOnlySpan<byte> key = file.AsSpan(i, 32);
                    if (!MightBeKey(key))
                    {
                        continue;
                    }

                    using AesGcm aes = new(key, 16);
                    try
                    {
                        aes.Decrypt(new byte[12], ciphertext.AsSpan(0, plain.Length), ciphertext.AsSpan(plain.Length), plain, context);
                        payload = Encoding.UTF8.GetString(plain);
                        return true;
                    }
                    catch (AuthenticationTagMismatchException)
                    {
                        continue;
                    }
                }
            }

            payload = "";
            return false;
        }

        /// <summary>Decrypts the first block in counter mode, which is 20 times faster than a failing tag: the payload begins with <c>{"text":"</c>.</summary>
        private bool MightBeKey(ReadOnlySpan<byte> key)
        {
            using Aes aes = Aes.Create();
            aes.Key = key.ToArray();
            Span<byte> counter = stackalloc byte[16];
            counter.Clear();
            counter[15] = 2; // the counter of GCM's first block of text
            Span<byte> stream = stackalloc byte[16];
            aes.EncryptEcb(counter, stream, PaddingMode.None);
            for (int i = 0; i < 9; i++)
            {
                if ((stream[i] ^ ciphertext[i]) != "{\"text\":\""u8[i])
                {
                    return false;
                }
            }

            return true;
        }

        private IEnumerable<byte[]> Files() => Directory.GetFiles(folder).Select(file =>
        {
            using FileStream stream = new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            byte[] bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return bytes;
        });
    }

    /// <summary>Quotes every text, so that it is in the report.</summary>
    private sealed class QuotingRule : IRecordRule
    {
        public IReadOnlyList<string> Codes { get; } = ["quoted"];

        public JsonObject Describe() => new() { ["rule"] = "quoting" };

        public void Examine(ExaminedRecord record, FindingCollector findings)
        {
            foreach (Datanets.Validation.RecordText text in record.Texts)
            {
                findings.Add("quoted", text.Path, "Quoted.", severity: RuleSeverity.Info, excerpt: text.Value);
            }
        }
    }

    /// <summary>A store whose process dies before it purges.</summary>
    private sealed class DyingStore(IDatanetStore inner) : IDatanetStore
    {
        public TResult Read<TResult>(Func<IDatanetReader, TResult> work) => inner.Read(work);

        public TResult Write<TResult>(Func<IDatanetWriter, TResult> work) => inner.Write(work);

        public bool Purge() => false;

        public void Dispose() => inner.Dispose();
    }
}
