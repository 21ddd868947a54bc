using BenchmarkDotNet.Attributes;
using OpenLedger.Attribution.Gradients;
using OpenLedger.Attribution.Influence;

namespace OpenLedger.Benchmarks.Attribution;

/// <summary>The work behind every influence method, at the size of a small adapter: 128 records, 28 tensors, 64 queries.</summary>
[MemoryDiagnoser]
public class GradientProductsBenchmarks
{
    private const int Tensors = 28;

    private GradientMatrix _train = null!;
    private GradientMatrix _queries = null!;
    private GradientProducts _products = null!;

    [Params(28_000)]
    public int Parameters { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _train = Random(1, 128);
        _queries = Random(2, 64);
        _products = GradientProducts.Compute(_train, _queries);
    }

    /// <summary>One double multiply-add at a time, one thread.</summary>
    [Benchmark(Baseline = true)]
    public double PlainLoops()
    {
        double trace = 0;
        for (int i = 0; i < _train.SampleCount; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                trace += Dot(_train.Row(i), _train.Row(j));
            }
        }

        for (int q = 0; q < _queries.SampleCount; q++)
        {
            for (int i = 0; i < _train.SampleCount; i++)
            {
                trace += Dot(_queries.Row(q), _train.Row(i));
            }
        }

        return trace;
    }

    [Benchmark]
    public GradientProducts Compute() => GradientProducts.Compute(_train, _queries);

    [Benchmark]
    public GradientProducts OneMoreQuery() => _products.WithQueries(_queries.Slice(0, 1));

    [Benchmark]
    public InfluenceScores EmpiricalFisherFromProducts() => new EmpiricalFisherInfluence().Score(_products);

    [Benchmark]
    public InfluenceScores DataInfFromProducts() => new DataInfInfluence().Score(_products);

    private static double Dot(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        double sum = 0;
        for (int k = 0; k < x.Length; k++)
        {
            sum += (double)x[k] * y[k];
        }

        return sum;
    }

    private GradientMatrix Random(int seed, int samples)
    {
        GradientMatrix matrix = new(new GradientLayout(Enumerable.Range(0, Tensors).Select(t => ($"tensor{t}", Parameters / Tensors))), samples);
        Random random = new(seed);
        for (int i = 0; i < samples; i++)
        {
            foreach (ref float value in matrix.Row(i))
            {
                value = random.NextSingle() - 0.5f;
            }
        }

        return matrix;
    }
}
