using System.Diagnostics;
using System.Globalization;
using OpenLedger.Lora.Gguf;

namespace OpenLedger.Benchmarks.Lora;

/// <summary>Repeats one phase for some seconds so that a profiler can look at it: nothing is compared here.</summary>
internal static class InferenceLoop
{
    /// <summary>Runs a phase of a model of random weights.</summary>
    /// <param name="shape">What to run.</param>
    /// <param name="format">What its linears are kept in.</param>
    /// <param name="phase"><c>prefill</c>, <c>decode</c> or <c>rows</c>.</param>
    /// <param name="seconds">How long.</param>
    /// <param name="output">Gets the median time.</param>
    public static void Run(InferenceShape shape, GgufTensorType format, string phase, double seconds, TextWriter output)
    {
        string folder = Directory.CreateTempSubdirectory("openledger-benchmarks").FullName;
        string path = Path.Combine(folder, "model.gguf");
        InferenceGguf.Write(path, new InferenceWeights(shape), format);
        using InferenceRunner runner = InferenceRunner.Load(path, InferenceBars.Threads);
        Directory.Delete(folder, recursive: true); // what is mapped stays until the model goes
        int[] tokens = InferenceBars.Prompt(shape, phase == "prefill" ? 512 : 8);
        List<double> times = [];
        long begin = Stopwatch.GetTimestamp();
        for (int i = 0; Stopwatch.GetElapsedTime(begin).TotalSeconds < seconds; i++)
        {
            if (i % 128 == 0)
            {
                runner.Prefill([1]);
                runner.BeginRows(tokens.Length);
            }

            long from = Stopwatch.GetTimestamp();
            _ = phase switch
            {
                "prefill" => runner.Prefill(tokens),
                "decode" => runner.Decode(tokens[i % tokens.Length]),
                "rows" => runner.DecodeRows(tokens),
                _ => throw new ArgumentException($"'{phase}' is none of prefill, decode, rows.", nameof(phase)),
            };
            times.Add(Stopwatch.GetElapsedTime(from).TotalMilliseconds);
        }

        times.Sort();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{shape} {format} {phase}: median {times[times.Count / 2]:F3} ms, least {times[0]:F3} ms"));
    }
}
