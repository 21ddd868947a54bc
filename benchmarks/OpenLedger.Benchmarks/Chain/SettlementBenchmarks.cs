using BenchmarkDotNet.Attributes;
using OpenLedger.Chain.Evm;
using OpenLedger.Chain.Settlement;

namespace OpenLedger.Benchmarks.Chain;

/// <summary>What an epoch costs: the payout tree, a proof, an apportionment, and a signature made and recovered.</summary>
[MemoryDiagnoser]
public class SettlementBenchmarks
{
    private readonly EthereumAccount _account = EthereumAccount.FromSeed([1]);
    private readonly EthereumAddress _token = EthereumAccount.FromSeed([2]).Address;
    private readonly Bytes32 _hash = Bytes32.HashOf("receipt");
    private readonly ulong[] _weights = new ulong[1000];
    private readonly UInt128[] _parts = new UInt128[1000];
    private Payout[] _payouts = [];
    private EthereumSignature _signature;

    [GlobalSetup]
    public void Setup()
    {
        Random random = new(1);
        byte[] address = new byte[20];
        _payouts = new Payout[100_000];
        for (int i = 0; i < _payouts.Length; i++)
        {
            random.NextBytes(address);
            _payouts[i] = new Payout(new EthereumAddress(address), (UInt128)random.NextInt64());
        }

        for (int i = 0; i < _weights.Length; i++)
        {
            _weights[i] = (ulong)random.Next(1, 1_000_000);
        }

        _signature = _account.SignHash(_hash);
    }

    [Benchmark]
    public Bytes32 PayoutTree_100000_accounts() => Payout.CreateTree(_payouts, _token).Root;

    [Benchmark]
    public void Apportion_1000_shares() => LargestRemainder.Apportion((UInt128)ulong.MaxValue * 7, _weights, _parts);

    [Benchmark(Baseline = true)]
    public EthereumSignature Sign() => _account.SignHash(_hash);

    [Benchmark]
    public bool Recover() => _signature.TryRecover(_hash, out _);
}
