using System.Text;
using CsCheck;
using OpenLedger.Datanets.Canonical;
using OpenLedger.Datanets.Contributions;
using OpenLedger.Datanets.Reading;
using OpenLedger.Datanets.Records;
using OpenLedger.Datanets.Schemas;
using OpenLedger.Datanets.Storage;
using OpenLedger.Datanets.Tests.Reference;
using OpenLedger.Datanets.Transparency;
using OpenLedger.Datanets.Versions;

namespace OpenLedger.Datanets.Tests.Reading;

public class TrainingManifestTests
{
    [Fact]
    public void Of_RecordsOfTwoDatanets_CountsAndCommitsToThem()
    {
        DatanetVersion a = Version("a");
        DatanetVersion b = Version("b");
        TrainingRecord[] records = [Samples.Record("b", 1), Samples.Record("a", 0), Samples.Record("a", 2, "binh")];
        TrainingManifest manifest = TrainingManifest.Of([b, a], records);
        Assert.Equal(3, manifest.Count);
        Assert.Equal(
            [new TrainingManifestSource("a", 1, a.Id, 2), new TrainingManifestSource("b", 1, b.Id, 1)], manifest.Sources);

        Assert.Equal(new Sha256Digest(ReferenceTree.Root([.. records.Select(Leaf)])), manifest.RecordsRoot);
        Assert.NotEqual(manifest.RecordsRoot, TrainingManifest.Of([b, a], records.Reverse()).RecordsRoot);
    }

    [Fact]
    public void LeafHash_ARecord_CanBeShownToHaveBeenUsed()
    {
        TrainingRecord[] records = [.. Enumerable.Range(0, 9).Select(i => Samples.Record("a", i))];
        TrainingManifest manifest = TrainingManifest.Of([Version("a")], records);
        TransparencyTree tree = new();
        foreach (TrainingRecord record in records)
        {
            tree.AppendHash(TrainingManifest.LeafHash(record));
        }

        InclusionProof proof = tree.ProveInclusion(4, 9);
        Assert.True(proof.Verify(TrainingManifest.LeafHash(records[4]), manifest.RecordsRoot));
        Assert.False(proof.Verify(TrainingManifest.LeafHash(records[4].Digest, new KeyedSigner("eve").Contributor, 4), manifest.RecordsRoot));
    }

    [Fact]
    public void Of_UnusableInput_Throws()
    {
        Assert.Throws<ArgumentException>(() => TrainingManifest.Of([Version("a")], []));
        Assert.Throws<ArgumentException>(() => TrainingManifest.Of([Version("a")], [Samples.Record("b", 1)]));
        Assert.Throws<ArgumentException>(() => TrainingManifest.Of([Version("a"), Version("a")], [Samples.Record("a", 1)]));
    }

    [Fact]
    public void Parse_WrittenManifest_RoundTrips()
    {
        TrainingManifest manifest = TrainingManifest.Of([Version("a")], [Samples.Record("a", 1)]);
        TrainingManifest read = TrainingManifest.Parse(manifest.Document.Span);
        Assert.Equal(manifest.Digest, read.Digest);
        Assert.Equal(manifest.Sources, read.Sources);
    }

    [Theory]
    [InlineData("\"records\":1,\"recordsRoot\"", "\"records\":2,\"recordsRoot\"")]
    [InlineData("\"version\":1", "\"version\":0")]
    [InlineData("manifest/1", "manifest/2")]
    [InlineData("\"datanet\":\"a\"", "\"datanet\":\"A\"")]
    [InlineData("{", " {")]
    public void Parse_ContradictionOrOtherSpelling_IsRefused(string find, string replace)
    {
        string text = Encoding.UTF8.GetString(TrainingManifest.Of([Version("a")], [Samples.Record("a", 1)]).Document.Span);
        int at = text.IndexOf(find, StringComparison.Ordinal);
        Assert.True(at >= 0);
        string changed = text[..at] + replace + text[(at + find.Length)..];
        Assert.Equal(DatanetError.InvalidManifest, Assert.Throws<DatanetException>(() => TrainingManifest.Parse(Encoding.UTF8.GetBytes(changed))).Error);
    }

    [Fact]
    public void Parse_DamagedBytes_IsRefusedOrRead()
    {
        byte[] document = TrainingManifest.Of([Version("a")], [Samples.Record("a", 1)]).Document.ToArray();
        Gen.Select(Gen.Int[0, document.Length - 1], Gen.Byte, Gen.Int[0, document.Length]).Sample((at, value, length) =>
        {
            byte[] damaged = [.. document[..length]];
            if (at < length)
            {
                damaged[at] = value;
            }

            try
            {
                TrainingManifest.Parse(damaged);
            }
            catch (DatanetException)
            {
                // the only exception allowed
            }
        }, iter: 3000);
    }

    private static byte[] Leaf(TrainingRecord record)
    {
        byte[] index = BitConverter.GetBytes(record.LeafIndex);
        Array.Reverse(index);
        return
        [
            .. Encoding.ASCII.GetBytes("openledger-training-leaf:"), 1, .. record.Contributor.ToAccountBytes(), .. record.Digest.ToArray(), .. index,
        ];
    }

    private static DatanetVersion Version(string datanetId)
    {
        using SqliteDatanetStore store = SqliteDatanetStore.OpenInMemory();
        KeyedSigner anna = new("anna");
        Datanet datanet = Datanet.Create(
            datanetId,
            anna.Contributor,
            new SchemaBuilder("s").Variant("v", v => v.Required("text", new TextField(1, 100))).Build(),
            new DatanetOptions { Store = store, Verifier = KeyedSigner.Verifier, TimeProvider = new SteppingClock() });
        datanet.Submit(Contribution.Sign(
            new ContributionDraft
            {
                DatanetId = datanetId,
                Records = [DatanetRecord.Parse("""{"text":"x"}""")],
                Licence = "CC0-1.0",
                Consent = ConsentTerms.Training,
                Provenance = "",
            },
            anna));
        return datanet.Commit("first");
    }
}
