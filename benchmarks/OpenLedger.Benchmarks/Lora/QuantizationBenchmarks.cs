using BenchmarkDotNet.Attributes;
using OpenLedger.Lora.Quantization;

namespace OpenLedger.Benchmarks.Lora;

/// <summary>A weight of 4096 by 1024 in four bits, one thread. The baseline copies its 16 MiB of floats.</summary>
[MemoryDiagnoser]
public class QuantizationBenchmarks
{
    private const int Rows = 4096;
    private const int Columns = 1024;
    private readonly float[] _values = new float[Rows * Columns];
    private readonly float[] _read = new float[Rows * Columns];
    private FourBitMatrix? _matrix;

    [GlobalSetup]
    public void Setup()
    {
        Random random = new(1);
        for (int i = 0; i < _values.Length; i++)
        {
            _values[i] = (float)(random.NextDouble() - 0.5);
        }

        _matrix = FourBitMatrix.Quantize(_values, Rows, Columns);
    }

    [Benchmark(Baseline = true)]
    public void Copy() => _values.AsSpan().CopyTo(_read);

    [Benchmark]
    public FourBitMatrix QuantizeNf4() => FourBitMatrix.Quantize(_values, Rows, Columns);

    [Benchmark]
    public void DequantizeNf4() => _matrix!.Dequantize(_read);
}
