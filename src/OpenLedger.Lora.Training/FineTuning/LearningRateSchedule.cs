namespace OpenLedger.Lora.Training.FineTuning;

/// <summary>What the learning rate does after the warm-up.</summary>
public enum LearningRateSchedule
{
    /// <summary>Decays along half a cosine from the peak to a tenth of it.</summary>
    Cosine,

    /// <summary>Stays at the peak.</summary>
    Constant,
}
