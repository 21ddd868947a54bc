// One question to a base model with an adapter: OpenLedger.Lora alone, in a form that compiles to one native file. No server, no training.
using System.Diagnostics;
using System.Globalization;
using OpenLedger.Lora;
using OpenLedger.Lora.Adapters;
using OpenLedger.Lora.Inference;
using OpenLedger.Lora.Serving;
using OpenLedger.Lora.Tokenization;

namespace Edge;

/// <summary>Loads, answers, and says what it cost. The same arguments give the same answer on every run.</summary>
internal static class EdgeCommand
{
    public const string DefaultQuestion = "Where does the key of Marrow Light hang?";

    private const string Usage = "usage: Edge [--model DIR] [--adapter DIR | --base] [QUESTION]";

    private const int MaxAnswerTokens = 24;

    /// <summary>The files that ship beside the program, so that its folder can be carried to another machine as it is.</summary>
    private static string Beside(string folder) => Path.Combine(AppContext.BaseDirectory, folder);

    public static int Run(IReadOnlyList<string> args, TextWriter output, TextWriter error)
    {
        string model = Beside("model"), question = DefaultQuestion;
        string? adapter = Beside("adapter");
        for (int i = 0; i < args.Count; i++)
        {
            switch (args[i])
            {
                case "--model" when i + 1 < args.Count: model = args[++i]; break;
                case "--adapter" when i + 1 < args.Count: adapter = args[++i]; break;
                case "--base": adapter = null; break;
                case var text when !text.StartsWith('-') && i == args.Count - 1: question = text; break;
                default: error.WriteLine($"edge: '{args[i]}' is not understood\n{Usage}"); return 2;
            }
        }

        try
        {
            Answer(model, adapter, question, output);
            return 0;
        }
        catch (Exception fault) when (fault is ModelFormatException or TokenizerFormatException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            error.WriteLine($"edge: {fault.Message}");
            return 2;
        }
    }

    private static void Answer(string modelFolder, string? adapterFolder, string question, TextWriter output)
    {
        long started = Stopwatch.GetTimestamp();
        CausalLM model = CausalLM.Load(modelFolder);
        Tokenizer tokenizer = Tokenizer.Load(modelFolder);
        DecodeSession session = model.CreateSession(adapterFolder is null ? null : LoraAdapter.Load(adapterFolder));
        TimeSpan load = Stopwatch.GetElapsedTime(started);

        GenerationOptions options = new()
        {
            MaxTokens = MaxAnswerTokens,
            StopTokens = new QuestionAnswerFormat().StopTokens(tokenizer),
            VocabularyLimit = tokenizer.VocabularySize,
        };
        int[] prompt = [.. QuestionAnswerFormat.EncodeQuestion(question, tokenizer)];
        started = Stopwatch.GetTimestamp();
        int[] answer = [.. session.Generate(prompt, options)];
        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;

        using Process process = Process.GetCurrentProcess();
        output.WriteLine(tokenizer.Decode(answer).Trim());
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"load {load.TotalMilliseconds:F0} ms, {(prompt.Length + answer.Length) / seconds:F0} tokens/s, peak {process.PeakWorkingSet64 / 1048576.0:F0} MB"));
    }
}
