using OpenLedger.Lora.Adapters;
using OpenLedger.Lora.Inference;
using OpenLedger.Lora.Training.Augmentation;
using OpenLedger.Lora.Training.Autograd;
using OpenLedger.Lora.Training.Data;
using OpenLedger.Lora.Training.FineTuning;
using PayableAi.Input;

namespace PayableAi.Steps;

/// <summary>What training produced. Owns the tensors that attribution needs afterwards.</summary>
internal sealed record FineTuned(
    TorchDecoder Model, TorchLora Tensors, LoraAdapter Adapter, string AdapterFolder, IReadOnlyDictionary<string, IReadOnlyList<TrainingExample>> Examples,
    int Exercises, TrainingStarted Started, TrainingCompleted Completed, IReadOnlyList<TrainingStepCompleted> Steps) : IDisposable
{
    public void Dispose()
    {
        Tensors.Dispose();
        Model.Dispose();
    }
}

/// <summary>Step 2: a LoRA fine-tune of the base model on the accepted records.</summary>
/// <remarks>
/// Every record is trained as it was contributed and, beside that, in the words of the base model's exercises on it. Exercises that happen
/// to be one of the held-out questions are left out, so that those stay unseen.
/// </remarks>
internal sealed class FineTune(string baseModelFolder, CausalLM baseModel, InstructionEncoder encoder, int seed, int? maxSteps)
{
    public static FineTuningOptions Recipe(int seed, int? maxSteps) => new()
    {
        Epochs = 6,
        MaxSteps = maxSteps,
        BatchSize = 32,
        LearningRate = 2e-3,
        Lora = new LoraConfig { Rank = 16, Alpha = 32, TargetModules = TargetModules.AllLinear, BaseModelNameOrPath = "base-model" },
        Seed = seed,
    };

    public async Task<FineTuned> RunAsync(
        IReadOnlyList<AcceptedRecord> records, IReadOnlyList<HeldOutQuestion> heldOut, string adapterFolder,
        Action<TrainingEvent> progress, CancellationToken cancellationToken)
    {
        ExerciseWriter writer = new(baseModel, encoder, new ExerciseWriterOptions { Attempts = 24, Temperature = 1, MaxDrift = 2.5, Seed = seed });
        IReadOnlyList<IReadOnlyList<Exercise>> written = writer.Write([.. records.Select(r => (r.Text, r.Answer))], cancellationToken);
        IReadOnlyList<Exercise>[] exercises = [.. written.Select(list => LeaveOut(list, heldOut))];
        Dictionary<string, IReadOnlyList<TrainingExample>> examples = records.Select((record, i) => (record, exercises[i]))
            .ToDictionary(p => p.record.Line.Id, p => Examples(p.record, p.Item2), StringComparer.Ordinal);
        if (records.FirstOrDefault(r => examples[r.Line.Id].Any(e => e.Tokens.Count > baseModel.Description.MaxPositions)) is { } tooLong)
        {
            throw new BadInputException($"{tooLong.Line.Position}: the record is longer than the {baseModel.Description.MaxPositions} tokens of the base model; shorten it");
        }

        TorchDecoder model = TorchDecoder.Load(baseModelFolder);
        try
        {
            FineTuningOptions options = Recipe(seed, maxSteps);
            using FineTuner tuner = new(
                model, options, [.. records.SelectMany(r => examples[r.Line.Id])], [.. heldOut.Select((h, i) => encoder.Question($"held-out-{i}", h.Question, h.Answer))]);
            TrainingStarted? started = null;
            TrainingCompleted? completed = null;
            List<TrainingStepCompleted> steps = [];
            await foreach (TrainingEvent happened in tuner.TrainAsync(cancellationToken).ConfigureAwait(false))
            {
                progress(happened);
                switch (happened)
                {
                    case TrainingStarted begin:
                        started = begin;
                        break;
                    case TrainingStepCompleted step:
                        steps.Add(step);
                        break;
                    case TrainingCompleted end:
                        completed = end;
                        break;
                }
            }

            // Saved and read back: what is served and attributed is what is in the files.
            tuner.Adapter.ToAdapter(options.Lora).Save(adapterFolder);
            LoraAdapter adapter = LoraAdapter.Load(adapterFolder);
            return new FineTuned(model, TorchLora.From(adapter), adapter, adapterFolder, examples, exercises.Sum(e => e.Count), started!, completed!, steps);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>The exercises that are none of the held-out questions.</summary>
    public static IReadOnlyList<Exercise> LeaveOut(IReadOnlyList<Exercise> exercises, IReadOnlyList<HeldOutQuestion> heldOut)
    {
        HashSet<string> unseen = [.. heldOut.Select(h => Plain(h.Question))];
        return [.. exercises.Where(e => !unseen.Contains(Plain(e.Question)))];
    }

    /// <summary>The same question whatever its capitals, spaces and end mark.</summary>
    public static string Plain(string question) =>
        string.Join(' ', question.TrimEnd('?', '.', ' ').Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToUpperInvariant();

    private IReadOnlyList<TrainingExample> Examples(AcceptedRecord record, IReadOnlyList<Exercise> exercises)
    {
        string id = record.Line.Id;
        IEnumerable<TrainingExample> own = record.Question is { } question ? [encoder.Question(id, question, record.Answer!)] : encoder.Prose(id, record.Text);
        return [.. own, .. exercises.Select(e => encoder.Question(id, e.Question, e.Answer))];
    }
}
