using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace OpenLedger.Lora.Kernels;

/// <summary>
/// Runs the parts of one job on the calling thread and on helper threads: one per further processor, shared by the process. The caller
/// takes every part that no helper has begun, so a busy machine costs speed and never a deadlock.
/// </summary>
/// <remarks>
/// A product of a decoding step lasts a few microseconds, less than the thread pool needs to hand over a job. So a helper that has worked
/// keeps looking for the next job for a while, then sleeps, and ends when nobody needed it for long. Jobs of several sessions do not queue:
/// who finds the helpers busy works alone.
/// </remarks>
internal static class WorkSplitter
{
    private static readonly Helper[] Helpers = CreateHelpers();
    private static int s_callers;

    [ThreadStatic]
    private static Job? t_job;

    /// <summary>Threads that exist now; at most one less than processors.</summary>
    internal static int LivingHelpers => Helpers.Count(helper => helper.IsAlive);

    /// <summary>Runs <c>body(0) … body(parts - 1)</c>, in any order, and returns when all have ended.</summary>
    /// <param name="parts">Number of parts, and the most threads that work on them.</param>
    /// <param name="body">Arithmetic on memory of the caller.</param>
    public static void Run(int parts, Action<int> body) => Run(parts, parts, new DelegateWork(body));

    /// <summary>
    /// Runs all parts of a job, in any order, and returns when all have ended. The first exception of a part, on whatever thread, is thrown
    /// here when no thread works on the job any more; parts that had not begun then stay undone.
    /// </summary>
    /// <param name="parts">Number of parts.</param>
    /// <param name="threads">Most threads that work on them, the caller included.</param>
    /// <param name="work">What to run.</param>
    public static void Run(int parts, int threads, ParallelWork work)
    {
        int most = Math.Min(parts, Math.Min(threads, Environment.ProcessorCount)) - 1;
        if (most <= 0)
        {
            for (int part = 0; part < parts; part++)
            {
                work.Execute(part);
            }

            return;
        }

        // Every caller occupies a processor itself: helpers beyond the others would only take turns with them.
        Job job = t_job ?? new Job();
        int callers = Interlocked.Increment(ref s_callers);
        most = Math.Min(most, Environment.ProcessorCount - callers);
        t_job = null; // a part that runs a job of its own finds no object to share
        job.Begin(parts, work);
        foreach (Helper helper in Helpers)
        {
            if (most <= 0)
            {
                break;
            }

            most -= helper.TryAssign(job) ? 1 : 0;
        }

        job.TakeParts();
        foreach (Helper helper in Helpers)
        {
            helper.Withdraw(job);
        }

        job.WaitForHelpers();
        ExceptionDispatchInfo? failure = job.End();
        t_job = job;
        Interlocked.Decrement(ref s_callers);
        failure?.Throw();
    }

    private static Helper[] CreateHelpers()
    {
        Helper[] helpers = new Helper[Environment.ProcessorCount - 1];
        for (int i = 0; i < helpers.Length; i++)
        {
            helpers[i] = new Helper();
        }

        return helpers;
    }

    private sealed class DelegateWork(Action<int> body) : ParallelWork
    {
        public override void Execute(int part) => body(part);
    }

    private sealed class Job
    {
        private ParallelWork? _work;
        private int _parts;
        private int _next;
        private int _helpers;
        private ExceptionDispatchInfo? _failure;

        public void Begin(int parts, ParallelWork work)
        {
            _work = work;
            _parts = parts;
            Volatile.Write(ref _next, 0);
        }

        /// <summary>Executes parts until none is left; never throws, because memory of the caller must outlive the parts of other threads.</summary>
        public void TakeParts()
        {
            ParallelWork work = _work!;
            int parts = _parts;
            try
            {
                for (int part = Interlocked.Increment(ref _next) - 1; part < parts; part = Interlocked.Increment(ref _next) - 1)
                {
                    work.Execute(part);
                }
            }
            catch (Exception exception)
            {
                Interlocked.Exchange(ref _next, parts);
                Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(exception), null);
            }
        }

        public void HelperJoins() => Interlocked.Increment(ref _helpers);

