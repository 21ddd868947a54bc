using System.Text;
using BenchmarkDotNet.Attributes;
using OpenLedger.Datanets.Deduplication.Near;

namespace OpenLedger.Benchmarks.Datanets;

/// <summary>Signatures of 300-word records against the straightforward loop, and one search among 100,000.</summary>
[MemoryDiagnoser]
public class NearDuplicateBenchmarks
{
    private const int IndexSize = 100_000;
    private readonly ScalarMinHash _scalar = new(112, seed: 1, isModuloPrime: true);
    private readonly ScalarMinHash _scalarWord = new(112, seed: 1, isModuloPrime: false);
    private readonly NearDuplicateIndex _index = new(new NearDuplicateIndexOptions());
    private readonly byte[] _signature = new byte[112];
    private byte[] _utf8 = [];
    private string _text = "";
    private MinHashSignature? _query;

    [GlobalSetup]
    public void Setup()
    {
        _utf8 = NearDuplicateBars.Records(1, seed: 1)[0];
        _text = Encoding.UTF8.GetString(_utf8);
        _query = _index.Hasher.Sign(_utf8);
        Random random = new(2);
        for (int i = 0; i < IndexSize; i++)
        {
            _index.Add(i, i == IndexSize / 2 ? _query : NearDuplicateBars.RandomSignature(random));
        }
    }

    [Benchmark(Baseline = true)]
    public ulong ScalarLoop() => _scalar.Sign(_text)[0];

    [Benchmark]
    public ulong ScalarLoopModulo64() => _scalarWord.Sign(_text)[0];

    [Benchmark]
    public bool SignUtf8() => _index.Hasher.TrySign(_utf8, _signature);

    [Benchmark]
    public MinHashSignature SignString() => _index.Hasher.Sign(_text);

    [Benchmark]
    public NearDuplicateMatch? Find() => _index.FindBest(_query!);
}
