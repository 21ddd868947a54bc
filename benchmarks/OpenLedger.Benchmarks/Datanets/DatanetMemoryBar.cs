using System.Diagnostics;
using System.Globalization;
using System.Text;
using OpenLedger.Benchmarks.Bars;
using OpenLedger.Datanets.Records;
using OpenLedger.Datanets.Schemas;
using OpenLedger.Datanets.Storage;
using OpenLedger.Datanets.Versions;

namespace OpenLedger.Benchmarks.Datanets;

/// <summary>The memory of a process that submits records and commits them as one version. Needs a process of its own.</summary>
internal static class DatanetMemoryBar
{
    private const int RecordsPerContribution = 2_000;

    public static IReadOnlyList<Bar> Measure(int records)
    {
        DatanetSchema schema = new SchemaBuilder("prose").Variant("prose", variant => variant.Required("text", new TextField(1, 1_000))).Build();
        string folder = Directory.CreateTempSubdirectory("openledger-bars").FullName;
        try
        {
            using SqliteDatanetStore store = SqliteDatanetStore.OpenFile(Path.Combine(folder, "memory.db"));
            Datanet datanet = Datanet.Create(
                "memory", AnyVerifier.Contributor, schema, new DatanetOptions { Store = store, Verifier = new AnyVerifier() });
            Stopwatch clock = Stopwatch.StartNew();
            for (int start = 0; start < records; start += RecordsPerContribution)
            {
                DatanetBars.Submit(datanet, [.. Enumerable.Range(start, Math.Min(RecordsPerContribution, records - start)).Select(Record)]);
            }

            double submitted = clock.Elapsed.TotalSeconds;
            clock.Restart();
            DatanetBars.Require(datanet.Commit("memory").TreeSize == records);
            double committed = clock.Elapsed.TotalSeconds;
            string count = records.ToString("N0", CultureInfo.InvariantCulture);
            return
            [
                new Bar($"Greatest resident memory of submitting and committing {count} records", "MiB", [PeakMiB()]) { AtMost = 1024 },
                new Bar("Submitting them", "s", [submitted]),
                new Bar("Committing them", "s", [committed]),
            ];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static DatanetRecord Record(int number) =>
        DatanetRecord.Parse(Encoding.UTF8.GetBytes($$"""{"text":"Record {{number}} of many: {{new string('x', 150)}}"}"""));

    private static double PeakMiB()
    {
        using Process process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64 / 1048576.0;
    }
}
