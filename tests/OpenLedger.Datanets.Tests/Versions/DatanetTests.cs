using System.Text;
using OpenLedger.Datanets.Canonical;
using OpenLedger.Datanets.Contributions;
using OpenLedger.Datanets.Records;
using OpenLedger.Datanets.Schemas;
using OpenLedger.Datanets.Storage;
using OpenLedger.Datanets.Tests.Reference;
using OpenLedger.Datanets.Tests.Schemas;
using OpenLedger.Datanets.Transparency;
using OpenLedger.Datanets.Versions;

namespace OpenLedger.Datanets.Tests.Versions;

public sealed class DatanetTests : IDisposable
{
    private static readonly KeyedSigner Alice = new("alice");
    private static readonly KeyedSigner Bob = new("bob");
    private readonly SqliteDatanetStore _store = SqliteDatanetStore.OpenInMemory();
    private readonly SteppingClock _clock = new();
    private readonly Datanet _datanet;

    public DatanetTests() => _datanet = Create("facts", _store, _clock);

    public void Dispose() => _store.Dispose();

    internal static Datanet Create(string id, IDatanetStore store, TimeProvider clock) =>
        Datanet.Create(id, Alice.Contributor, DatanetSchemaTests.Facts, Options(store, clock));

    internal static DatanetOptions Options(IDatanetStore store, TimeProvider clock) =>
        new() { Store = store, Verifier = KeyedSigner.Verifier, TimeProvider = clock };

    internal static ContributionDraft Draft(params string[] texts) => new()
    {
        DatanetId = "facts",
        Records = [.. texts.Select((text, i) => DatanetRecord.Parse($$"""{"text":"{{text}}"}""", $"facts.jsonl:{i + 1}"))],
        Licence = "CC-BY-4.0",
        Consent = ConsentTerms.Training | ConsentTerms.Inference,
        Provenance = "written for this test",
    };

    internal static Contribution Give(IContributionSigner signer, params string[] texts) => Contribution.Sign(Draft(texts), signer);

    [Fact]
    public void Submit_LegalRecords_AreAcceptedInOrder()
    {
        ContributionResult result = _datanet.Submit(Give(Alice, "one", "two"));
        Assert.Equal((2, 0), (result.AcceptedCount, result.RefusedCount));
        Assert.Equal([0L, 1L], result.Outcomes.Select(outcome => outcome.LeafIndex!.Value));
        Assert.All(result.Outcomes, outcome => Assert.Null(outcome.Reason));
    }

