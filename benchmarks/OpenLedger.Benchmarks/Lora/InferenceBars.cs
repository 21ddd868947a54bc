using System.Diagnostics;
using System.Globalization;
using System.Numerics.Tensors;
using OpenLedger.Benchmarks.Bars;
using OpenLedger.Lora.Gguf;

namespace OpenLedger.Benchmarks.Lora;

/// <summary>Prefill, decoding of one sequence and of eight, beside llama.cpp on the same weights.</summary>
internal static class InferenceBars
{
    /// <summary>Threads of every side.</summary>
    public const int Threads = 2;

    private const int PromptLength = 512;
    private const int PrefillsPerRound = 3;
    private const int Steps = 96;
    private const int RowSteps = 48;
    private const int Rows = 8;

    /// <summary>Steps of one side before the other has its turn.</summary>
    private const int StepsPerTurn = 16;

    private static readonly GgufTensorType[] Formats = [GgufTensorType.F32, GgufTensorType.Q8_0, GgufTensorType.BF16, GgufTensorType.Q4_0];

    /// <summary>Measures what the arguments of the command line ask for: rounds, then names of shapes and formats.</summary>
    public static IReadOnlyList<Bar> Measure(string[] arguments)
    {
        int rounds = arguments.Length > 0 ? int.Parse(arguments[0], CultureInfo.InvariantCulture) : 5;
        InferenceShape[] shapes = [InferenceShape.Million28, InferenceShape.Million110];
        return Measure(
            rounds,
            Chosen(shapes, shape => shape.Name),
            Chosen(Formats, Name));

        T[] Chosen<T>(T[] all, Func<T, string> name)
        {
            T[] named = [.. all.Where(one => arguments.Contains(name(one)))];
            return named.Length > 0 ? named : all;
        }
    }

