using BenchmarkDotNet.Attributes;
using OpenLedger.Chain.Evm;
using Org.BouncyCastle.Crypto.Digests;

namespace OpenLedger.Benchmarks.Chain;

/// <summary>Own permutation against BouncyCastle's: one node of a payout tree (64 bytes), one block (136) and bulk data.</summary>
[MemoryDiagnoser]
public class Keccak256Benchmarks
{
    private readonly byte[] _hash = new byte[32];
    private byte[] _data = [];

    /// <summary>Bytes to hash.</summary>
    [Params(64, 136, 1 << 20)]
    public int Length { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _data = new byte[Length];
        new Random(1).NextBytes(_data);
    }

    [Benchmark(Baseline = true)]
    public byte[] BouncyCastle()
    {
        KeccakDigest digest = new(256);
        digest.BlockUpdate(_data, 0, _data.Length);
        digest.DoFinal(_hash, 0);
        return _hash;
    }

    [Benchmark]
    public byte[] Own()
    {
        Keccak256.Hash(_data, _hash);
        return _hash;
    }
}
