namespace OpenLedger.Lora.Kernels;

/// <summary>
/// Runs the parts of one job on the thread pool and the calling thread. The caller takes every part that no pool thread has begun, so
/// a busy or starved pool costs speed and never a deadlock.
/// </summary>
internal static class WorkSplitter
{
    /// <summary>Runs <c>body(0) … body(parts - 1)</c>, in any order, and returns when all have ended.</summary>
    /// <param name="parts">Number of parts.</param>
    /// <param name="body">Arithmetic on memory of the caller; it must not throw.</param>
    public static void Run(int parts, Action<int> body)
    {
        if (parts <= 1)
        {
            body(0);
            return;
        }

        Job job = new(parts, body);
        for (int i = 1; i < parts; i++)
        {
            ThreadPool.UnsafeQueueUserWorkItem(job, preferLocal: false);
        }

        job.TakeParts();
        job.Wait();
    }

    private sealed class Job : IThreadPoolWorkItem
    {
        private readonly int _parts;
        private readonly Action<int> _body;
        private int _next;
        private int _open;

        public Job(int parts, Action<int> body)
        {
            _parts = parts;
            _body = body;
            _open = parts;
        }

        public void Execute() => TakeParts();

        public void TakeParts()
        {
            for (int part = Interlocked.Increment(ref _next) - 1; part < _parts; part = Interlocked.Increment(ref _next) - 1)
            {
                _body(part);
                Interlocked.Decrement(ref _open);
            }
        }

        public void Wait()
        {
            // Parts are equal and short, so whoever is still at work ends within microseconds: spin before yielding.
            SpinWait spin = default;
            while (Volatile.Read(ref _open) > 0)
            {
                spin.SpinOnce(sleep1Threshold: -1);
            }
        }
    }
}
