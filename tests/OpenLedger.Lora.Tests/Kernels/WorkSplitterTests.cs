using OpenLedger.Lora.Kernels;

namespace OpenLedger.Lora.Tests.Kernels;

public class WorkSplitterTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(64)]
    public void Run_EveryPart_RunsExactlyOnce(int parts)
    {
        for (int round = 0; round < 300; round++)
        {
            int[] counts = new int[parts];
            WorkSplitter.Run(parts, part => Interlocked.Increment(ref counts[part]));
            Assert.All(counts, c => Assert.Equal(1, c));
        }
    }

    [Fact]
    public void Run_OneThread_StaysOnTheCaller()
    {
        HashSet<int> threads = [];
        WorkSplitter.Run(5, 1, new Recorder(_ => threads.Add(Environment.CurrentManagedThreadId)));
        Assert.Equal([Environment.CurrentManagedThreadId], threads);
    }

    [Fact]
    public void Run_LongParts_UsesAHelper()
    {
        Assert.SkipWhen(Environment.ProcessorCount == 1, "One processor has no helper.");

        // Every part waits until two are running at once, which one thread alone never does; the limit keeps a failure from hanging.
        int running = 0;
        bool met = false;
        for (int attempt = 0; attempt < 50 && !Volatile.Read(ref met); attempt++)
        {
            WorkSplitter.Run(2, _ =>
            {
                if (Interlocked.Increment(ref running) == 2)
                {
                    Volatile.Write(ref met, true);
                }

                SpinWait.SpinUntil(() => Volatile.Read(ref met), TimeSpan.FromMilliseconds(200));
                Interlocked.Decrement(ref running);
            });
        }

        Assert.True(met);
    }

    [Fact]
    public async Task Run_ManyCallersAtOnce_EachGetsItsOwnParts()
    {
        // More callers than processors: whoever finds no helper does its parts alone, and nobody waits for another.
        Task<long>[] callers = [.. Enumerable.Range(0, 12).Select(caller => Task.Run(() =>
        {
            long sum = 0;
            for (int round = 0; round < 2000; round++)
            {
                int[] squares = new int[9];
                WorkSplitter.Run(9, part => squares[part] = (part * part) + caller);
                sum += squares.Sum();
            }

            return sum;
        }))];
        long[] sums = await Task.WhenAll(callers);
        Assert.Equal(Enumerable.Range(0, 12).Select(caller => 2000L * (204 + (9 * caller))), sums);
    }

    [Fact]
    public async Task Run_ThreadPoolExhausted_Ends()
    {
        // All pool threads wait for a signal that comes only after the job.
        using ManualResetEventSlim release = new();
        Task[] blockers = [.. Enumerable.Range(0, 64).Select(_ => Task.Run(() => release.Wait()))];
        int done = 0;
        for (int round = 0; round < 100; round++)
        {
            WorkSplitter.Run(8, _ => Interlocked.Increment(ref done));
        }

        release.Set();
        await Task.WhenAll(blockers);
        Assert.Equal(800, done);
    }

    [Fact]
    public void Run_InsideAPart_Works()
    {
        int done = 0;
        WorkSplitter.Run(4, _ => WorkSplitter.Run(4, _ => Interlocked.Increment(ref done)));
        Assert.Equal(16, done);
    }

    [Fact]
    public void Run_PartThrowsOnTheCallerOrAHelper_ReachesTheCallerWhenNobodyWorksAndKeepsTheHelpers()
    {
        Assert.SkipWhen(Environment.ProcessorCount == 1, "One processor has no helper.");

        // More often than there are processors: callers that were never counted off would leave no room for a helper.
        int caller = Environment.CurrentManagedThreadId, running = 0;
        for (int round = 0; round < Environment.ProcessorCount + 1; round++)
        {
            AssertThrowsOn(isCaller: true);
        }

        bool helperThrew = false;
        for (int attempt = 0; attempt < 50 && !helperThrew; attempt++)
        {
            helperThrew = AssertThrowsOn(isCaller: false);
        }

        Assert.True(helperThrew);
        int[] counts = new int[64];
        WorkSplitter.Run(64, part => Interlocked.Increment(ref counts[part]));
        Assert.All(counts, c => Assert.Equal(1, c));

        bool AssertThrowsOn(bool isCaller)
        {
            bool thrown = false;
            Exception? exception = Record.Exception(() => WorkSplitter.Run(256, part =>
            {
                Interlocked.Increment(ref running);
                try
                {
                    if (Environment.CurrentManagedThreadId == caller == isCaller)
                    {
                        Volatile.Write(ref thrown, true);
                        throw new InvalidTimeZoneException($"part {part}");
                    }

                    SpinWait.SpinUntil(() => Volatile.Read(ref thrown), TimeSpan.FromMilliseconds(1));
                }
                finally
                {
                    Interlocked.Decrement(ref running);
                }
            }));
            Assert.Equal(0, Volatile.Read(ref running));
            Assert.Equal(thrown, exception is InvalidTimeZoneException);
            Assert.True(thrown || !isCaller);
            return thrown;
        }
    }

    [Fact]
    public void Run_FromManyThreads_KeepsAtMostOneHelperPerFurtherProcessor()
    {
        int done = 0;
        for (int i = 0; i < 40; i++)
        {
            Thread thread = new(() => WorkSplitter.Run(6, _ => Interlocked.Increment(ref done)));
            thread.Start();
            thread.Join();
        }

        Assert.Equal(240, done);
        Assert.InRange(WorkSplitter.LivingHelpers, 0, Environment.ProcessorCount - 1);
    }

    [Fact]
    public void Run_AgainAndAgain_DoesNotAllocate()
    {
        Recorder work = new(_ => { });
        for (int round = 0; round < 1000; round++)
        {
            WorkSplitter.Run(4, 2, work);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int round = 0; round < 1000; round++)
        {
            WorkSplitter.Run(4, 2, work);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private sealed class Recorder(Action<int> body) : ParallelWork
    {
        public override void Execute(int part) => body(part);
    }
}
