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
    HiddenSize = Number("hidden", 256),
    IntermediateSize = Number("inner", 688),
    LayerCount = Number("layers", 4),
    HeadCount = Number("heads", 4),
    KeyValueHeadCount = Number("heads", 4),
    HeadSize = Number("hidden", 256) / Number("heads", 4),
    MaxPositions = 256,
    TiedEmbeddings = true,
};

switch (args.FirstOrDefault())
{
    case "train":
        Directory.CreateDirectory(folder);
        List<Fact> facts = World.Create(forms, words, Number("subjects", 2500), Number("facts", 7), new Random(seed));
        Console.WriteLine($"{forms.Relations.Count} relations, {facts.Count} facts");
        Corpus corpus = new(forms, words, facts, new Random(seed + 1));
        ByteLevelBpeTokenizer tokenizer = TokenizerTraining.Run(corpus, description.VocabularySize, folder);
        using (TorchDecoder model = Pretraining.Fresh(description, seed, options.ContainsKey("bf16") ? TorchProducts.BFloat16 : TorchProducts.FullPrecision))
        {
            InstructionEncoder encoder = new(tokenizer);
            Pretraining.Run(
                model,
                corpus.Batches(encoder, Number("batch", 3072)),
                Number("steps", 4000),
                step => Checkpoint.Save(model, folder));
            Checkpoint.Save(model, folder);
        }

        break;

    case "evaluate":
        await Evaluation.RunAsync(folder, forms, words, Number("worlds", 1), Number("epochs", 30), options).ConfigureAwait(false);
        break;

    default:
        Console.WriteLine("usage: train|evaluate [--out=DIR] [--seed=N] [--steps=N] [--subjects=N] [--facts=N] [--batch=TOKENS] [--hidden=N] [--layers=N]");
        break;
}