    private static List<Bar> Measure(int rounds, InferenceShape[] shapes, GgufTensorType[] formats)
    {
        if (LlamaCppLibrary.UnavailableReason is string reason)
        {
            Console.WriteLine($"llama.cpp is not measured: {reason}.");
        }

        StreamRead stream = new(Threads);
        string folder = Directory.CreateTempSubdirectory("openledger-bars").FullName;
        try
        {
            List<Bar> bars = [];
            foreach (InferenceShape shape in shapes)
            {
                InferenceWeights weights = new(shape);
                foreach (GgufTensorType format in formats)
                {
                    string path = Path.Combine(folder, $"{shape.Name}-{format}.gguf");
                    InferenceGguf.Write(path, weights, format);
                    bars.AddRange(Measure(rounds, shape, format, path, stream));
                    File.Delete(path);
                }
            }

            return bars;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static IEnumerable<Bar> Measure(
        int rounds, InferenceShape shape, GgufTensorType format, string path, StreamRead stream)
    {
        using InferenceRunner ours = InferenceRunner.Load(path, Threads);
        using LlamaCppPeer? peer = LlamaCppLibrary.UnavailableReason is null ? new LlamaCppPeer(path, shape.Vocabulary, Threads) : null;
        string name = $"{shape.Name} {Name(format)}";
        IInferenceRunner[] runners = peer is null ? [ours] : [ours, peer];
        if (peer is not null)
        {
            Console.WriteLine($"{name}: {Agreement(shape, ours, peer)}");
        }

        List<double> bandwidth = [];
        List<double>[] prefill = [[], []];
        List<double>[] decode = [[], []];
        List<double>[] rows = [[], []];
        List<double> share = [];
        for (int round = -1; round < rounds; round++)
        {
            double[] prompt = Prefill(shape, runners);
            double[] step = Decode(shape, runners, 1, Steps);
            double[] eight = Decode(shape, runners, Rows, RowSteps);
            double bytesPerSecond = stream.BytesPerSecond();
            if (round < 0)
            {
                continue; // the first round warms up
            }

            bandwidth.Add(bytesPerSecond / 1e9);
            share.Add(100 * InferenceGguf.BytesPerToken(shape, format) / step[0] / bytesPerSecond);
            for (int i = 0; i < runners.Length; i++)
            {
                prefill[i].Add(PromptLength / prompt[i]);
                decode[i].Add(1 / step[i]);
                rows[i].Add(Rows / eight[i]);
            }
        }

        yield return new Bar($"Memory read by {Threads} threads", "GB/s", bandwidth);
        foreach (Bar bar in Compare($"{name}: prefill {PromptLength}", prefill, PrefillBar(format)))
        {
            yield return bar;
        }

        foreach (Bar bar in Compare($"{name}: decode 1 row", decode, DecodeBar(format)))
        {
            yield return bar;
        }

        yield return new Bar($"{name}: decode 1 row, share of the memory's speed", "%", share);
        foreach (Bar bar in Compare($"{name}: decode {Rows} rows", rows, 1.4))
        {
            yield return bar;
        }
    }

    private static IEnumerable<Bar> Compare(string what, List<double>[] tokensPerSecond, double? bar)
    {
        yield return new Bar(what, "tok/s", tokensPerSecond[0]);
        if (tokensPerSecond[1].Count > 0)
        {
            yield return new Bar($"{what}, llama.cpp", "tok/s", tokensPerSecond[1]);
            yield return new Bar($"{what}, ratio", "x", tokensPerSecond[0].Zip(tokensPerSecond[1], (mine, theirs) => mine / theirs)) { AtLeast = bar };
        }
    }

    /// <summary>Median seconds of a prompt for each runner; they take turns.</summary>
    private static double[] Prefill(InferenceShape shape, IInferenceRunner[] runners)
    {
        int[] tokens = Prompt(shape, PromptLength);
        List<double>[] times = [.. runners.Select(_ => new List<double>())];
        for (int i = 0; i < PrefillsPerRound; i++)
        {
            for (int side = 0; side < runners.Length; side++)
            {
                long begin = Stopwatch.GetTimestamp();
                runners[side].Prefill(tokens);
                times[side].Add(Stopwatch.GetElapsedTime(begin).TotalSeconds);
                runners[side].Rest();
            }
        }

        return [.. times.Select(Median)];
    }

    /// <summary>Median seconds of a step for each runner, from empty sequences on; they take turns.</summary>
    private static double[] Decode(InferenceShape shape, IInferenceRunner[] runners, int rows, int steps)
    {
        List<double>[] times = [.. runners.Select(_ => new List<double>())];
        foreach (IInferenceRunner runner in runners)
        {
            if (rows == 1)
            {
                runner.Prefill([1]);
            }
            else
            {
                runner.BeginRows(rows);
            }
        }

        int[] tokens = new int[rows];
        for (int turn = 0; turn < steps / StepsPerTurn; turn++)
        {
            for (int side = 0; side < runners.Length; side++)
            {
                for (int i = 0; i < StepsPerTurn; i++)
                {
                    for (int row = 0; row < rows; row++)
                    {
                        tokens[row] = Token(shape, (((turn * StepsPerTurn) + i) * rows) + row);
                    }

                    long begin = Stopwatch.GetTimestamp();
                    _ = rows == 1 ? runners[side].Decode(tokens[0]) : runners[side].DecodeRows(tokens);
                    times[side].Add(Stopwatch.GetElapsedTime(begin).TotalSeconds);
                }

                runners[side].Rest();
            }
        }

        return [.. times.Select(Median)];
    }

    /// <summary>Shows that both compute the same function: logits after a short and a long prompt and after a decoded token.</summary>
    private static string Agreement(InferenceShape shape, InferenceRunner ours, LlamaCppPeer peer)
    {
        List<string> texts = [];
        foreach (int length in (int[])[8, PromptLength])
        {
            int[] tokens = Prompt(shape, length);
            ours.Prefill(tokens);
            peer.Prefill(tokens);
            texts.Add($"{length} tokens {Distance(ours.Decode(5), peer.Decode(5))}");
        }

        int[] first = [.. Enumerable.Range(0, Rows).Select(row => Token(shape, row))];
        ours.BeginRows(Rows);
        peer.BeginRows(Rows);
        ours.DecodeRows(first);
        peer.DecodeRows(first);
        texts.Add($"{Rows} rows {Distance(ours.DecodeRows(first), peer.DecodeRows(first))}");
        return string.Join(", ", texts);
    }

    private static string Distance(ReadOnlySpan<float> ours, ReadOnlySpan<float> theirs)
    {
        float[] difference = new float[ours.Length];
        TensorPrimitives.Subtract(ours, theirs, difference);
        double largest = Math.Abs(TensorPrimitives.MaxMagnitude<float>(difference));
        double deviation = Math.Sqrt(TensorPrimitives.SumOfSquares(theirs) / theirs.Length);
        string agreement = TensorPrimitives.IndexOfMax(ours) == TensorPrimitives.IndexOfMax(theirs) ? "same best token" : "OTHER BEST TOKEN";
        return string.Create(
            CultureInfo.InvariantCulture, $"{agreement}, largest difference of logits {largest:E1} at a standard deviation of {deviation:F2}");
    }

    public static int[] Prompt(InferenceShape shape, int length) => [.. Enumerable.Range(0, length).Select(i => Token(shape, i))];

    private static int Token(InferenceShape shape, int i) => 259 + (i * 7919 % (shape.Vocabulary - 259));

    private static double Median(List<double> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }

    private static double? PrefillBar(GgufTensorType format) => format switch
    {
        GgufTensorType.F32 => 1.0,
        GgufTensorType.Q8_0 => 0.8,
        _ => null,
    };

    private static double? DecodeBar(GgufTensorType format) => format switch
    {
        GgufTensorType.F32 or GgufTensorType.Q8_0 => 1.2,
        GgufTensorType.BF16 => 1.1,
        GgufTensorType.Q4_0 => 0.9,
        _ => null,
    };

    private static string Name(GgufTensorType format) => format.ToString().ToLowerInvariant();
}