    [Fact]
    public void Submit_MixedRecords_RefusesEachWithItsReason()
    {
        _datanet.Submit(Give(Alice, "The  Harbour is old."));
        ContributionDraft draft = Draft("new", "the harbour IS old.", "The  Harbour is old.", "NEW") with { };
        draft = draft with { Records = [.. draft.Records, DatanetRecord.Parse("""{"text":"","x":1}""", "facts.jsonl:5")] };
        ContributionResult result = _datanet.Submit(Contribution.Sign(draft, Bob));

        Assert.Equal((1, 4), (result.AcceptedCount, result.RefusedCount));
        Assert.Equal(
            [null, RefusalReason.DuplicateInDatanet, RefusalReason.DuplicateInDatanet, RefusalReason.DuplicateInContribution, RefusalReason.SchemaViolation],
            result.Outcomes.Select(outcome => outcome.Reason));
        RecordDigest first = DatanetRecord.Parse("""{"text":"The  Harbour is old."}""").Digest;
        Assert.Equal(new EarlierRecord(first, Alice.Contributor, 0), result.Outcomes[1].Earlier);
        Assert.Equal(new EarlierRecord(first, Alice.Contributor, 0), result.Outcomes[2].Earlier);
        Assert.StartsWith("facts.jsonl:2: A record that differs only in case", result.Outcomes[1].Message, StringComparison.Ordinal);
        Assert.StartsWith("facts.jsonl:3: The same record is already in the datanet: " + first, result.Outcomes[2].Message, StringComparison.Ordinal);
        Assert.Contains(Alice.Contributor.ToString(), result.Outcomes[2].Message, StringComparison.Ordinal);
        Assert.Equal(draft.Records[0].Digest, result.Outcomes[3].Earlier!.Digest);
        Assert.Equal(
            [SchemaFaultCode.NoVariantMatches, SchemaFaultCode.TextTooShort, SchemaFaultCode.UnexpectedField],
            result.Outcomes[4].Faults.Select(fault => fault.Code));
        Assert.Contains("and 2 more", result.Outcomes[4].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Submit_SameContributionTwice_AcceptsNothingTheSecondTime()
    {
        Contribution contribution = Give(Alice, "one", "two");
        _datanet.Submit(contribution);
        ContributionResult again = _datanet.Submit(contribution);
        Assert.All(again.Outcomes, outcome => Assert.Equal(RefusalReason.DuplicateInDatanet, outcome.Reason));
    }

    [Fact]
    public void Submit_WrongSignature_KeepsNothing()
    {
        Contribution signed = Give(Alice, "one");
        byte[] signature = signed.Signature.ToArray();
        signature[^1] ^= 1;
        Contribution[] forged =
        [
            Contribution.Receive(Draft("one"), Alice.Contributor, signature),
            Contribution.Receive(Draft("one"), Bob.Contributor, signed.Signature.Span),
            Contribution.Receive(Draft("other"), Alice.Contributor, signed.Signature.Span),
            Contribution.Receive(Draft("one") with { Licence = "MIT" }, Alice.Contributor, signed.Signature.Span),
            Contribution.Receive(Draft("one") with { Consent = ConsentTerms.Mining }, Alice.Contributor, signed.Signature.Span),
            Contribution.Receive(Draft("one") with { Provenance = "" }, Alice.Contributor, signed.Signature.Span),
        ];
        foreach (Contribution contribution in forged)
        {
            RecordOutcome outcome = Assert.Single(_datanet.Submit(contribution).Outcomes);
            Assert.Equal(RefusalReason.InvalidSignature, outcome.Reason);
        }

        Assert.Equal(0, _store.Read(reader => reader.CountSteps("facts")));
        Assert.Null(_store.Read(reader => reader.FindContribution("facts", forged[0].Digest)));
        Assert.Equal(1, _datanet.Submit(Contribution.Receive(Draft("one"), Alice.Contributor, signed.Signature.Span)).AcceptedCount);
    }

    [Fact]
    public void Submit_ForAnotherDatanet_IsRefused()
    {
        Datanet other = Create("other", _store, _clock);
        Assert.Equal(RefusalReason.WrongDatanet, Assert.Single(other.Submit(Give(Alice, "one")).Outcomes).Reason);
    }

    [Fact]
    public void Submit_TooManyBytes_IsRefusedAsAWhole()
    {
        Datanet small = Datanet.Open("facts", Options(_store, _clock) with { MaxContributionBytes = 26 });
        Assert.Equal(RefusalReason.ContributionTooLarge, small.Submit(Give(Alice, "12", "345")).Outcomes[0].Reason); // 13 + 14 bytes
        Assert.Equal(2, small.Submit(Give(Alice, "12", "34")).AcceptedCount);
    }

    [Fact]
    public void Submit_FailingStore_KeepsNothing()
    {
        InvalidOperationException failure = new("power cut");
        Assert.Same(failure, Assert.Throws<InvalidOperationException>(() => _store.Write<int>(writer =>
        {
            Contribution contribution = Give(Alice, "one");
            writer.AddContribution("facts", new StoredContribution(
                contribution.Digest, contribution.Contributor, contribution.Statement.Document, contribution.Signature));
            DatanetStep step = DatanetStep.Add(0, "main", 0, Alice.Contributor, contribution.Records[0].Digest, contribution.Digest);
            writer.AppendRecords("facts", [new StoredRecord(step, 7, new byte[32], new byte[20])]);
            Assert.Equal(1, writer.CountSteps("facts"));
            throw failure;
        })));
        Assert.Equal(0, _store.Read(reader => reader.CountSteps("facts")));
        Assert.Equal(1, _datanet.Submit(Give(Alice, "one")).AcceptedCount);
    }

    [Fact]
    public void Commit_TwoVersions_CommitToLeavesAndParent()
    {
        Contribution first = Give(Alice, "one", "two");
        _datanet.Submit(first);
        DatanetVersion one = _datanet.Commit("first");
        _clock.Advance(TimeSpan.FromMilliseconds(1500));
        Contribution second = Give(Bob, "three");
        _datanet.Submit(second);
        DatanetVersion two = _datanet.Commit("second");

        Assert.Equal((1, 2, null, one.Id), (one.Number, two.Number, one.Parent, two.Parent));
        Assert.Equal((2L, 3L), (one.TreeSize, two.TreeSize));
        Assert.Equal((Alice.Contributor, _datanet.Schema.Digest, "second"), (two.Author, two.Schema, two.Message));
        byte[][] leaves =
        [
            ReferenceLeaf(Alice, first.Records[0], first, 1896091200000), ReferenceLeaf(Alice, first.Records[1], first, 1896091200000),
            ReferenceLeaf(Bob, second.Records[0], second, 1896091201500),
        ];
        Assert.Equal(new Sha256Digest(ReferenceTree.Root(leaves[..2])), one.Root);
        Assert.Equal(new Sha256Digest(ReferenceTree.Root(leaves)), two.Root);
        Assert.Equal(
            $$"""{"author":"{{Alice.Contributor}}","branch":"main","datanet":"facts","format":"openledger-datanet-version/2","manifest":"{{two.Manifest}}","message":"second","number":2,"parents":["{{one.Id}}"],"recordCount":3,"root":"{{two.Root}}","schema":"{{two.Schema}}","time":"2030-01-31T12:00:01.500Z","treeSize":3}""",
            Encoding.UTF8.GetString(two.Header.Span));
        Assert.Equal(Sha256Digest.Of(two.Header.Span), two.Id);
        Assert.Equal(two.Id, _datanet.GetVersion(2).Id);
        Assert.Equal(2, _datanet.LatestVersionNumber());
    }

    // Computed by a Python program from the format descriptions alone. A change of a format shows here: signed ids would change with it.
    [Fact]
    public void Commit_SameInputs_GivesTheSameIdAndPinnedRoots()
    {
        DatanetVersion[] versions = [.. Enumerable.Range(0, 2).Select(_ =>
        {
            using SqliteDatanetStore store = SqliteDatanetStore.OpenInMemory();
            Datanet datanet = Create("facts", store, new SteppingClock());
            datanet.Submit(Give(Alice, "one", "two"));
            datanet.Submit(Give(Bob, "three", "ONE"));
            return datanet.Commit("first");
        })];
        Assert.Equal(versions[0].Id, versions[1].Id);
        Assert.Equal("9ff80ebfcfad1e07e3afeeba0969272e4ca2834b0bd086c9051f59d7b1007d8f", versions[0].Root.ToString());
        Assert.Equal("777f25d4da40c3504eda41c000305270e06555786df9b9fb3ffe10017f6cd2e9", versions[0].Manifest.ToString());
    }

    [Fact]
    public void Commit_NothingNew_SaysSo()
    {
        DatanetException empty = Assert.Throws<DatanetException>(() => _datanet.Commit("x"));
        Assert.Equal(DatanetError.NothingToCommit, empty.Error);
        Assert.Contains("since it was created", empty.Message, StringComparison.Ordinal);
        _datanet.Submit(Give(Alice, "one"));
        _datanet.Commit("x");
        Assert.Contains("since version 1", Assert.Throws<DatanetException>(() => _datanet.Commit("x")).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => _datanet.Commit(" "));
    }

    [Fact]
    public void Records_OlderVersion_StaysAsItWas()
    {
        _datanet.Submit(Give(Alice, "one", "two"));
        DatanetVersion one = _datanet.Commit("first");
        _datanet.Submit(Give(Bob, "three"));
        DatanetVersion two = _datanet.Commit("second");
        _datanet.Submit(Give(Bob, "pending"));

        Assert.Equal(["one", "two"], Texts(one));
        Assert.Equal(["one", "two", "three"], Texts(two));
        CommittedRecord third = _datanet.Records(two).Last();
        Assert.Equal((2L, Bob.Contributor, _clock.GetUtcNow()), (third.LeafIndex, third.Contributor, third.RegisteredAt));
    }

    [Fact]
    public void Records_SeveralPages_AreAllThere()
    {
        string[] texts = [.. Enumerable.Range(0, 1100).Select(i => $"record {i}")];
        _datanet.Submit(Give(Alice, texts));
        Assert.Equal(texts, Texts(_datanet.Commit("many")));
        Datanet reopened = Datanet.Open("facts", Options(_store, _clock)); // grows its tree in pages
        Assert.Equal(texts, reopened.Records(reopened.GetVersion(1)).Select(Text));
    }

    [Fact]
    public void Proofs_EveryRecordAndPairOfVersions_Verify()
    {
        List<DatanetVersion> versions = [];
        for (int i = 0; i < 9; i++)
        {
            _datanet.Submit(Give(i % 2 == 0 ? Alice : Bob, [.. Enumerable.Range(0, i + 1).Select(j => $"v{i} r{j}")]));
            versions.Add(_datanet.Commit($"version {i + 1}"));
        }

        foreach (DatanetVersion newer in versions)
        {
            foreach (CommittedRecord record in _datanet.Records(newer))
            {
                InclusionProof proof = _datanet.ProveInclusion(record.Record.Digest, newer);
                Assert.Equal((record.LeafIndex, newer.TreeSize), (proof.LeafIndex, proof.TreeSize));
                Assert.True(proof.Verify(_datanet.GetLeaf(record.Record.Digest).Hash(), newer.Root));
                Assert.False(proof.Verify((record.Leaf with { RegisteredAtUnixMs = 0 }).Hash(), newer.Root));
                Assert.False(proof.Verify((record.Leaf with { Contributor = new KeyedSigner("mallory").Contributor }).Hash(), newer.Root));
            }

            foreach (DatanetVersion older in versions.TakeWhile(version => version.Number <= newer.Number))
            {
                Assert.True(_datanet.ProveConsistency(older, newer).Verify(older.Root, newer.Root));
            }
        }

        Assert.Throws<ArgumentException>(() => _datanet.ProveConsistency(versions[1], versions[0]));
        RecordDigest late = _datanet.Records(versions[8]).Last().Record.Digest;
        Assert.Equal(DatanetError.RecordNotFound, Assert.Throws<DatanetException>(() => _datanet.ProveInclusion(late, versions[7])).Error);
        Assert.Equal(DatanetError.RecordNotFound, Assert.Throws<DatanetException>(() => _datanet.GetLeaf(default)).Error);
    }

    [Fact]
    public void GetContribution_FromALeaf_ShowsTheSignedTerms()
    {
        Contribution given = Give(Alice, "one", "two");
        _datanet.Submit(given);
        DatanetLeaf leaf = _datanet.GetLeaf(given.Records[1].Digest);
        ContributionStatement statement = _datanet.GetContribution(leaf.Contribution, out ReadOnlyMemory<byte> signature);
        Assert.Equal(("CC-BY-4.0", ConsentTerms.Training | ConsentTerms.Inference, "written for this test"), (statement.Licence, statement.Consent, statement.Provenance));
        Assert.Equal(given.Records.Select(record => record.Digest), statement.Records);
        Assert.True(KeyedSigner.Verifier.Verify(statement.Contributor, statement.Digest.ToArray(), signature.Span));
        Assert.Equal(DatanetError.ContributionNotFound, Assert.Throws<DatanetException>(() => _datanet.GetContribution(default, out _)).Error);
    }

    [Fact]
    public void Versions_OfOthers_AreNotFound()
    {
        _datanet.Submit(Give(Alice, "one"));
        DatanetVersion version = _datanet.Commit("x");
        Datanet other = Create("other", _store, _clock);
        Assert.Equal(DatanetError.VersionNotFound, Assert.Throws<DatanetException>(() => other.GetVersion(1)).Error);
        Assert.Equal(DatanetError.VersionNotFound, Assert.Throws<DatanetException>(() => other.Records(version)).Error);
        Assert.Equal(DatanetError.VersionNotFound, Assert.Throws<DatanetException>(() => _datanet.GetVersion(0)).Error);
        Assert.Contains("the latest is 1", Assert.Throws<DatanetException>(() => _datanet.GetVersion(2)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_ExistingId_IsRefusedUnlessItIsTheSame()
    {
        Assert.Equal(DatanetError.DatanetExists, Assert.Throws<DatanetException>(() => Create("facts", _store, _clock)).Error);
        _datanet.Submit(Give(Alice, "one"));
        Datanet same = Datanet.OpenOrCreate("facts", Alice.Contributor, DatanetSchemaTests.Facts, Options(_store, _clock));
        Assert.Equal(1, same.Commit("x").TreeSize);
        Assert.Equal(DatanetError.DatanetExists, Assert.Throws<DatanetException>(
            () => Datanet.OpenOrCreate("facts", Bob.Contributor, DatanetSchemaTests.Facts, Options(_store, _clock))).Error);
        Assert.Equal(DatanetError.DatanetNotFound, Assert.Throws<DatanetException>(() => Datanet.Open("nothing", Options(_store, _clock))).Error);
    }

    [Theory]
    [InlineData("a", true)]
    [InlineData("harbour-facts-2", true)]
    [InlineData("", false)]
    [InlineData(null, false)]
    [InlineData("-a", false)]
    [InlineData("a-", false)]
    [InlineData("A", false)]
    [InlineData("a/b", false)]
    [InlineData("..", false)]
    [InlineData("é", false)]
    public void IsValidId_AnyText_AllowsOnlySlugs(string? id, bool expected) => Assert.Equal(expected, Datanet.IsValidId(id));

    [Fact]
    public void IsValidId_Length_IsAtMost64()
    {
        Assert.True(Datanet.IsValidId(new string('a', 64)));
        Assert.False(Datanet.IsValidId(new string('a', 65)));
    }

    [Fact]
    public void Submit_FromManyThreads_KeepsEachRecordOnce()
    {
        Parallel.For(0, 40, i => _datanet.Submit(Give(i % 2 == 0 ? Alice : Bob, $"record {i / 2}", $"own {i}")));
        DatanetVersion version = _datanet.Commit("all");
        Assert.Equal(60, version.TreeSize);
        Assert.Equal(60, Texts(version).Distinct().Count());
    }

    private IEnumerable<string> Texts(DatanetVersion version) => [.. _datanet.Records(version).Select(Text)];

    private static string Text(CommittedRecord record) => record.Record.TryGetText("text", out string? text) ? text : "";

    /// <summary>docs/spec/datanet-leaf.md, field by field.</summary>
    private static byte[] ReferenceLeaf(KeyedSigner signer, DatanetRecord record, Contribution contribution, long registeredAtUnixMs)
    {
        byte[] time = BitConverter.GetBytes(registeredAtUnixMs);
        Array.Reverse(time);
        return
        [
            .. "openledger-datanet-leaf:"u8, 1, 1, .. signer.Contributor.ToAccountBytes(), .. record.Digest.ToArray(), .. contribution.Digest.ToArray(), .. time,
        ];
    }
}
