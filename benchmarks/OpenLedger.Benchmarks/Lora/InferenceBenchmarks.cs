using System.Diagnostics.CodeAnalysis;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Filters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using OpenLedger.Lora.Gguf;

namespace OpenLedger.Benchmarks.Lora;

/// <summary>
/// A prompt of 512 tokens, one decoded token and a step of eight sequences on the model of 28 million weights, two threads, beside
/// llama.cpp where OPENLEDGER_LLAMA_CPP names it. <c>bars inference</c> compares the same in turns, which these runs one after another
/// cannot on a machine whose speed changes.
/// </summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "The cleanup disposes.")]
[Config(typeof(PeerConfig))]
[GroupBenchmarksBy(BenchmarkLogicalGroupRule.ByCategory, BenchmarkLogicalGroupRule.ByParams)]
[CategoriesColumn]
public class InferenceBenchmarks
{
    private const string PeerPrefix = "Peer";

    private readonly int[] _prompt = InferenceBars.Prompt(InferenceShape.Million28, 512);
    private readonly int[] _row = InferenceBars.Prompt(InferenceShape.Million28, 8);
    private IInferenceRunner _runner = null!;
    private string _folder = "";
    private int _steps;

    /// <summary>What linear layers are stored in.</summary>
    [Params(GgufTensorType.F32, GgufTensorType.Q8_0, GgufTensorType.BF16, GgufTensorType.Q4_0)]
    public GgufTensorType Format { get; set; }

    [GlobalSetup(Targets = [nameof(Prefill), nameof(Decode), nameof(DecodeRows)])]
    public void Setup() => _runner = InferenceRunner.Load(WriteModel(), InferenceBars.Threads);

    [GlobalSetup(Targets = [nameof(PeerPrefill), nameof(PeerDecode), nameof(PeerDecodeRows)])]
    public void SetupPeer() => _runner = new LlamaCppPeer(WriteModel(), InferenceShape.Million28.Vocabulary, InferenceBars.Threads);

    [GlobalCleanup]
    public void Cleanup()
    {
        _runner.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [BenchmarkCategory("Prefill 512"), Benchmark]
    public float Prefill() => _runner.Prefill(_prompt)[0];

    [BenchmarkCategory("Prefill 512"), Benchmark(Baseline = true)]
    public float PeerPrefill() => Prefill();

    [BenchmarkCategory("Decode 1 row"), Benchmark]
    public float Decode()
    {
        if (_steps++ % 128 == 0)
        {
            _runner.Prefill(_row);
        }

        return _runner.Decode(5)[0];
    }

    [BenchmarkCategory("Decode 1 row"), Benchmark(Baseline = true)]
    public float PeerDecode() => Decode();

    [BenchmarkCategory("Decode 8 rows"), Benchmark]
    public float DecodeRows()
    {
        if (_steps++ % 128 == 0)
        {
            _runner.BeginRows(_row.Length);
        }

        return _runner.DecodeRows(_row)[0];
    }

    [BenchmarkCategory("Decode 8 rows"), Benchmark(Baseline = true)]
    public float PeerDecodeRows() => DecodeRows();

    private string WriteModel()
    {
        _folder = Directory.CreateTempSubdirectory("openledger-benchmarks").FullName;
        string path = Path.Combine(_folder, "model.gguf");
        InferenceGguf.Write(path, new InferenceWeights(InferenceShape.Million28), Format);
        return path;
    }

    /// <summary>Short runs; leaves the peer out where it cannot be loaded, and says why.</summary>
    private sealed class PeerConfig : ManualConfig
    {
        public PeerConfig()
        {
            // In this process: building a project per run would take most of the time.
            AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.DontLogOutput));
            if (LlamaCppLibrary.UnavailableReason is string reason)
            {
                Console.WriteLine($"// llama.cpp is not measured: {reason}.");
                AddFilter(new SimpleFilter(benchmark => !benchmark.Descriptor.WorkloadMethod.Name.StartsWith(PeerPrefix, StringComparison.Ordinal)));
            }
        }
    }
}
