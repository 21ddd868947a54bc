using System.Diagnostics;
using System.Numerics;
using OpenLedger.Benchmarks.Bars;
using OpenLedger.Lora.Kernels;
using OpenLedger.Lora.Training.Autograd;
using TorchSharp;
using static TorchSharp.torch;

namespace OpenLedger.Benchmarks.Lora;

/// <summary>The bars of the kernels on all processors: shares of the memory's speed, ratios to libtorch, one decoding step of a small model.</summary>
internal static class KernelBars
{
    private const int Rows = 16384;
    private const int Columns = 4096;

    private static readonly string[] Formats = ["F32", "BF16", "F16", "I8", "Q8_0", "Q4_0"];
    private static readonly int Threads = Math.Min(2, Environment.ProcessorCount);

    public static IReadOnlyList<Bar> Measure(int rounds) => [.. HandOff(rounds), .. Streams(rounds), .. Prompts(rounds), .. Steps(rounds)];

    /// <summary>What it costs to give a helper an empty part and to hear that it is done.</summary>
    private static IEnumerable<Bar> HandOff(int rounds)
    {
        Nothing nothing = new();
        List<double> values = [];
        for (int round = -1; round < rounds; round++)
        {
            double time = Microseconds(() =>
            {
                for (int i = 0; i < 2000; i++)
                {
                    WorkSplitter.Run(2, 2, nothing);
                }
            });
            if (round >= 0)
            {
                values.Add(time / 2000);
            }
        }

        yield return new Bar("Two empty parts on two threads", "us", values);
    }

    /// <summary>Weights beyond all caches: bytes per second as a share of the plain stream of the same round.</summary>
    private static IEnumerable<Bar> Streams(int rounds)
    {
        float[] values = Random(Rows * Columns);
        SingleMatrix singles = new(values, Rows, Columns);
        WeightMatrix[] weights = [.. Formats.Select(format => Create(format, singles))];
        float[] x = Random(8 * Columns);
        float[] y = new float[8 * Rows];
        WorkerLimit workers = new(Threads);
        StreamWork stream = new(values);
        List<double> bandwidth = [];
        Dictionary<string, List<double>> shares = Formats.ToDictionary(format => format, _ => new List<double>());
        List<double> eight = [];
        for (int round = -1; round < rounds; round++)
        {
            double plain = Best(3, () => WorkSplitter.Run(StreamWork.Parts, Threads, stream));
            double bytesPerMicrosecond = 4.0 * values.Length / plain;
            double[] times = [.. weights.Select(w => Best(3, () => w.Multiply(x.AsSpan(0, Columns), 1, workers, y.AsSpan(0, Rows))))];
            double eightRows = Best(3, () => singles.Multiply(x, 8, workers, y));
            if (round < 0)
            {
                continue;
            }

            bandwidth.Add(bytesPerMicrosecond / 1000);
            for (int i = 0; i < weights.Length; i++)
            {
                shares[Formats[i]].Add(weights[i].ByteLength / times[i] / bytesPerMicrosecond);
            }

            eight.Add(singles.ByteLength / eightRows / bytesPerMicrosecond);
        }

        yield return new Bar("Plain stream of 256 MiB", "GB/s", bandwidth);
        foreach (string format in Formats)
        {
            double? atLeast = format switch
            {
                "F32" or "I8" => 0.85,
                "BF16" => 0.75,
                _ => null,
            };
            yield return new Bar($"One token, {Rows}x{Columns} in {format}", "share of the stream", shares[format]) { AtLeast = atLeast };
        }

        yield return new Bar($"Eight tokens, {Rows}x{Columns} in F32", "share of the stream", eight);
    }

    /// <summary>Many tokens: floating operations per second, against libtorch's linear layer on as many threads.</summary>
    private static IEnumerable<Bar> Prompts(int rounds)
    {
        TorchRuntime.EnsureLoaded();
        set_num_threads(Threads);
        using IDisposable noGradients = no_grad();
        foreach ((int tokens, int m, int n) in new[] { (1024, 1024, 1024), (1021, 1027, 1024), (1021, 1027, 1031), (512, 1408, 512), (9, 1408, 512) })
        {
            float[] x = Random(tokens * n);
            float[] y = new float[tokens * m];
            SingleMatrix singles = new(Random(m * n), m, n);
            string[] formats = n % 32 == 0 ? ["F32", "BF16", "I8", "Q8_0", "Q4_0", "NF4"] : ["F32"];
            WeightMatrix[] weights = [.. formats.Select(format => Create(format, singles))];
            using Tensor torchX = tensor(x, [tokens, n]);
            using Tensor torchW = tensor(singles.ToSingles(), [m, n]);
            using Tensor torchY = zeros(tokens, m);
            List<double> torchRates = [];
            List<double>[] rates = [.. formats.Select(_ => new List<double>())];
            List<double>[] ratios = [.. formats.Select(_ => new List<double>())];
            double operations = 2.0 * tokens * m * n;
            for (int round = -1; round < rounds; round++)
            {
                double torchTime = Best(5, () => nn.functional.linear(torchX, torchW).Dispose());
                double[] times = [.. weights.Select(w => Best(5, () => w.Multiply(x, tokens, new WorkerLimit(Threads), y)))];
                if (round < 0)
                {
                    continue;
                }

                torchRates.Add(operations / torchTime / 1000);
                for (int i = 0; i < formats.Length; i++)
                {
                    rates[i].Add(operations / times[i] / 1000);
                    ratios[i].Add(torchTime / times[i]);
                }
            }

            string shape = $"{tokens} tokens, {m}x{n}";
            yield return new Bar($"{shape}, libtorch F32", "GF/s", torchRates);
            for (int i = 0; i < formats.Length; i++)
            {
                yield return new Bar($"{shape}, {formats[i]}", "GF/s", rates[i]);
                yield return new Bar($"{shape}, {formats[i]} against libtorch F32", "x", ratios[i]) { AtLeast = formats[i] == "F32" && tokens > 500 ? 1.5 : null };
            }
        }
    }

