using OpenLedger.Datanets.Contributions;
using OpenLedger.Datanets.Erasure;
using OpenLedger.Datanets.Reading;
using OpenLedger.Datanets.Records;
using OpenLedger.Datanets.Schemas;
using OpenLedger.Datanets.Storage;
using OpenLedger.Datanets.Tests.Reference;
using OpenLedger.Datanets.Versions;

namespace OpenLedger.Datanets.Tests.Reading;

public sealed class TrainingReaderTests : IDisposable
{
    private readonly SqliteDatanetStore _store = SqliteDatanetStore.OpenInMemory();
    private readonly KeyedSigner _anna = new("anna");
    private readonly KeyedSigner _binh = new("binh");
    private readonly Datanet _datanet;

    public TrainingReaderTests() => _datanet = Datanet.Create(
        "facts",
        _anna.Contributor,
        new SchemaBuilder("s").Variant("v", v => v.Required("text", new TextField(1, 100))).Build(),
        new DatanetOptions { Store = _store, Verifier = KeyedSigner.Verifier, TimeProvider = new SteppingClock() });

    public void Dispose() => _store.Dispose();

    [Fact]
    public void Read_EveryEpoch_GivesEachRecordOnceInAnOrderOfItsOwn()
    {
        DatanetVersion version = Fill(600);
        TrainingReader reader = TrainingReader.Open(_datanet, version, new TrainingReaderOptions { Seed = 7 });
        TrainingRecord[] first = [.. reader.Read(0)];
        TrainingRecord[] second = [.. reader.Read(1)];
        Assert.Equal(600, reader.Count);
        Assert.Equal(Enumerable.Range(0, 600).Select(i => (long)i), first.Select(record => record.LeafIndex).Order());
        Assert.Equal(first.Select(record => record.Digest).Order(), second.Select(record => record.Digest).Order());
        Assert.NotEqual(first.Select(record => record.LeafIndex), second.Select(record => record.LeafIndex));
        Assert.Equal(first.Select(record => record.LeafIndex), reader.Read(0).Select(record => record.LeafIndex));
        Assert.All(first, record =>
        {
            Assert.Equal(record.Digest, record.Record.Digest);
            Assert.Equal(_anna.Contributor, record.Contributor);
            Assert.Equal("CC0-1.0", record.Licence);
        });
    }

    [Fact]
    public void Read_NotShuffled_KeepsTheOrderOfTheVersion()
    {
        TrainingReader reader = TrainingReader.Open(_datanet, Fill(300), new TrainingReaderOptions { IsShuffled = false });
        Assert.Equal(Enumerable.Range(0, 300).Select(i => (long)i), reader.Read(5).Select(record => record.LeafIndex));
    }

    [Fact]
    public void Open_WithoutConsentOrLicence_LeavesRecordsOutAndSaysSo()
    {
        Submit(_anna, 0, 10, ConsentTerms.Training | ConsentTerms.Inference, "CC0-1.0");
        Submit(_binh, 10, 4, ConsentTerms.Inference, "CC0-1.0");
        Submit(_binh, 14, 3, ConsentTerms.Training, "CC-BY-NC-4.0");
        DatanetVersion version = _datanet.Commit("all");
        TrainingReader reader = TrainingReader.Open(
            _datanet, version, new TrainingReaderOptions { AcceptsLicence = licence => !licence.Contains("NC", StringComparison.Ordinal) });
        Assert.Equal(10, reader.Count);
        Assert.Equal(4, reader.Excluded[ExclusionReason.Consent]);
        Assert.Equal(3, reader.Excluded[ExclusionReason.Licence]);
        Assert.Equal(14, TrainingReader.Open(_datanet, version, new TrainingReaderOptions { RequiredConsent = ConsentTerms.Inference }).Count);
        Assert.Equal(0, TrainingReader.Open(_datanet, version, new TrainingReaderOptions { RequiredConsent = ConsentTerms.Mining }).Count);
    }

    [Fact]
    public void Open_Splits_DivideWithoutOverlapOrLoss()
    {
        DatanetVersion version = Fill(400);
        SplitPlan plan = SplitPlan.EightOneOne(seed: 3);
        List<long> all = [];
        foreach (string split in new[] { "train", "validation", "test" })
        {
            TrainingReader reader = TrainingReader.Open(_datanet, version, new TrainingReaderOptions { Plan = plan, Split = split });
            TrainingRecord[] records = [.. reader.Read(0)];
            Assert.NotEmpty(records);
            Assert.All(records, record => Assert.Equal(split, record.Split));
            Assert.Equal(400 - records.Length, reader.Excluded[ExclusionReason.Split]);
            all.AddRange(records.Select(record => record.LeafIndex));
        }

        Assert.Equal(Enumerable.Range(0, 400).Select(i => (long)i), all.Order());
    }

