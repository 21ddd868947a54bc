using System.Diagnostics;
using System.Globalization;
using System.Text;
using OpenLedger.Datanets.Deduplication.Near;

namespace OpenLedger.Benchmarks.Datanets;

/// <summary>The speed bars of near-duplicate detection, as ratios in one run: alternating rounds of both sides, the median of each.</summary>
internal static class NearDuplicateBars
{
    private const int Rounds = 9;
    private const int RecordCount = 2_000;
    private const int WordsPerRecord = 300;
    private static readonly string[] Names = ["scalar mod 2^64", "scalar mod 2^61-1", "product, UTF-8", "product, string"];

    public static void Run(TextWriter output)
    {
        byte[][] utf8 = Records(RecordCount, seed: 1);
        string[] texts = [.. utf8.Select(Encoding.UTF8.GetString)];
        ScalarMinHash word = new(112, seed: 1, isModuloPrime: false);
        ScalarMinHash prime = new(112, seed: 1, isModuloPrime: true);
        MinHasher hasher = new(new MinHashOptions());
        foreach (int threads in (int[])[1, 2])
        {
            Func<int, ulong>[] contenders =
            [
                i => word.Sign(texts[i])[0],
                i => prime.Sign(texts[i])[0],
                i => (ulong)hasher.Sign(utf8[i]).Rows.Length,
                i => (ulong)hasher.Sign(texts[i]).Rows.Length,
            ];
            (double Wall, double Cpu)[,] rates = new (double, double)[contenders.Length, Rounds];
            for (int round = -1; round < Rounds; round++) // the first round compiles
            {
                for (int contender = 0; contender < contenders.Length; contender++)
                {
                    (double Wall, double Cpu) rate = Rate(threads, contenders[contender]);
                    if (round >= 0)
                    {
                        rates[contender, round] = rate;
                    }
                }
            }

            output.WriteLine($"signatures, {threads} thread(s), {WordsPerRecord} words, 112 rows (bar for 2 threads: 120,000/s, better 200,000/s; 4 x, better 7 x)");
            for (int contender = 0; contender < contenders.Length; contender++)
            {
                double wall = Median(Enumerable.Range(0, Rounds).Select(round => rates[contender, round].Wall));
                double cpu = Median(Enumerable.Range(0, Rounds).Select(round => rates[contender, round].Cpu));
                double ratio = Median(Enumerable.Range(0, Rounds).Select(round => rates[contender, round].Cpu / rates[0, round].Cpu));
                Print(output, $"  {Names[contender],-17} {wall,10:N0}/s by the clock   {cpu,10:N0}/s per {threads} s of processor time   {ratio,5:F1} x");
            }
        }
    }

    /// <summary>English-like records: words of 1 to 12 letters, capitals, commas, full stops and a few numbers.</summary>
    public static byte[][] Records(int count, int seed)
    {
        Random random = new(seed);
        string[] vocabulary = [.. Enumerable.Range(0, 20_000).Select(_ =>
            new string([.. Enumerable.Range(0, 1 + Math.Min(random.Next(12), random.Next(12))).Select(_ => (char)('a' + random.Next(26)))]))];
        byte[][] records = new byte[count][];
        StringBuilder text = new();
        for (int i = 0; i < count; i++)
        {
            text.Clear();
            for (int word = 0; word < WordsPerRecord; word++)
            {
                string next = random.Next(40) == 0
                    ? random.Next(2000).ToString(CultureInfo.InvariantCulture)
                    : vocabulary[Math.Min(random.Next(vocabulary.Length), random.Next(vocabulary.Length))];
                bool isFirst = word == 0 || text[^2] == '.';
                text.Append(isFirst ? char.ToUpperInvariant(next[0]) + next[1..] : next);
                text.Append(random.Next(12) switch { 0 => ". ", 1 => ", ", _ => " " });
            }

            records[i] = Encoding.UTF8.GetBytes(text.ToString());
        }

        return records;
    }

    // Processor time beside the clock: on a machine that others use too, only the former compares.
    private static (double Wall, double Cpu) Rate(int threads, Func<int, ulong> work)
    {
        ulong sum = 0;
        long start = Stopwatch.GetTimestamp();
        TimeSpan startCpu = Environment.CpuUsage.TotalTime;
        Thread[] workers = [.. Enumerable.Range(0, threads).Select(thread => new Thread(() =>
        {
            ulong own = 0;
            for (int i = thread; i < RecordCount; i += threads)
            {
                own += work(i);
            }

            Interlocked.Add(ref sum, own);
        }))];
        foreach (Thread worker in workers)
        {
            worker.Start();
        }

        foreach (Thread worker in workers)
        {
            worker.Join();
        }

        GC.KeepAlive(sum);
        double cpuSeconds = (Environment.CpuUsage.TotalTime - startCpu).TotalSeconds;
        return (RecordCount / Stopwatch.GetElapsedTime(start).TotalSeconds, RecordCount * threads / cpuSeconds);
    }

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(Rounds / 2);

    private static void Print(TextWriter output, FormattableString line) => output.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