        /// <summary>The helper's last touch: the caller may use the object for another job at once.</summary>
        public void HelperLeaves() => Interlocked.Decrement(ref _helpers);

        public void WaitForHelpers()
        {
            // Parts are equal and short, so whoever is still at work ends within microseconds: spin before yielding.
            for (int i = 0; i < 2000 && Volatile.Read(ref _helpers) > 0; i++)
            {
                Thread.SpinWait(1);
            }

            SpinWait spin = default;
            while (Volatile.Read(ref _helpers) > 0)
            {
                spin.SpinOnce(sleep1Threshold: -1);
            }
        }

        /// <summary>Forgets the job; what went wrong in it, if anything did.</summary>
        public ExceptionDispatchInfo? End()
        {
            ExceptionDispatchInfo? failure = _failure;
            _failure = null;
            _work = null;
            return failure;
        }
    }

    /// <summary>One place for a job and the thread that serves it.</summary>
    private sealed class Helper
    {
        // What the place holds beside a job and nothing.
        private static readonly Job Working = new();
        private static readonly Job Ended = new();

        private static readonly long YieldTicks = Stopwatch.Frequency / 20_000; // 50 µs
        private static readonly long SleepTicks = Stopwatch.Frequency / 5_000; // 200 µs
        private static readonly TimeSpan Retirement = TimeSpan.FromSeconds(10);

        private readonly object _bed = new();
        private Job? _place = Ended;
        private int _isSleeping;

        public bool IsAlive => Volatile.Read(ref _place) != Ended;

        public bool TryAssign(Job job)
        {
            Job? found = Volatile.Read(ref _place);
            if (found is not null && found != Ended)
            {
                return false;
            }

            job.HelperJoins();
            if (Interlocked.CompareExchange(ref _place, job, found) != found)
            {
                job.HelperLeaves();
                return false;
            }

            if (found == Ended)
            {
                try
                {
                    new Thread(Serve) { IsBackground = true, Name = "OpenLedger kernels" }.UnsafeStart();
                }
                catch (OutOfMemoryException)
                {
                    // No thread to be had costs speed only.
                    Volatile.Write(ref _place, Ended);
                    job.HelperLeaves();
                    return false;
                }
            }
            else if (Volatile.Read(ref _isSleeping) != 0)
            {
                lock (_bed)
                {
                    Monitor.Pulse(_bed);
                }
            }

            return true;
        }

        /// <summary>Takes a job back that the helper has not begun.</summary>
        public void Withdraw(Job job)
        {
            if (Volatile.Read(ref _place) == job && Interlocked.CompareExchange(ref _place, null, job) == job)
            {
                job.HelperLeaves();
            }
        }

        private void Serve()
        {
            do
            {
                for (Job? job = Look(); job is not null; job = Look())
                {
                    if (Interlocked.CompareExchange(ref _place, Working, job) == job)
                    {
                        job.TakeParts();
                        Volatile.Write(ref _place, null);
                        job.HelperLeaves();
                    }
                }
            }
            while (Sleep());
        }

        /// <summary>Waits actively for a job; <see langword="null"/> when none came.</summary>
        private Job? Look()
        {
            long start = Stopwatch.GetTimestamp();
            while (true)
            {
                for (int i = 0; i < 64; i++)
                {
                    if (Volatile.Read(ref _place) is Job job)
                    {
                        return job;
                    }

                    Thread.SpinWait(1);
                }

                long waited = Stopwatch.GetTimestamp() - start;
                if (waited > SleepTicks)
                {
                    return null;
                }

                if (waited > YieldTicks)
                {
                    Thread.Yield();
                }
            }
        }

        /// <summary>Sleeps until a job comes; false when none came for long and the thread must end.</summary>
        private bool Sleep()
        {
            // Full fences on both sides: either the caller sees a sleeper, or the sleeper sees the job.
            lock (_bed)
            {
                Interlocked.Exchange(ref _isSleeping, 1);
                bool isNeeded = Volatile.Read(ref _place) is not null || Monitor.Wait(_bed, Retirement);
                Volatile.Write(ref _isSleeping, 0);
                return isNeeded || Interlocked.CompareExchange(ref _place, Ended, null) is not null;
            }
        }
    }
}