    /// <summary>All linear layers of a decoder with 28 M weights, one step: 8 layers of width 512 and 1408, vocabulary 4096.</summary>
    private static IEnumerable<Bar> Steps(int rounds)
    {
        const int hidden = 512, intermediate = 1408, vocabulary = 4096, layers = 8;
        float[] x = Random(8 * intermediate);
        float[] a = new float[8 * vocabulary], b = new float[8 * vocabulary], c = new float[8 * vocabulary];
        WorkerLimit workers = new(Threads);
        List<(string Format, WeightMatrix[] Weights)> models = [];
        foreach (string format in Formats)
        {
            List<WeightMatrix> weights = [];
            for (int layer = 0; layer < layers; layer++)
            {
                foreach ((int m, int n) in new[] { (hidden, hidden), (hidden, hidden), (hidden, hidden), (hidden, hidden), (intermediate, hidden), (intermediate, hidden), (hidden, intermediate) })
                {
                    weights.Add(Create(format, new SingleMatrix(Random(m * n), m, n)));
                }
            }

            weights.Add(Create(format, new SingleMatrix(Random(vocabulary * hidden), vocabulary, hidden)));
            models.Add((format, [.. weights]));
        }

        void Step(WeightMatrix[] w, int tokens)
        {
            for (int layer = 0; layer < layers; layer++)
            {
                int i = layer * 7;
                WeightMatrix.MultiplyAll(
                    w[i], w[i + 1], w[i + 2], x.AsSpan(0, tokens * hidden), tokens, workers, a.AsSpan(0, tokens * hidden), b.AsSpan(0, tokens * hidden), c.AsSpan(0, tokens * hidden));
                w[i + 3].Multiply(x.AsSpan(0, tokens * hidden), tokens, workers, a.AsSpan(0, tokens * hidden));
                WeightMatrix.MultiplyAll(w[i + 4], w[i + 5], x.AsSpan(0, tokens * hidden), tokens, workers, a.AsSpan(0, tokens * intermediate), b.AsSpan(0, tokens * intermediate));
                w[i + 6].Multiply(x.AsSpan(0, tokens * intermediate), tokens, workers, a.AsSpan(0, tokens * hidden));
            }

            w[^1].Multiply(x.AsSpan(0, tokens * hidden), tokens, workers, a.AsSpan(0, tokens * vocabulary));
        }

        foreach (int tokens in new[] { 1, 8 })
        {
            List<double>[] times = [.. models.Select(_ => new List<double>())];
            for (int round = -1; round < rounds; round++)
            {
                for (int i = 0; i < models.Count; i++)
                {
                    WeightMatrix[] weights = models[i].Weights;
                    double time = Median(20, () => Step(weights, tokens));
                    if (round >= 0)
                    {
                        times[i].Add(time / 1000);
                    }
                }
            }

            for (int i = 0; i < models.Count; i++)
            {
                yield return new Bar($"Linear layers of 28 M weights, {tokens} token(s), {models[i].Format}", "ms", times[i]);
            }
        }
    }

    private static WeightMatrix Create(string format, SingleMatrix singles) => format switch
    {
        "F32" => singles,
        "BF16" => new BFloat16Matrix(
            Array.ConvertAll(singles.ToSingles(), v => (ushort)(BitConverter.SingleToUInt32Bits(v) >> 16)), singles.OutFeatures, singles.InFeatures),
        "F16" => new HalfMatrix(Array.ConvertAll(singles.ToSingles(), v => (Half)v), singles.OutFeatures, singles.InFeatures),
        "I8" => RowInt8Matrix.Quantize(singles),
        "Q8_0" => Q8Matrix.Quantize(singles),
        "Q4_0" => Q4Matrix.Quantize(singles),
        _ => NormalFloatMatrix.Quantize(singles),
    };

    private static float[] Random(int length)
    {
        Random random = new(1);
        float[] values = new float[length];
        for (int i = 0; i < length; i++)
        {
            values[i] = random.NextSingle() - 0.5f;
        }

        return values;
    }

    private static double Best(int repeats, Action action) => Enumerable.Range(0, repeats).Select(_ => Microseconds(action)).Min();

    private static double Median(int repeats, Action action) => Enumerable.Range(0, repeats).Select(_ => Microseconds(action)).Order().ElementAt(repeats / 2);

    private static double Microseconds(Action action)
    {
        long start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalMicroseconds;
    }

    private sealed class Nothing : ParallelWork
    {
        public override void Execute(int part)
        {
        }
    }

    /// <summary>Adds up an array, as fast as memory gives it.</summary>
    private sealed class StreamWork(float[] values) : ParallelWork
    {
        public const int Parts = 16;

        private readonly float[] _sums = new float[Parts];

        public override void Execute(int part)
        {
            int length = values.Length / Parts;
            ReadOnlySpan<Vector<float>> vectors = System.Runtime.InteropServices.MemoryMarshal.Cast<float, Vector<float>>(values.AsSpan(part * length, length));
            Vector<float> a = Vector<float>.Zero, b = a, c = a, d = a;
            for (int i = 0; i + 4 <= vectors.Length; i += 4)
            {
                a += vectors[i];
                b += vectors[i + 1];
                c += vectors[i + 2];
                d += vectors[i + 3];
            }

            _sums[part] = Vector.Sum(a + b + c + d);
        }
    }
}
