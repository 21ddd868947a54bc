namespace OpenLedger.Lora.Training.FineTuning;

/// <summary>Something that happened during training. The hierarchy is closed: match on the four records below.</summary>
public abstract record TrainingEvent
{
    private protected TrainingEvent()
    {
    }
}
