using OpenLedger.Lora.Adapters;
using OpenLedger.Lora.Training.Autograd;
using OpenLedger.Lora.Training.Data;
using OpenLedger.Lora.Training.FineTuning;
using PayableAi.Input;

namespace PayableAi.Steps;

/// <summary>What training produced. Owns the tensors that attribution needs afterwards.</summary>
internal sealed record FineTuned(
    TorchDecoder Model, TorchLora Tensors, LoraAdapter Adapter, string AdapterFolder, IReadOnlyDictionary<string, IReadOnlyList<TrainingExample>> Examples,
    TrainingStarted Started, TrainingCompleted Completed, IReadOnlyList<TrainingStepCompleted> Steps) : IDisposable
{
    public void Dispose()
    {
        Tensors.Dispose();
        Model.Dispose();
    }
}

/// <summary>Step 2: a LoRA fine-tune of the base model on the accepted records.</summary>
internal sealed class FineTune(string baseModelFolder, InstructionEncoder encoder, int seed, int? maxSteps)
{
    public static FineTuningOptions Recipe(int seed, int? maxSteps) => new()
    {
        Epochs = 20,
        MaxSteps = maxSteps,
        BatchSize = 16,
        LearningRate = 2e-3,
        Lora = new LoraConfig { Rank = 16, Alpha = 32, TargetModules = TargetModules.AllLinear, BaseModelNameOrPath = "base-model" },
        Seed = seed,
    };

    public async Task<FineTuned> RunAsync(
        IReadOnlyList<AcceptedRecord> records, IReadOnlyList<HeldOutQuestion> heldOut, string adapterFolder,
        Action<TrainingEvent> progress, CancellationToken cancellationToken)
    {
        Dictionary<string, IReadOnlyList<TrainingExample>> examples = records.ToDictionary(r => r.Line.Id, Examples, StringComparer.Ordinal);
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
            return new FineTuned(model, TorchLora.From(adapter), adapter, adapterFolder, examples, started!, completed!, steps);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    private IReadOnlyList<TrainingExample> Examples(AcceptedRecord record) => record.Question is { } question
        ? [encoder.Question(record.Line.Id, question, record.Answer!)]
        : encoder.Prose(record.Line.Id, record.Text);
}