    [Fact]
    public void Open_Sample_IsTheSameWhateverCameAfter()
    {
        DatanetVersion before = Fill(300);
        long[] chosen = [.. TrainingReader.Open(_datanet, before, new TrainingReaderOptions { SampleCount = 40, Seed = 9 }).Read(0).Select(r => r.LeafIndex).Order()];
        Submit(_binh, 300, 20, ConsentTerms.Training, "CC0-1.0");
        _datanet.Commit("more");
        TrainingReader again = TrainingReader.Open(_datanet, before, new TrainingReaderOptions { SampleCount = 40, Seed = 9 });
        Assert.Equal(chosen, again.Read(0).Select(record => record.LeafIndex).Order());
        Assert.Equal((40, 260), (again.Count, again.Excluded[ExclusionReason.Sample]));
    }

    [Fact]
    public void Read_ErasedSinceOpening_LeavesTheRecordOut()
    {
        DatanetVersion version = Fill(20);
        TrainingReader reader = TrainingReader.Open(_datanet, version, new TrainingReaderOptions());
        TrainingRecord erased = reader.Read(0).First();
        _datanet.Erase(erased.Digest, _anna.Contributor, ErasureReason.PersonRequest);
        Assert.DoesNotContain(erased.Digest, reader.Read(0).Select(record => record.Digest));
        Assert.Equal(19, reader.Read(0).Count());
    }

    [Fact]
    public void Read_WithPermit_IsAskedEachEpochAndShowsItsPartOnly()
    {
        DatanetVersion version = Fill(10);
        Permit permit = new();
        TrainingReader reader = TrainingReader.Open(_datanet, version, new TrainingReaderOptions { Permit = permit });
        Assert.Equal(5, reader.Count);
        Assert.Equal(5, reader.Excluded[ExclusionReason.Grant]);
        TrainingRecord[] records = [.. reader.Read(0)];
        Assert.All(records, record =>
        {
            Assert.Equal("""{"part":true}""", record.Record.Element.GetRawText());
            Assert.NotEqual(record.Record.Digest, record.Digest); // still named by the whole record
        });
        IEnumerable<TrainingRecord> kept = reader.Read(0);
        Assert.Equal(5, kept.Count());
        permit.IsRevoked = true;
        Assert.Equal(DatanetError.AccessDenied, Assert.Throws<DatanetException>(() => reader.Read(1)).Error);
        Assert.Throws<DatanetException>(() => kept.Count()); // walking again asks again
        Assert.Equal([-1, 0, 0, 1, 0], permit.Asked);
        Assert.Throws<DatanetException>(() => TrainingReader.Open(_datanet, version, new TrainingReaderOptions { Permit = permit }));
    }

    [Fact]
    public void Open_IllegalOptions_NamesThemAll()
    {
        DatanetVersion version = Fill(1);
        ArgumentException exception = Assert.Throws<ArgumentException>(() => TrainingReader.Open(
            _datanet, version, new TrainingReaderOptions { Split = "train", SampleCount = 0, RequiredConsent = (ConsentTerms)64 }));
        Assert.Contains("Split is 'train'", exception.Message, StringComparison.Ordinal);
        Assert.Contains("SampleCount is 0", exception.Message, StringComparison.Ordinal);
        Assert.Contains("RequiredConsent is 64", exception.Message, StringComparison.Ordinal);
    }

    private DatanetVersion Fill(int count)
    {
        Submit(_anna, 0, count, ConsentTerms.Training, "CC0-1.0");
        return _datanet.Commit("filled");
    }

    private void Submit(KeyedSigner signer, int from, int count, ConsentTerms consent, string licence) => Assert.Equal(
        count,
        _datanet.Submit(Contribution.Sign(
            new ContributionDraft
            {
                DatanetId = "facts",
                Records = [.. Enumerable.Range(from, count).Select(i => DatanetRecord.Parse($$"""{"text":"fact {{i}}"}"""))],
                Licence = licence,
                Consent = consent,
                Provenance = "",
            },
            signer)).AcceptedCount);

    private sealed class Permit : IReadingPermit
    {
        public List<int> Asked { get; } = [];

        public bool IsRevoked { get; set; }

        public void Check(DatanetVersion version, int epoch, long records)
        {
            Asked.Add(epoch);
            if (IsRevoked)
            {
                throw new DatanetException(DatanetError.AccessDenied, "The grant was revoked.");
            }
        }

        public bool Covers(TrainingRecord record) => record.LeafIndex % 2 == 0;

        public DatanetRecord Project(DatanetRecord record) => DatanetRecord.Parse("""{"part":true}""");
    }
}
