using System.Text;
using BenchmarkDotNet.Attributes;
using OpenLedger.Datanets.Contributions;
using OpenLedger.Datanets.Records;
using OpenLedger.Datanets.Schemas;
using OpenLedger.Datanets.Storage;
using OpenLedger.Datanets.Versions;

namespace OpenLedger.Benchmarks.Datanets;

/// <summary>Taking 1,000 records of about 1 kB: parsing alone is the baseline; the others add what a datanet does with them.</summary>
[MemoryDiagnoser]
public class DatanetBenchmarks
{
    private const int Records = 1_000;
    private static readonly DatanetSchema Schema =
        new SchemaBuilder("prose").Variant("prose", variant => variant.Required("text", new TextField(1, 10_000))).Build();

    private readonly byte[][] _lines = [.. Enumerable.Range(0, Records).Select(Line)];
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"openledger-benchmark-{Environment.ProcessId}.db");
    private Contribution? _contribution;

    [GlobalSetup]
    public void Setup() => _contribution = Contribution.Receive(
        new ContributionDraft
        {
            DatanetId = "prose",
            Records = ParseRecords(),
            Licence = "CC0-1.0",
            Consent = ConsentTerms.Training,
            Provenance = "",
        },
        AnyVerifier.Contributor,
        [1]);

    [Benchmark(Baseline = true)]
    public DatanetRecord[] ParseRecords() => [.. _lines.Select(line => DatanetRecord.Parse(line))];

    [Benchmark]
    public long SubmitAndCommitInMemory()
    {
        using SqliteDatanetStore store = SqliteDatanetStore.OpenInMemory();
        return SubmitAndCommit(store);
    }

    [Benchmark]
    public long SubmitAndCommitToFile()
    {
        long size;
        using (SqliteDatanetStore store = SqliteDatanetStore.OpenFile(_path))
        {
            size = SubmitAndCommit(store);
        }

        File.Delete(_path);
        return size;
    }

    private long SubmitAndCommit(SqliteDatanetStore store)
    {
        Datanet datanet = Datanet.Create(
            "prose", AnyVerifier.Contributor, Schema, new DatanetOptions { Store = store, Verifier = new AnyVerifier() });
        datanet.Submit(_contribution!);
        return datanet.Commit("benchmark").TreeSize;
    }

    private static byte[] Line(int number)
    {
        StringBuilder text = new();
        for (int word = 0; text.Length < 1_000; word++)
        {
            text.Append("word").Append(number * 31 % (word + 7)).Append(' ');
        }

        return Encoding.UTF8.GetBytes($$"""{"text":"{{number}} {{text}}"}""");
    }
}
