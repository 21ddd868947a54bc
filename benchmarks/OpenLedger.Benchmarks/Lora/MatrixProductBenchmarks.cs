using System.Numerics.Tensors;
using BenchmarkDotNet.Attributes;
using OpenLedger.Lora.Kernels;

namespace OpenLedger.Benchmarks.Lora;

/// <summary>Linear layers of one token and of a prompt: the kernel against a dot product of the library per row.</summary>
[MemoryDiagnoser]
public class MatrixProductBenchmarks
{
    private float[] _x = [];
    private float[] _w = [];
    private float[] _y = [];

    /// <summary>Tokens that share the weight.</summary>
    [Params(1, 64)]
    public int Tokens { get; set; }

    /// <summary>Square layers: a small model in the second-level cache, and one that streams from memory.</summary>
    [Params(256, 2048)]
    public int Size { get; set; }

    /// <summary>Threads the kernel may use.</summary>
    [Params(1, 2)]
    public int Threads { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        Random random = new(1);
        _x = Fill(random, Tokens * Size);
        _w = Fill(random, Size * Size);
        _y = new float[Tokens * Size];
    }

    [Benchmark(Baseline = true)]
    public float[] DotPerRow()
    {
        for (int t = 0; t < Tokens; t++)
        {
            for (int i = 0; i < Size; i++)
            {
                _y[(t * Size) + i] = TensorPrimitives.Dot<float>(_x.AsSpan(t * Size, Size), _w.AsSpan(i * Size, Size));
            }
        }

        return _y;
    }

    [Benchmark]
    public float[] Kernel()
    {
        MatrixProduct.Multiply(_x, _w, Tokens, Size, new WorkerLimit(Threads), _y);
        return _y;
    }

    private static float[] Fill(Random random, int length)
    {
        float[] values = new float[length];
        for (int i = 0; i < length; i++)
        {
            values[i] = (float)(random.NextDouble() - 0.5);
        }

        return values;
    }
}
