using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using OpenLedger.Benchmarks.Bars;
using OpenLedger.Lora.Inference;
using OpenLedger.Lora.Safetensors;

namespace OpenLedger.Benchmarks.Lora;

/// <summary>What it costs to get a checkpoint of a folder going: time against reading its file, and the memory of a process of its own.</summary>
internal static class InferenceLoadBars
{
    private const int PromptLength = 512;
    private const double MiB = 1 << 20;
    private static readonly WeightFormat[] Formats = [WeightFormat.Stored, WeightFormat.Q8, WeightFormat.Q4];

    public static IReadOnlyList<Bar> Measure(int rounds)
    {
        string folder = Directory.CreateTempSubdirectory("openledger-bars").FullName;
        try
        {
            InferenceShape shape = InferenceShape.Million110;
            string file = InferenceCheckpoint.Write(folder, new InferenceWeights(shape), SafetensorsDataType.F32);
            List<double> shares = [];
            List<double> inPlaceShares = [];
            for (int round = -1; round < rounds; round++)
            {
                double read = Seconds(() => Read(file));
                double load = Seconds(() => LoadAndDecode(folder, checkWeights: true));
                double inPlace = Seconds(() => LoadAndDecode(folder, checkWeights: false));
                if (round >= 0) // the first round warms up, the page cache too
                {
                    shares.Add(load / read);
                    inPlaceShares.Add(inPlace / read);
                }
            }

            List<Bar> bars =
            [
                new Bar($"{shape} f32: load and one token, against reading the file", "x", shares) { AtMost = 1.3 },
                new Bar($"{shape} f32: the same without looking for NaN", "x", inPlaceShares) { AtMost = 1.3 },
            ];
            foreach (WeightFormat format in Formats)
            {
                (double peak, double weights) = PeakOf(folder, format);
                double cache = 2.0 * shape.Layers * shape.Hidden * sizeof(float) * (PromptLength + 16) / MiB;
                bars.Add(new Bar($"{shape} {format}: peak resident memory beyond weights ({weights:F0}) and KV cache ({cache:F0})", "MiB", [peak - weights - cache]) { AtMost = 160 });
            }

            return bars;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>What the child process does: it prints the peak of its resident memory and the bytes of its weights, in MiB.</summary>
    public static void MeasureMemory(string folder, string format)
    {
        CausalLM model = CausalLM.Load(folder, new InferenceOptions { MaxThreads = InferenceBars.Threads, WeightFormat = Enum.Parse<WeightFormat>(format) });
        DecodeSession session = model.CreateSession();
        session.Prefill(InferenceBars.Prompt(InferenceShape.Million110, PromptLength));
        for (int i = 0; i < 16; i++)
        {
            session.Decode(5);
        }

        using Process process = Process.GetCurrentProcess();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{process.PeakWorkingSet64 / MiB}"));
    }

    private static (double Peak, double Weights) PeakOf(string folder, WeightFormat format)
    {
        string program = Environment.ProcessPath!;
        bool isHost = Path.GetFileNameWithoutExtension(program) == "dotnet";
        string[] own = ["bars", "inference-memory", folder, format.ToString()];
        ProcessStartInfo start = new(program, isHost ? ["exec", Assembly.GetExecutingAssembly().Location, .. own] : own) { RedirectStandardOutput = true };
        using Process child = Process.Start(start)!;
        string output = child.StandardOutput.ReadToEnd();
        child.WaitForExit();
        return child.ExitCode == 0
            ? (double.Parse(output, CultureInfo.InvariantCulture), WeightBytes(InferenceShape.Million110, format) / MiB)
            : throw new InvalidOperationException($"The process that loads the model ended with {child.ExitCode}.");
    }

    /// <summary>The embedding stays as stored; with four bits the head is kept in eight.</summary>
    private static double WeightBytes(InferenceShape shape, WeightFormat format)
    {
        double head = (double)shape.Hidden * shape.Vocabulary;
        double layers = shape.WeightsPerToken - head;
        return (head * sizeof(float)) + format switch
        {
            WeightFormat.Q8 => (layers + head) * 34 / 32,
            WeightFormat.Q4 => (layers * 18 / 32) + (head * 34 / 32),
            _ => (layers + head) * sizeof(float),
        };
    }

    private static void LoadAndDecode(string folder, bool checkWeights) => CausalLM.Load(
        folder, new InferenceOptions { MaxThreads = InferenceBars.Threads, CheckWeights = checkWeights }).CreateSession().Decode(5);

    private static void Read(string file)
    {
        byte[] buffer = new byte[1 << 20];
        using FileStream stream = new(file, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        while (stream.Read(buffer) > 0)
        {
        }
    }

    private static double Seconds(Action action)
    {
        long begin = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(begin).TotalSeconds;
    }
}
