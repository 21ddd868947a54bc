using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace OpenLedger.Benchmarks.Lora;

/// <summary>How fast some threads read memory that no cache holds: what bounds the decoding of one sequence.</summary>
internal sealed class StreamRead
{
    private const int Length = 64 << 20; // 256 MiB of singles
    private const int Passes = 6;

    private readonly float[] _values = GC.AllocateUninitializedArray<float>(Length);
    private readonly int _threads;
    private float _sum;
    private int _arrived;

    public StreamRead(int threads)
    {
        _threads = threads;
        Array.Fill(_values, 1f);
    }

    /// <summary>Reads everything a few times, each thread its share, and gives the bytes per second of the fastest pass.</summary>
    public double BytesPerSecond()
    {
        _arrived = 0;
        Thread[] others = [.. Enumerable.Range(1, _threads - 1).Select(part => new Thread(() => ReadPasses(part)))];
        foreach (Thread thread in others)
        {
            thread.Start();
        }

        double seconds = ReadPasses(0);
        foreach (Thread thread in others)
        {
            thread.Join();
        }

        return _sum > 0 ? (double)Length * sizeof(float) / seconds : throw new InvalidOperationException("Nothing was read.");
    }

    /// <summary>Seconds of the fastest pass. Threads wait for each other actively: one that just started may share a core for a while.</summary>
    private double ReadPasses(int part)
    {
        double least = double.MaxValue;
        Meet(1);
        for (long begin = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(begin).TotalMilliseconds < 50;)
        {
            // Both cores busy: the scheduler moves one of the threads away if they share a core.
        }

        Meet(2);
        for (int pass = 1; pass <= Passes; pass++)
        {
            long begin = Stopwatch.GetTimestamp();
            float sum = Sum(part);
            Meet(pass + 2);
            least = Math.Min(least, Stopwatch.GetElapsedTime(begin).TotalSeconds);
            if (part == 0)
            {
                _sum = sum;
            }
        }

        return least;
    }

    private void Meet(int times)
    {
        Interlocked.Increment(ref _arrived);
        while (Volatile.Read(ref _arrived) < times * _threads)
        {
            Thread.SpinWait(1);
        }
    }

    /// <summary>Eight rows at a time, as products read them: one row alone keeps too few loads under way and is a third slower.</summary>
    // Called too rarely for tiered compilation to get to it.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private float Sum(int part)
    {
        const int row = 1024 / 16; // registers
        int share = Length / _threads;
        ReadOnlySpan<Vector512<float>> vectors = MemoryMarshal.Cast<float, Vector512<float>>(_values.AsSpan(part * share, share));
        ref Vector512<float> at = ref MemoryMarshal.GetReference(vectors);
        Vector512<float> a = Vector512<float>.Zero, b = a, c = a, d = a, e = a, f = a, g = a, h = a;
        for (nint tile = 0; tile < vectors.Length; tile += 8 * row)
        {
            for (nint i = tile; i < tile + row; i++)
            {
                a += Unsafe.Add(ref at, i);
                b += Unsafe.Add(ref at, i + row);
                c += Unsafe.Add(ref at, i + (2 * row));
                d += Unsafe.Add(ref at, i + (3 * row));
                e += Unsafe.Add(ref at, i + (4 * row));
                f += Unsafe.Add(ref at, i + (5 * row));
                g += Unsafe.Add(ref at, i + (6 * row));
                h += Unsafe.Add(ref at, i + (7 * row));
            }
        }

        return Vector512.Sum(a + b + c + d + e + f + g + h);
    }
}
