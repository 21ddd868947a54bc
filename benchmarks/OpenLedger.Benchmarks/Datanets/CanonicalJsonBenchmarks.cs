using System.Text.Json;
using BenchmarkDotNet.Attributes;
using OpenLedger.Datanets.Canonical;
using OpenLedger.Datanets.Deduplication;
using OpenLedger.Datanets.Records;

namespace OpenLedger.Benchmarks.Datanets;

/// <summary>The work on one record of about 1 kB, for 1,000 records: parsing into elements is the baseline of what JSON costs at all.</summary>
[MemoryDiagnoser]
public class CanonicalJsonBenchmarks
{
    private const int Records = 1_000;

    private byte[][] _lines = [];
    private DatanetRecord[] _records = [];

    [Params("Canonical", "Python", "Vietnamese")]
    public string Lines { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        byte[] file = Lines switch
        {
            "Canonical" => SampleLines.Canonical(Records),
            "Python" => SampleLines.Python(Records),
            _ => SampleLines.Accented(Records),
        };
        _lines = SampleLines.Split(file);
        _records = [.. _lines.Select(line => DatanetRecord.Parse(line))];
    }

    [Benchmark(Baseline = true)]
    public int ParseElements() => _lines.Count(line => JsonElement.Parse(line).ValueKind == JsonValueKind.Object);

    [Benchmark]
    public int Canonicalize() => _lines.Sum(line => CanonicalJson.Canonicalize(line).Length);

    [Benchmark]
    public int CanonicalizeAndHash() => _lines.Sum(line => DatanetRecord.Parse(line).Payload.Length);

    [Benchmark]
    public int NormalizeAndHash() => _records.Sum(record => NormalizedDigest.Of(record).GetHashCode() & 1);

    [Benchmark]
    public int Validate() => _records.Sum(record => SampleLines.Schema.Validate(record.Element).Count);
}
