using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

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

    // Called too rarely for tiered compilation to get to it.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private float Sum(int part)
    {
        int share = Length / _threads;
        ReadOnlySpan<Vector512<float>> vectors = MemoryMarshal.Cast<float, Vector512<float>>(_values.AsSpan(part * share, share));
        ref Vector512<float> at = ref MemoryMarshal.GetReference(vectors);
        Vector512<float> a = Vector512<float>.Zero;
        Vector512<float> b = a;
        Vector512<float> c = a;
        Vector512<float> d = a;
        for (nint i = 0; i < vectors.Length; i += 4)
        {
            a += Unsafe.Add(ref at, i);
            b += Unsafe.Add(ref at, i + 1);
            c += Unsafe.Add(ref at, i + 2);
            d += Unsafe.Add(ref at, i + 3);
        }

        return Vector512.Sum(a + b + c + d);
    }
}
