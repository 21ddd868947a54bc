using OpenLedger.Lora.Training.FineTuning;
using PayableAi.Reporting;

namespace PayableAi.Commands;

/// <summary>Turns training events into the progress bar.</summary>
internal sealed class ProgressTeller(ConsoleStory story)
{
    private long _tokens;

    public void Tell(TrainingEvent happened)
    {
        if (happened is TrainingStepCompleted step)
        {
            _tokens += step.Tokens;
            story.Progress(step.Step, step.TotalSteps, step.Loss, _tokens / Math.Max(step.Elapsed.TotalSeconds, 1e-3), step.Elapsed);
        }
    }
}
