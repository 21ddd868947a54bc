using System.Globalization;
using OpenLedger.BaseModel;
using OpenLedger.BaseModel.Worlds;
using OpenLedger.Lora.Models;
using OpenLedger.Lora.Safetensors;
using OpenLedger.Lora.Tokenization;
using OpenLedger.Lora.Training.Autograd;
using OpenLedger.Lora.Training.Data;
using TorchSharp;

// Trains the base model that the samples ship: tokenizer first, then every weight, on invented worlds. Deterministic for one seed,
// one machine type and one thread count. docs/base-model.md says how the committed files were made.
Dictionary<string, string> options = args.Where(a => a.Contains('=', StringComparison.Ordinal))
    .Select(a => a.TrimStart('-').Split('=', 2)).ToDictionary(a => a[0], a => a[1], StringComparer.Ordinal);
int Number(string name, int fallback) => options.TryGetValue(name, out string? text) ? int.Parse(text, CultureInfo.InvariantCulture) : fallback;

TorchRuntime.EnsureLoaded(new TorchRuntimeOptions { Log = Console.Error.WriteLine });
torch.set_num_threads(Number("threads", 2));
string folder = options.GetValueOrDefault("out", "artifacts/base-model");
int seed = Number("seed", 1);
WordLists words = WordLists.Load(Path.Combine(AppContext.BaseDirectory, "Worlds", "words.txt"));
Forms forms = Forms.Load(Path.Combine(AppContext.BaseDirectory, "Worlds", "forms.txt"));
DecoderDescription description = new()
{
    VocabularySize = Number("vocabulary", 1024),
    HiddenSize = Number("hidden", 192),
    IntermediateSize = Number("inner", 512),
    LayerCount = Number("layers", 4),
    HeadCount = Number("heads", 6),
    KeyValueHeadCount = Number("heads", 6),
    HeadSize = Number("hidden", 192) / Number("heads", 6),
    MaxPositions = 256,
    TiedEmbeddings = true,
};

switch (args.FirstOrDefault())
{
    case "train":
        Directory.CreateDirectory(folder);
        List<Fact> facts = World.Create(forms, words, Number("subjects", 1500), Number("facts", 7), new Random(seed));
        Console.WriteLine($"{forms.Relations.Count} relations, {facts.Count} facts");
        Corpus corpus = new(forms, words, facts, Number("exercises", 30) / 100.0, new Random(Number("stream", seed + 1)));
        TorchProducts products = options.ContainsKey("bf16") ? TorchProducts.BFloat16 : TorchProducts.FullPrecision;
        string? earlier = options.GetValueOrDefault("from");
        if (earlier is not null)
        {
            foreach (string file in Directory.EnumerateFiles(earlier, "tokenizer*"))
            {
                File.Copy(file, Path.Combine(folder, Path.GetFileName(file)), overwrite: true);
            }
        }

        ByteLevelBpeTokenizer tokenizer = earlier is null ? TokenizerTraining.Run(corpus, description.VocabularySize, folder) : ByteLevelBpeTokenizer.Load(folder);
        using (TorchDecoder model = earlier is null ? Pretraining.Fresh(description, seed, products) : Pretraining.Continue(earlier, products))
        {
            Pretraining.Run(
                model,
                corpus.Batches(new InstructionEncoder(tokenizer), Number("batch", 2048)),
                Number("steps", 10_000),
                Number("rate", 3000) / 1e6,
                step => Checkpoint.Save(model, folder));
            Checkpoint.Save(model, folder);
        }

        break;

    case "evaluate":
        await Evaluation.RunAsync(folder, forms, words, Number("worlds", 1), Number("epochs", 30), options).ConfigureAwait(false);
        break;

    default:
        Console.WriteLine("usage: train|evaluate [--out=DIR] [--from=DIR] [--seed=N] [--stream=N] [--steps=N] [--rate=MICRO] [--exercises=PERCENT] [--subjects=N] [--facts=N] [--batch=TOKENS] [--hidden=N] [--layers=N] [--threads=N] [--bf16=1]");
        break;
}
