using System.Diagnostics;
using System.Numerics;
using System.Runtime.InteropServices;

namespace OpenLedger.Benchmarks.Lora;

/// <summary>How fast some threads read memory that no cache holds: what bounds the decoding of one sequence.</summary>
internal sealed class StreamRead
{
    private const int Length = 64 << 20; // 256 MiB of singles

    private readonly float[] _values = GC.AllocateUninitializedArray<float>(Length);
    private readonly int _threads;

    public StreamRead(int threads)
    {
        _threads = threads;
        Array.Fill(_values, 1f);
    }

    /// <summary>Reads everything once, each thread its share, and gives bytes per second.</summary>
    public double BytesPerSecond()
    {
        float[] sums = new float[_threads];
        long begin = Stopwatch.GetTimestamp();
        Thread[] others = [.. Enumerable.Range(1, _threads - 1).Select(part => new Thread(() => sums[part] = Sum(part)))];
        foreach (Thread thread in others)
        {
            thread.Start();
        }

        sums[0] = Sum(0);
        foreach (Thread thread in others)
        {
            thread.Join();
        }

        double seconds = Stopwatch.GetElapsedTime(begin).TotalSeconds;
        return sums.All(sum => sum > 0) ? (double)Length * sizeof(float) / seconds : throw new InvalidOperationException("Nothing was read.");
    }

    private float Sum(int part)
    {
        int share = Length / _threads;
        ReadOnlySpan<Vector<float>> vectors = MemoryMarshal.Cast<float, Vector<float>>(_values.AsSpan(part * share, share));
        Vector<float> a = Vector<float>.Zero;
        Vector<float> b = Vector<float>.Zero;
        Vector<float> c = Vector<float>.Zero;
        Vector<float> d = Vector<float>.Zero;
        for (int i = 0; i + 4 <= vectors.Length; i += 4)
        {
            a += vectors[i];
            b += vectors[i + 1];
            c += vectors[i + 2];
            d += vectors[i + 3];
        }

        return Vector.Sum(a + b + c + d);
    }
}
