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
    [InlineData("openledger/log.txt", "6f70656e", "6f70656f", "leaves with root")]
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
    public void Verify_MissingFile_IsOneError()
    {
        Write();
        File.Delete(Path.Combine(_folder, "openledger/log.txt"));
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

    private DatanetVersion Write()
    {
        Submit(_anna, 0, 40, ConsentTerms.Training, "CC0-1.0");
        Submit(_binh, 40, 20, ConsentTerms.Training | ConsentTerms.Inference, "CC-BY-4.0");
        DatanetVersion version = _datanet.Commit("all");
        _datanet.Erase(_datanet.Records(version).First().Record.Digest, _anna.Contributor, ErasureReason.PersonRequest);
        DatanetFolder.Write(_datanet, version, _folder, Options);
        return version;
    }

    private void Submit(KeyedSigner signer, int from, int count, ConsentTerms consent, string licence) => Assert.Equal(
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
            signer)).AcceptedCount);

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
