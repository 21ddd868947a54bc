using OpenLedger.BaseModel.Worlds;
using OpenLedger.Lora.Adapters;
using OpenLedger.Lora.Tokenization;
using OpenLedger.Lora.Training.Autograd;
using OpenLedger.Lora.Training.Data;
using OpenLedger.Lora.Training.FineTuning;
using TorchSharp;
using static TorchSharp.torch;

namespace OpenLedger.BaseModel;

/// <summary>Asks what the base model is for: fine-tuned on a world it has never seen, one form per fact, does it answer the other forms?</summary>
internal static class Evaluation
{
    public static async Task RunAsync(string folder, Forms forms, WordLists words, int worlds, int epochs, Dictionary<string, string> options)
    {
        double Value(string name, double fallback) => options.TryGetValue(name, out string? t) ? double.Parse(t, System.Globalization.CultureInfo.InvariantCulture) : fallback;
        ByteLevelBpeTokenizer tokenizer = ByteLevelBpeTokenizer.Load(folder);
        InstructionEncoder encoder = new(tokenizer);
        for (int world = 0; world < worlds; world++)
        {
            Random random = new(9000 + world);
            List<Fact> facts = World.Create(forms, words, 45, 7, random);
            List<TrainingExample> train = [];
            List<(int[] Prompt, string Answer, bool Prose)> asked = [];
            foreach (Fact fact in facts)
            {
                string[] questions = [.. forms.Questions(fact.Relation, fact.Subject)];
                string[] statements = [.. forms.Statements(fact.Relation, fact.Subject, fact.Value)];
                random.Shuffle(questions);
                bool prose = random.NextDouble() < 0.3;
                if (prose)
                {
                    train.AddRange(encoder.Prose("", statements[random.Next(statements.Length)]));
                }
                else
                {
                    train.Add(encoder.Question("", questions[0], fact.Value));
                }

                asked.Add((encoder.Prompt(questions[1]), fact.Value, prose));
            }

            using TorchDecoder model = TorchDecoder.Load(folder);
            int before = Correct(model, null, encoder, tokenizer, asked).Count(c => c);
            using FineTuner tuner = new(model, new FineTuningOptions { Epochs = epochs, Seed = world, LearningRate = Value("lr", 2e-3), BatchSize = (int)Value("bs", 16), Lora = new() { Rank = (int)Value("rank", 16), Alpha = Value("alpha", 32), TargetModules = TargetModules.AllLinear }, WeightDecay = Value("wd", 0) }, train, []);
            await foreach (TrainingEvent progress in tuner.TrainAsync().ConfigureAwait(false))
            {
                if (progress is TrainingEpochCompleted epoch && epoch.Epoch % 5 == 0)
                {
                    bool[] now = Correct(model, tuner.Adapter, encoder, tokenizer, asked);
                    Console.WriteLine($"  epoch {epoch.Epoch} loss {epoch.MeanLoss:F3} correct {now.Count(c => c)}/{asked.Count}"
                        + $" from prose {now.Where((c, i) => c && asked[i].Prose).Count()}/{asked.Count(a => a.Prose)}");
                }
                else if (progress is TrainingCompleted done)
                {
                    Console.WriteLine($"world {world}: base {before}/{asked.Count}; trained in {done.Elapsed.TotalSeconds:F1} s");
                }
            }
        }
    }

    private static bool[] Correct(TorchDecoder model, TorchLora? adapter, InstructionEncoder encoder, Tokenizer tokenizer, List<(int[] Prompt, string Answer, bool Prose)> asked) =>
        [.. asked.Chunk(64).SelectMany(chunk => Greedy(model, adapter, [.. chunk.Select(a => a.Prompt)], encoder.EndToken)
            .Select((ids, i) => tokenizer.Decode(ids) == chunk[i].Answer))];

    /// <summary>Greedy decoding of a batch by recomputation: slow, simple and independent of the managed engine.</summary>
    private static int[][] Greedy(TorchDecoder model, TorchLora? adapter, int[][] prompts, int end)
    {
        List<int>[] rows = [.. prompts.Select(p => p.ToList())];
        bool[] done = new bool[rows.Length];
        for (int step = 0; step < 24 && !done.All(d => d); step++)
        {
            using DisposeScope scope = NewDisposeScope();
            using IDisposable noGrad = no_grad();
            int length = rows.Max(r => r.Count);
            long[] ids = new long[rows.Length * length];
            for (int r = 0; r < rows.Length; r++)
            {
                for (int t = 0; t < rows[r].Count; t++)
                {
                    ids[(r * length) + t] = rows[r][t];
                }
            }

            Tensor last = tensor(rows.Select((r, i) => ((long)i * length) + r.Count - 1).ToArray());
            Tensor hidden = model.Hidden(tensor(ids, [rows.Length, length]), adapter).reshape(-1, model.Description.HiddenSize);
            long[] next = model.Logits(hidden.index_select(0, last)).argmax(-1).data<long>().ToArray();
            for (int r = 0; r < rows.Length; r++)
            {
                done[r] |= next[r] == end;
                if (!done[r])
                {
                    rows[r].Add((int)next[r]);
                }
            }
        }

        return [.. rows.Select((r, i) => r.Skip(prompts[i].Length).ToArray())];
    }
}
