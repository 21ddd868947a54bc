using System.Text;
using OpenLedger.Datanets.Contributions;
using OpenLedger.Datanets.Erasure;
using OpenLedger.Datanets.Manifests;
using OpenLedger.Datanets.Publishing;
using OpenLedger.Datanets.Reading;
using OpenLedger.Datanets.Records;
using OpenLedger.Datanets.Schemas;
using OpenLedger.Datanets.Storage;
using OpenLedger.Datanets.Tests.Reference;
using OpenLedger.Datanets.Versions;

namespace OpenLedger.Datanets.Tests.Publishing;

public sealed class DatanetFolderTests : IDisposable
{
    private static readonly DatanetFolderOptions Options = new()
    {
        Title = "Harbour facts",
        Description = "What people know about the harbour.",
        Url = "https://example.org/harbour",
        Creators = [new CroissantAgent { Type = "sc:Organization", Name = "Harbour club" }],
        Languages = ["en"],
        Keywords = ["harbour"],
        TaskCategories = ["question-answering"],
        Plan = SplitPlan.EightOneOne(seed: 1),
        ResponsibleAi = new Dictionary<string, IReadOnlyList<string>> { ["dataCollection"] = ["Written by hand."] },
    };

    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"openledger-folder-{Guid.NewGuid():N}");
    private readonly SqliteDatanetStore _store = SqliteDatanetStore.OpenInMemory();
    private readonly KeyedSigner _anna = new("anna");
    private readonly KeyedSigner _binh = new("binh");
    private readonly Datanet _datanet;

    public DatanetFolderTests() => _datanet = Datanet.Create(
        "harbour",
        _anna.Contributor,
        new SchemaBuilder("facts").Variant("fact", v => v
            .Required("question", new TextField(1, 200))
            .Required("answer", new TextField(1, 200))
            .Optional("tags", new ListField(new TextField(1, 20), 0, 9))
            .Optional("year", new NumberField(1000, 3000, isInteger: true))).Build(),
        new DatanetOptions { Store = _store, Verifier = KeyedSigner.Verifier, TimeProvider = new SteppingClock() });

    public void Dispose()
    {
        _store.Dispose();
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    [Fact]
    public void Verify_WrittenFolder_IsSound()
    {
        DatanetVersion version = Write();
        FolderCheck check = DatanetFolder.Verify(_folder, KeyedSigner.Verifier);
        Assert.Empty(check.Faults);
        Assert.True(check.IsSound);
        Assert.Equal((version.Id.ToString(), 59, 2), (check.VersionId, check.Records, check.Contributions));
    }

    [Fact]
    public void Write_Manifests_SayWhatTheDatanetKnows()
    {
        DatanetVersion version = Write();
        CroissantDataset croissant = CroissantDataset.Parse(File.ReadAllBytes(Path.Combine(_folder, "croissant.json")));
        Assert.Empty(croissant.FindIssues());
        Assert.Equal(["https://spdx.org/licenses/CC-BY-4.0", "https://spdx.org/licenses/CC0-1.0"], croissant.Licenses.Order(StringComparer.Ordinal));
        CroissantRecordSet records = Assert.Single(croissant.RecordSets);
        Assert.Equal(["records/question", "records/answer", "records/tags", "records/year", "records/record"], records.Fields.Select(field => field.Id));
        Assert.Equal(("$[\"tags\"][*]", true), (records.Fields[2].Source!.JsonPath, records.Fields[2].IsRepeated));
        Assert.Equal(["sc:Integer"], records.Fields[3].DataTypes);
        CroissantField contributor = records.Fields[4].Annotations[0];
        Assert.Equal(["prov:wasAttributedTo"], contributor.EquivalentProperties);
        Assert.Equal("$.openledger.contributor", contributor.Source!.JsonPath);
        Assert.Contains("\"odrl:rightOperand\":[\"training\"]", croissant.UsageInfo[0].ToJsonString(), StringComparison.Ordinal); // what both allow

        DatasetCard card = DatasetCard.Parse(File.ReadAllText(Path.Combine(_folder, "README.md")));
        Assert.Equal(["other"], card.Licenses); // two licences
        Assert.Equal(["test", "train", "validation"], Assert.Single(card.Configs).Files.Select(files => files.Split));
        Assert.Equal(["n<1K"], card.SizeCategories);
        Assert.Contains(version.Id.ToString(), card.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("data/train.jsonl", "Question 1", "Question X", "SHA-256 is")]
    [InlineData("openledger/log.txt", "6f70656e", "6f70656f", "not a step")]
    [InlineData("openledger/contributions.jsonl", "\"licence\":\"CC0-1.0\"", "\"licence\":\"CC0-1.1\"", "not signed by")]
    [InlineData("openledger/schema.json", "facts", "fakts", "its digest is")]
    public void Verify_OneChange_IsNamed(string file, string find, string replace, string fault)
    {
        Write();
        Change(file, find, replace);
        Assert.Contains(DatanetFolder.Verify(_folder, KeyedSigner.Verifier).Faults, line => line.Contains(fault, StringComparison.Ordinal));
    }

    [Fact]
    public void Verify_RecordAndChecksumChanged_IsNoticedByTheDigest()
    {
        Write();
        string data = Path.Combine(_folder, "data/train.jsonl");
        string old = Sha256(data);
        Change("data/train.jsonl", "\"answer\":\"", "\"answer\":\"not ");
        Change("croissant.json", old, Sha256(data));
        string fault = Assert.Single(DatanetFolder.Verify(_folder, KeyedSigner.Verifier).Faults);
        Assert.Contains("the record has digest", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Verify_ContributorChanged_IsNoticedByTheLog()
    {
        Write();
        string data = Path.Combine(_folder, "data/train.jsonl");
        string old = Sha256(data);
        string text = File.ReadAllText(data);
        File.WriteAllText(data, text.Replace(_anna.Contributor.ToString(), _binh.Contributor.ToString(), StringComparison.Ordinal));
        Change("croissant.json", old, Sha256(data));
        Assert.Contains(DatanetFolder.Verify(_folder, KeyedSigner.Verifier).Faults, line => line.Contains("the log has no such record", StringComparison.Ordinal));
    }

    [Fact]
    public void Verify_FileBesidesTheListed_IsNamed()
    {
        Write();
        File.WriteAllText(Path.Combine(_folder, "data", "more.jsonl"), "{}\n");
        Assert.Contains("does not list", Assert.Single(DatanetFolder.Verify(_folder, KeyedSigner.Verifier).Faults), StringComparison.Ordinal);
    }

    [Fact]
    public void Verify_PathOutside_IsRefused()
    {
        Write();
        Change("croissant.json", "\"contentUrl\": \"data/train.jsonl\"", "\"contentUrl\": \"data/../../x.jsonl\"");
        Assert.Equal(DatanetError.UnsafePath, Assert.Throws<DatanetException>(() => DatanetFolder.Verify(_folder, KeyedSigner.Verifier)).Error);
    }

    [Fact]
    public void Verify_NulInAPath_IsRefused()
    {
        Write();
        Change("croissant.json", "\"contentUrl\": \"data/train.jsonl\"", "\"contentUrl\": \"data/\\u0000.jsonl\"");
        Assert.Equal(DatanetError.UnsafePath, Assert.Throws<DatanetException>(() => DatanetFolder.Verify(_folder, KeyedSigner.Verifier)).Error);
    }

    [Fact]
    public void Verify_FolderBesidesTheListed_IsNamed()
    {
        Write();
        Directory.CreateDirectory(Path.Combine(_folder, "data", "more"));
        Assert.Contains("data/more: a folder", Assert.Single(DatanetFolder.Verify(_folder, KeyedSigner.Verifier).Faults), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("openledger/contributions.jsonl", "{\"signature\":\"00\"}")]
    [InlineData("openledger/contributions.jsonl", "{\"signature\":\"00\",\"statement\":null}")]
    [InlineData("openledger/contributions.jsonl", "[]")]
    [InlineData("openledger/contributions.jsonl", "null")]
    [InlineData("data/train.jsonl", "[]")]
    [InlineData("data/train.jsonl", "1")]
    [InlineData("data/train.jsonl", "null")]
    [InlineData("data/train.jsonl", "{\"openledger\":[]}")]
    [InlineData("data/train.jsonl", "{\"openledger\":{\"leaf\":0,\"branch\":\"\\ud800\"}}")]
    public void Verify_LineOfAnotherShape_IsADatanetException(string file, string line)
    {
        Write();
        File.AppendAllText(Path.Combine(_folder, file), line + "\n");
        Assert.Throws<DatanetException>(() => DatanetFolder.Verify(_folder, KeyedSigner.Verifier));
    }

    [Fact]
    public void Verify_SignatureWithHalfASurrogatePair_IsADatanetException()
    {
        Write();
        Change("openledger/contributions.jsonl", "\"signature\":\"", "\"signature\":\"\\ud800");
        Assert.Equal(DatanetError.InvalidStatement, Assert.Throws<DatanetException>(() => DatanetFolder.Verify(_folder, KeyedSigner.Verifier)).Error);
    }

    [Fact]
    public void Verify_HugeLineOfTheLog_IsRefused()
    {
        Write();
        File.WriteAllText(Path.Combine(_folder, "openledger/log.txt"), new string('0', 1 << 20));
        Assert.Equal(DatanetError.LimitExceeded, Assert.Throws<DatanetException>(() => DatanetFolder.Verify(_folder, KeyedSigner.Verifier)).Error);
    }

    [Fact]
    public void Verify_LogShorterOrLonger_IsNamed()
    {
        Write();
        string log = Path.Combine(_folder, "openledger/log.txt");
        string[] lines = File.ReadAllLines(log);
        File.WriteAllLines(log, lines[..^1]);
        Assert.Contains(DatanetFolder.Verify(_folder, KeyedSigner.Verifier).Faults, line => line.Contains("leaves with root", StringComparison.Ordinal));
        File.WriteAllLines(log, [.. lines, lines[0]]);
        Assert.Contains(DatanetFolder.Verify(_folder, KeyedSigner.Verifier).Faults, line => line.Contains("more than the", StringComparison.Ordinal));
    }

    [Fact]
    public void Verify_EveryKindOfStep_IsSound()
    {
        Submit(_anna, 0, 40, ConsentTerms.Training, "CC0-1.0");
        DatanetVersion first = _datanet.Commit("first");
        _datanet.CreateBranch("inbox", first);
        Submit(_binh, 40, 20, ConsentTerms.Training, "CC0-1.0", "inbox");
        RecordDigest[] digests = [.. _datanet.Records(first).Select(record => record.Record.Digest)];
        _datanet.Remove([digests[1], digests[2]], "inbox", "wrong", _anna.Contributor);
        _datanet.Erase(digests[3], _anna.Contributor, ErasureReason.PersonRequest);
        DatanetVersion second = _datanet.Commit("second", "inbox", _anna.Contributor);
        DatanetVersion merged = _datanet.Merge("inbox", "main", new MergeOptions(), "merge", _anna.Contributor).Version;
        DatanetVersion back = _datanet.Rollback(first, "main", "back", _anna.Contributor);
        foreach ((DatanetVersion version, int count) in new[] { (first, 39), (second, 57), (merged, 57), (back, 39) })
        {
            string folder = Path.Combine(_folder, version.Number.ToString(System.Globalization.CultureInfo.InvariantCulture));
            DatanetFolder.Write(_datanet, version, folder, Options);
            FolderCheck check = DatanetFolder.Verify(folder, KeyedSigner.Verifier);
            Assert.Empty(check.Faults);
            Assert.Equal(count, check.Records);
        }
    }

    [Fact]
    public void Verify_RecordsOfAnotherBranch_AreNotTheVersions()
    {
        _datanet.CreateBranch("inbox");
        Submit(_anna, 0, 40, ConsentTerms.Training, "CC0-1.0");
        Submit(_binh, 40, 20, ConsentTerms.Training, "CC0-1.0", "inbox");
        DatanetVersion main = _datanet.Commit("main");
        DatanetVersion inbox = _datanet.Commit("inbox", "inbox", _anna.Contributor);
        DatanetFolder.Write(_datanet, inbox, _folder, Options);
        Assert.True(DatanetFolder.Verify(_folder, KeyedSigner.Verifier).IsSound);
        File.WriteAllBytes(Path.Combine(_folder, "openledger/version.json"), main.Header.ToArray());
        File.WriteAllBytes(Path.Combine(_folder, "openledger/manifest.json"), _datanet.GetManifest(main).Document.ToArray());
        IReadOnlyList<string> faults = DatanetFolder.Verify(_folder, KeyedSigner.Verifier).Faults;
        Assert.Equal(20, faults.Count);
        Assert.All(faults, fault => Assert.Contains("the branch 'main' does not hold", fault, StringComparison.Ordinal));
    }

    [Fact]
    public void Verify_StepThatCannotStandThere_IsNamed()
    {
        Write();
        DatanetStep[] steps =
        [
            DatanetStep.Include(0, "main", 3, 61),
            DatanetStep.Include(0, "main", 3, -1),
            DatanetStep.Include(0, "main", 3, long.MaxValue),
            DatanetStep.Include(0, "inbox", 3, 0),
            DatanetStep.Remove(0, "main", 3, 0, 61),
            DatanetStep.Erase(0, 3, 61),
            DatanetStep.Fork(0, "inbox", 3, "outbox", 0),
            DatanetStep.Fork(0, "inbox", 3, "main", -1),
        ];
        string log = Path.Combine(_folder, "openledger/log.txt");
        string[] lines = File.ReadAllLines(log);
        foreach (DatanetStep step in steps)
        {
            File.WriteAllLines(log, [.. lines[..^1], Convert.ToHexStringLower(step.ToBytes())]);
            Assert.Contains(DatanetFolder.Verify(_folder, KeyedSigner.Verifier).Faults, line => line.Contains($"log.txt:{lines.Length}: not a step", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Verify_EndlessForks_AreRefused()
    {
        DatanetVersion old = Write();
        DatanetStep[] forks = [.. Enumerable.Range(0, 100_000).Select(i => DatanetStep.Fork(i, "main", 3, "main", i))];
        DatanetLog log = new();
        Array.ForEach(forks, log.Append);
        DatanetVersion version = new(
            old.DatanetId, 1, "main", [], log.Tree.Root, log.Size, 0, old.Schema, old.Manifest, old.Author, old.Time, "deep");
        File.WriteAllBytes(Path.Combine(_folder, "openledger/version.json"), version.Header.ToArray());
        File.WriteAllLines(Path.Combine(_folder, "openledger/log.txt"), forks.Select(fork => Convert.ToHexStringLower(fork.ToBytes())));
        Assert.Equal(DatanetError.LimitExceeded, Assert.Throws<DatanetException>(() => DatanetFolder.Verify(_folder, KeyedSigner.Verifier)).Error);
    }

    [Fact]
    public void Read_LeafOfEveryKind_IsTheStep()
    {
        ContributorId anna = _anna.Contributor;
        RecordDigest record = DatanetRecord.Parse("""{"text":"one"}""").Digest;
        DatanetStep[] steps =
        [
            DatanetStep.Add(7, "main", 3, anna, record, record.Value),
            DatanetStep.Add(7, "inbox", -3, anna, record, record.Value),
            DatanetStep.Include(7, "main", 3, 5),
            DatanetStep.Remove(7, new string('b', 64), 3, 5, 6),
            DatanetStep.Remove(7, "main", 3, 5, null),
            DatanetStep.Erase(7, 3, 5),
            DatanetStep.Fork(7, "inbox", 3, "main", 4),
        ];
        foreach (DatanetStep step in steps)
        {
            byte[] leaf = step.ToBytes();
            Assert.Equal(step, LeafReader.Read(7, leaf));
            for (int length = 0; length < leaf.Length; length++)
            {
                Assert.Null(LeafReader.Read(7, leaf.AsSpan(0, length)));
            }

            Assert.Null(LeafReader.Read(7, [.. leaf, 0]));
            for (int at = 0; at < leaf.Length; at++)
            {
                byte[] changed = [.. leaf];
                changed[at] ^= 0x80;
                Assert.True(LeafReader.Read(7, changed) is not DatanetStep other || other.ToBytes().AsSpan().SequenceEqual(changed));
                Assert.True(at >= 26 || LeafReader.Read(7, changed) is null);
            }
        }
    }

    [Theory]
    [InlineData("openledger/log.txt")]
    [InlineData("openledger/contributions.jsonl")]
    [InlineData("openledger/schema.json")]
    [InlineData("data/train.jsonl")]
    public void Verify_MissingFile_IsOneError(string file)
    {
        Write();
        File.Delete(Path.Combine(_folder, file));
        Assert.Equal(DatanetError.InvalidManifest, Assert.Throws<DatanetException>(() => DatanetFolder.Verify(_folder, KeyedSigner.Verifier)).Error);
    }

    [Fact]
    public void Write_UnusableTarget_Throws()
    {
        DatanetVersion version = Write();
        Assert.Contains("not empty", Assert.Throws<ArgumentException>(() => DatanetFolder.Write(_datanet, version, _folder, Options)).Message, StringComparison.Ordinal);
        ArgumentException exception = Assert.Throws<ArgumentException>(
            () => DatanetFolder.Write(_datanet, version, _folder + "x", Options with { Title = " ", Creators = [] }));
        Assert.Contains("Title is empty", exception.Message, StringComparison.Ordinal);
        Assert.Contains("Creators is empty", exception.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder + "x"));
    }

    [Fact]
    public void Write_NamesThatDifferInCase_Throws()
    {
        Submit(_anna, 0, 4, ConsentTerms.Training, "CC0-1.0");
        DatanetVersion version = _datanet.Commit("all");
        DatanetFolderOptions options = Options with { Plan = new SplitPlan([new SplitShare("Train", 1), new SplitShare("train", 1)], 1) };
        Assert.Contains("only in case", Assert.Throws<ArgumentException>(() => DatanetFolder.Write(_datanet, version, _folder, options)).Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder));
    }

    [Theory]
    [InlineData("CC0-1.0", "cc0-1.0", null)]
    [InlineData("ZPL-2.1", "other", "ZPL-2.1")]
    public void Write_OneLicence_IsNamed(string licence, string hub, string? name)
    {
        Submit(_anna, 0, 4, ConsentTerms.Training, licence);
        DatanetFolder.Write(_datanet, _datanet.Commit("all"), _folder, Options);
        DatasetCard card = DatasetCard.Parse(File.ReadAllText(Path.Combine(_folder, "README.md")));
        Assert.Equal([hub], card.Licenses);
        Assert.Equal(name, card.LicenseName);
    }

    private DatanetVersion Write()
    {
        Submit(_anna, 0, 40, ConsentTerms.Training, "CC0-1.0");
        Submit(_binh, 40, 20, ConsentTerms.Training | ConsentTerms.Inference, "CC-BY-4.0");
        DatanetVersion version = _datanet.Commit("all");
        _datanet.Erase(_datanet.Records(version).First().Record.Digest, _anna.Contributor, ErasureReason.PersonRequest);
        DatanetFolder.Write(_datanet, version, _folder, Options);
        return version;
    }

    private void Submit(KeyedSigner signer, int from, int count, ConsentTerms consent, string licence, string branch = "main") => Assert.Equal(
        count,
        _datanet.Submit(Contribution.Sign(
            new ContributionDraft
            {
                DatanetId = "harbour",
                Records = [.. Enumerable.Range(from, count).Select(i => DatanetRecord.Parse($$"""{"question":"Question {{i}}?","answer":"Answer {{i}}.","tags":["a"],"year":{{2000 + i}}}"""))],
                Licence = licence,
                Consent = consent,
                Provenance = "",
            },
            signer), branch).AcceptedCount);

    private void Change(string file, string find, string replace)
    {
        string path = Path.Combine(_folder, file);
        string text = File.ReadAllText(path);
        int at = text.IndexOf(find, StringComparison.Ordinal);
        Assert.True(at >= 0, find);
        File.WriteAllText(path, text[..at] + replace + text[(at + find.Length)..], new UTF8Encoding(false));
    }

    private static string Sha256(string path) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(path)));
}
