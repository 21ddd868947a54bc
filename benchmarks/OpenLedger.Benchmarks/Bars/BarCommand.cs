using System.Runtime.InteropServices;
using OpenLedger.Benchmarks.Datanets;
using OpenLedger.Benchmarks.Lora;
using OpenLedger.Lora.Gguf;

namespace OpenLedger.Benchmarks.Bars;

/// <summary>Measures the published speed bars in whole runs, where a micro-benchmark cannot: threads, memory of a process, ratios.</summary>
/// <remarks>What is compared is interleaved and repeated; the median of the ratios counts, so that a busy machine disturbs both sides alike.</remarks>
internal static class BarCommand
{
    private const string Usage = """
        Usage: -- bars datanets [rounds] | datanets-memory [records] | datanets-near | kernels [rounds] | tokenizers [rounds]
                | inference [rounds [shapes and formats]] | inference-load | inference-loop 28M|110M f32|q8_0|bf16|q4_0 prefill|decode|rows
        """;

    public static async Task<int> RunAsync(string[] arguments)
    {
        if (arguments is ["datanets-near"])
        {
            Console.WriteLine($"{Processor()}, {Environment.ProcessorCount} cores, .NET {Environment.Version}, {RuntimeInformation.OSArchitecture}.");
            NearDuplicateBars.Run(Console.Out);
            return 0;
        }

        if (arguments is ["inference-loop", string shape, string format, string phase])
        {
            InferenceLoop.Run(shape == "110M" ? InferenceShape.Million110 : InferenceShape.Million28, Enum.Parse<GgufTensorType>(format, ignoreCase: true), phase, seconds: 10, Console.Out);
            return 0;
        }

        if (arguments is ["inference-memory", string folder, string weights])
        {
            InferenceLoadBars.MeasureMemory(folder, weights);
            return 0;
        }

        IReadOnlyList<Bar>? bars = arguments switch
        {
            ["datanets"] => await DatanetBars.MeasureAsync(rounds: 9).ConfigureAwait(false),
            ["datanets", string rounds] => await DatanetBars.MeasureAsync(int.Parse(rounds, System.Globalization.CultureInfo.InvariantCulture)).ConfigureAwait(false),
            ["datanets-memory"] => DatanetMemoryBar.Measure(records: 1_000_000),
            ["datanets-memory", string records] => DatanetMemoryBar.Measure(int.Parse(records, System.Globalization.CultureInfo.InvariantCulture)),
            ["inference-load"] => InferenceLoadBars.Measure(rounds: 9),
            ["inference", .. string[] rest] => InferenceBars.Measure(rest),
            ["kernels"] => KernelBars.Measure(rounds: 7),
            ["kernels", string rounds] => KernelBars.Measure(int.Parse(rounds, System.Globalization.CultureInfo.InvariantCulture)),
            ["tokenizers"] => TokenizerBars.Measure(rounds: 9),
            ["tokenizers", string rounds] => TokenizerBars.Measure(int.Parse(rounds, System.Globalization.CultureInfo.InvariantCulture)),
            _ => null,
        };
        if (bars is null)
        {
            await Console.Error.WriteLineAsync(Usage).ConfigureAwait(false);
            return 2;
        }

        Console.WriteLine($"{Processor()}, {Environment.ProcessorCount} cores, .NET {Environment.Version}, {RuntimeInformation.OSArchitecture}.");
        Console.WriteLine();
        Console.WriteLine("| What | Median | Lowest | Highest | Bar | |");
        Console.WriteLine("|---|---:|---:|---:|---:|---|");
        foreach (Bar bar in bars)
        {
            Console.WriteLine(bar);
        }

        return bars.Any(bar => bar.IsMissed) ? 1 : 0;
    }

    private static string Processor()
    {
        const string path = "/proc/cpuinfo";
        string? line = File.Exists(path) ? File.ReadLines(path).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal)) : null;
        return line is null ? "Unknown processor" : line[(line.IndexOf(':', StringComparison.Ordinal) + 2)..];
    }
}
