namespace OpenLedger.Lora.Training.Augmentation;

/// <summary>How exercises are written.</summary>
public sealed record ExerciseWriterOptions
{
    /// <summary>Exercises that are tried per text; what is unusable or a repetition is dropped.</summary>
    /// <value>Default 8; 1 to 64.</value>
    public int Attempts { get; init; } = 8;

    /// <summary>Sampling temperature.</summary>
    /// <value>Default 0.9; above 0, at most 2.</value>
    public double Temperature { get; init; } = 0.9;

    /// <summary>Nucleus of the sampling.</summary>
    /// <value>Default 0.95; above 0, at most 1.</value>
    public double TopP { get; init; } = 0.95;

    /// <summary>Most tokens of one exercise.</summary>
    /// <value>Default 48; 4 to 1024.</value>
    public int MaxTokens { get; init; } = 48;

    /// <summary>How much less likely, in nats, the way back from an exercise may be than from the best one; what drifted further is dropped.</summary>
    /// <value>Default 3; above 0; infinity keeps everything.</value>
    public double MaxDrift { get; init; } = 3;

    /// <summary>Seed; together with a text's position it decides what is written, whatever the number of threads.</summary>
    /// <value>Default 0.</value>
    public int Seed { get; init; }

    /// <summary>Reports every fault at once.</summary>
    /// <exception cref="ArgumentException">A value is out of range; the message lists each with its legal range.</exception>
    public void Validate()
    {
        List<string> faults = [];
        if (Attempts is < 1 or > 64)
        {
            faults.Add($"{nameof(Attempts)} is {Attempts}, legal is 1 to 64");
        }

        if (!(Temperature > 0 && Temperature <= 2))
        {
            faults.Add($"{nameof(Temperature)} is {Temperature}, legal is above 0, at most 2");
        }

        if (!(TopP > 0 && TopP <= 1))
        {
            faults.Add($"{nameof(TopP)} is {TopP}, legal is above 0, at most 1");
        }

        if (!(MaxDrift > 0))
        {
            faults.Add($"{nameof(MaxDrift)} is {MaxDrift}, legal is above 0");
        }

        if (MaxTokens is < 4 or > 1024)
        {
            faults.Add($"{nameof(MaxTokens)} is {MaxTokens}, legal is 4 to 1024");
        }

        if (faults.Count > 0)
        {
            throw new ArgumentException($"Exercise options: {string.Join("; ", faults)}.");
        }
    }
}
