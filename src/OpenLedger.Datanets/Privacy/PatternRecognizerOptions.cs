namespace OpenLedger.Datanets.Privacy;

/// <summary>What the matches of a <see cref="PatternRecognizer"/> are worth.</summary>
public sealed record PatternRecognizerOptions
{
    /// <summary>Score of a match without a check.</summary>
    /// <value>0.5; 0 to 1.</value>
    public double Score { get; init; } = 0.5;

    /// <summary>Added when a supporting word is near.</summary>
    /// <value>0.35; 0 to 1.</value>
    public double ContextBoost { get; init; } = 0.35;

    /// <summary>Taken away when a contradicting word is near.</summary>
    /// <value>0.6; 0 to 1.</value>
    public double ContextPenalty { get; init; } = 0.6;

    /// <summary>The words, or <see langword="null"/> for none.</summary>
    /// <value><see langword="null"/>.</value>
    public ContextWords? Context { get; init; }

    /// <summary>A check, for example of a check digit: a value that passes has score 1, one that fails is dropped.</summary>
    /// <value><see langword="null"/>: no check. Called by many threads at once.</value>
    public Func<string, bool>? IsValid { get; init; }

    /// <summary>Throws when a value is illegal, naming every fault.</summary>
    /// <exception cref="ArgumentException">A value is outside its range.</exception>
    public void Validate()
    {
        List<string> faults = [];
        Check(nameof(Score), Score);
        Check(nameof(ContextBoost), ContextBoost);
        Check(nameof(ContextPenalty), ContextPenalty);
        if (faults.Count > 0)
        {
            throw new ArgumentException(string.Join(" ", faults));
        }

        void Check(string name, double value)
        {
            if (!(value is >= 0 and <= 1))
            {
                faults.Add($"{name} is {value}; it must be from 0 to 1.");
            }
        }
    }
}
