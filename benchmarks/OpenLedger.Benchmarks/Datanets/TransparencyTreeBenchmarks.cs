using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using OpenLedger.Datanets.Canonical;
using OpenLedger.Datanets.Transparency;

namespace OpenLedger.Benchmarks.Datanets;

/// <summary>Building the tree against the same number of plain SHA-256 calls on inputs of the same length, and proofs.</summary>
[MemoryDiagnoser]
public class TransparencyTreeBenchmarks
{
    private readonly byte[] _nodeInput = new byte[65];
    private readonly byte[] _hash = new byte[32];
    private Sha256Digest[] _leaves = [];
    private TransparencyTree _tree = new();
    private InclusionProof? _proof;
    private long _index;

    [Params(100_000)]
    public int Leaves { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _leaves = [.. Enumerable.Range(0, Leaves).Select(i => Sha256Digest.Of(BitConverter.GetBytes(i)))];
        _tree = Grow();
        _index = Leaves / 3;
        _proof = _tree.ProveInclusion(_index, Leaves);
    }

    [Benchmark(Baseline = true)]
    public byte[] PlainHashPerNode()
    {
        for (int i = 1; i < Leaves; i++)
        {
            SHA256.HashData(_nodeInput, _hash);
        }

        return _hash;
    }

    [Benchmark]
    public Sha256Digest AppendAndRoot() => Grow().Root;

    [Benchmark]
    [Arguments(1)]
    [Arguments(2)]
    public Sha256Digest AppendLeafHashesAndRoot(int threads)
    {
        TransparencyTree tree = new();
        tree.AppendLeafHashes(_leaves, threads);
        return tree.Root;
    }

    [Benchmark]
    public InclusionProof ProveInclusion() => _tree.ProveInclusion(_index, Leaves);

    [Benchmark]
    public bool VerifyInclusion() => _proof!.Verify(_leaves[_index], _tree.Root);

    private TransparencyTree Grow()
    {
        TransparencyTree tree = new();
        foreach (Sha256Digest leaf in _leaves)
        {
            tree.AppendHash(leaf);
        }

        return tree;
    }
}
