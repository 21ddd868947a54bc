using BenchmarkDotNet.Attributes;
using OpenLedger.Datanets.Canonical;
using OpenLedger.Datanets.Deduplication;
using OpenLedger.Datanets.Formats;
using OpenLedger.Datanets.Ingest;
using OpenLedger.Datanets.Records;

namespace OpenLedger.Benchmarks.Datanets;

/// <summary>A file of 10,000 lines of about 1 kB, from bytes to validated, hashed, distinct records: line by line is the baseline.</summary>
[MemoryDiagnoser]
public class IngestBenchmarks
{
    private const int Records = 10_000;

    private byte[] _file = [];

    [Params(1, 2)]
    public int Threads { get; set; }

    [GlobalSetup]
    public void Setup() => _file = SampleLines.Python(Records);

    [Benchmark(Baseline = true)]
    public int LineByLine()
    {
        HashSet<Sha256Digest> seen = [];
        using MemoryStream stream = new(_file);
        foreach (JsonLine line in JsonLinesReader.Read(stream, "lines"))
        {
            DatanetRecord record = DatanetRecord.FromElement(line.Value);
            if (SampleLines.Schema.Validate(record.Element).Count == 0)
            {
                seen.Add(NormalizedDigest.Of(record));
            }
        }

        return seen.Count;
    }

    [Benchmark]
    public async Task<int> Ingest()
    {
        HashSet<Sha256Digest> seen = [];
        using MemoryStream stream = new(_file);
        RecordIngestOptions options = new() { Schema = SampleLines.Schema, MaxThreads = Threads };
        await foreach (IngestedRecord record in RecordIngest.ReadAsync(stream, "lines", options).ConfigureAwait(false))
        {
            if (record.Faults.Count == 0)
            {
                seen.Add(record.NormalizedDigest);
            }
        }

        return seen.Count;
    }
}
