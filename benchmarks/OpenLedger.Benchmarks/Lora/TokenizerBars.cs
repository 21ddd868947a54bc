using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.ML.Tokenizers;
using OpenLedger.Benchmarks.Bars;
using OpenLedger.Lora.Tokenization;
using Tokenizer = OpenLedger.Lora.Tokenization.Tokenizer;

namespace OpenLedger.Benchmarks.Lora;

/// <summary>Encoding speed beside Microsoft.ML.Tokenizers on published vocabularies, as ratios in one run: alternating rounds on one thread.</summary>
/// <remarks>
/// The files are those of <c>OPENLEDGER_REAL_DATA</c>, by default <c>../shared/data</c> beside the repository. Both sides have their caches
/// filled by a first round. Where the ids differ, the line says so: the other side cuts letters above U+FFFF differently.
/// </remarks>
internal static class TokenizerBars
{
    private const double Required = 1.0;

    public static IReadOnlyList<Bar> Measure(int rounds)
    {
        string shakespeare = File.ReadAllText(Real("corpora/tinyshakespeare.txt"));
        (string Name, string Text)[] texts = [("tinyshakespeare", shakespeare), ("Unicode", UnicodeText())];
        var bars = new List<Bar>();
        foreach ((string name, Func<string, IReadOnlyList<int>> ours, Func<string, IReadOnlyList<int>> theirs) in Contenders())
        {
            foreach ((string textName, string text) in texts)
            {
                bool isEqual = ours(text).SequenceEqual(theirs(text));
                List<double> ratios = [];
                List<double> speeds = [];
                for (int round = 0; round < rounds; round++)
                {
                    double own = round % 2 == 0 ? Seconds(ours, text) : 0;
                    double other = Seconds(theirs, text);
                    own = own > 0 ? own : Seconds(ours, text);
                    ratios.Add(other / own);
                    speeds.Add(Encoding.UTF8.GetByteCount(text) / own / 1e6);
                }

                bars.Add(new Bar($"{name}, {textName}: speed{(isEqual ? "" : ", ids differ")}", "x Microsoft.ML.Tokenizers", ratios) { AtLeast = Required });
                bars.Add(new Bar($"{name}, {textName}", "MB/s", speeds));
            }
        }

        return bars;
    }

    private static IEnumerable<(string Name, Func<string, IReadOnlyList<int>> Ours, Func<string, IReadOnlyList<int>> Theirs)> Contenders()
    {
        Tokenizer gpt2 = Tokenizer.Load(Real("tokenizers/gpt2"));
        var theirGpt2 = BpeTokenizer.Create(new BpeOptions(Real("tokenizers/gpt2/vocab.json"), Real("tokenizers/gpt2/merges.txt"))
        {
            ByteLevel = true,
            PreTokenizer = new RegexPreTokenizer(
                new Regex(@"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+", RegexOptions.Compiled), null),
        });
        yield return ("GPT-2 BPE", gpt2.EncodeText, text => theirGpt2.EncodeToIds(text));

        using var folder = new CopiedFolder(Real("tokenizers/llama2/tokenizer.model"));
        Tokenizer llama2 = Tokenizer.Load(folder.Path);
        using FileStream model = File.OpenRead(Real("tokenizers/llama2/tokenizer.model"));
        LlamaTokenizer theirLlama2 = LlamaTokenizer.Create(model, addBeginOfSentence: false, addEndOfSentence: false);
        yield return ("Llama 2 SentencePiece", llama2.EncodeText, text => theirLlama2.EncodeToIds(text));

        Tokenizer llama3 = Tokenizer.Load(Real("tokenizers/llama3"), new TokenizerOptions { Family = TokenizerFamily.Llama3 });
        TiktokenTokenizer theirLlama3 = TiktokenTokenizer.Create(
            Real("tokenizers/llama3/tokenizer.model"),
            new RegexPreTokenizer(
                new Regex(
                    @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+", RegexOptions.Compiled),
                null),
            null);
        yield return ("Llama 3 tiktoken", llama3.EncodeText, text => theirLlama3.EncodeToIds(text));
    }

    private static double Seconds(Func<string, IReadOnlyList<int>> encode, string text)
    {
        long start = Stopwatch.GetTimestamp();
        _ = encode(text);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>About 1 MB of invented sentences in many scripts, with numbers, emoji and letters above U+FFFF.</summary>
    private static string UnicodeText()
    {
        string[] sentences =
        [
            "Grüße aus Velmora, wo 1871 der Leuchtturm brannte. ", "Кто держит гавань Велморы? ", "港の朝は六時に始まる。", "我想在港口工作1314天～",
            "Ελλάδα και η θάλασσα, 42 πλοία. ", "الميناء يفتح في السادسة. ", "बंदरगाह छह बजे खुलता है। ", "🦀🦀 naïve café 👩‍👩‍👧 ", "Cửa Việt, 3.14159; ", "\U00020000\U00020001 𝟎𝟏 𐐀𐐁 ",
        ];
        var random = new Random(7);
        var text = new StringBuilder();
        while (text.Length < 600_000)
        {
            text.Append(sentences[random.Next(sentences.Length)]).Append(random.Next(12) == 0 ? "\n" : "").Append(random.Next(5) == 0 ? $"{random.Next(100_000)} " : "");
        }

        return text.ToString();
    }

    private static string Real(string path) =>
        Path.Combine(Environment.GetEnvironmentVariable("OPENLEDGER_REAL_DATA") ?? Path.Combine("..", "shared", "data"), path);

    /// <summary>A folder with one file, so that it is the one that is read.</summary>
    private sealed class CopiedFolder : IDisposable
    {
        public CopiedFolder(string file)
        {
            Path = Directory.CreateTempSubdirectory("openledger-bars-").FullName;
            File.Copy(file, System.IO.Path.Combine(Path, System.IO.Path.GetFileName(file)));
        }

        public string Path { get; }

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
